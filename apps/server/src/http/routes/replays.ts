import { z } from 'zod'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'

const params = z.object({ id: z.string().min(1).max(100) })
const body = z.strictObject({
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
  policy: z.looseObject({ settings: z.unknown().optional(), rules: z.unknown().optional() }).optional(),
})

/** The time machine: the past under a changed policy. */
export function replayRoutes(app: App): void {
  app.post(
    '/v1/replays',
    {
      config: { needs: 'guard:write' },
      schema: { summary: 'Replay past days under the policy in force or one given here', body },
    },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const { from, to, policy } = request.body
      const run = await instance.replays.start(
        {
          from: from === undefined ? undefined : Date.parse(from),
          to: to === undefined ? undefined : Date.parse(to),
          policy: policy === undefined ? null : JSON.stringify(policy),
        },
        caller.principal,
      )
      return reply.code(202).send(run)
    },
  )

  app.get(
    '/v1/replays/:id',
    { config: { needs: 'read' }, schema: { summary: 'A replay: running, or its report', params } },
    (request) => signedIn(request).instance.replays.get(request.params.id),
  )
}
