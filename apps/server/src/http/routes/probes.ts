import { parseProbeDefinition } from '@firebreak/measurement'
import { z } from 'zod'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'

const params = z.object({ id: z.string().min(1).max(100) })
const ask = z.strictObject({ recommender: z.string().min(1).max(2_000).optional(), definition: z.json().optional() })

/** Audit probes on the operator's own recommender. */
export function probeRoutes(app: App): void {
  app.get(
    '/v1/probes',
    { config: { needs: 'read' }, schema: { summary: 'All runs, newest first' } },
    async (request) => ({
      runs: await signedIn(request).instance.probes.list(),
      recommenders: signedIn(request).instance.probes.recommenders,
    }),
  )

  app.post(
    '/v1/probes',
    { config: { needs: 'probes:write' }, schema: { summary: 'Measure what is shown before and after', body: ask } },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const { recommender, definition } = request.body
      const target = {
        recommender,
        definition: definition === undefined ? undefined : parseProbeDefinition(definition),
      }
      const { id } = await instance.probes.start(target, caller.principal)
      return reply.code(202).send({ id })
    },
  )

  app.get('/v1/probes/:id', { config: { needs: 'read' }, schema: { summary: 'One run', params } }, (request) =>
    signedIn(request).instance.probes.run(request.params.id),
  )
}
