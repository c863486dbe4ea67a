import { z } from 'zod'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'

/** Canaries: what the last one of every surface found. */
export function canaryRoutes(app: App): void {
  app.get(
    '/v1/canaries',
    { config: { needs: 'read' }, schema: { summary: 'The last canary of every live surface, and the alarm' } },
    async (request) => {
      const { canaries } = signedIn(request).instance
      const [surfaces, alarm] = await Promise.all([canaries.latest(), canaries.alarm()])
      return { surfaces, alarm }
    },
  )

  app.post(
    '/v1/canaries',
    { config: { needs: 'review:manage' }, schema: { summary: 'Send one through every live surface now' } },
    async (request) => {
      const { canaries } = signedIn(request).instance
      await canaries.round()
      const [surfaces, alarm] = await Promise.all([canaries.latest(), canaries.alarm()])
      return { surfaces, alarm }
    },
  )

  app.put(
    '/v1/canaries/term',
    {
      config: { needs: 'review:manage' },
      schema: {
        summary: 'The live lexicon entry that canaries carry (null: none); kept sealed',
        body: z.strictObject({ text: z.string().trim().min(3).max(200).nullable() }),
      },
    },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      await instance.canaryTerm.set(request.body.text, caller.principal)
      return reply.code(204).send()
    },
  )
}
