import { closeReferral, openReferrals } from '@firebreak/enforcement'
import { z } from 'zod'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'

const params = z.object({ id: z.string().min(1).max(100) })
const done = z.strictObject({ note: z.string().trim().min(3).max(1_000) })

/** What decisions asked for that somebody carries on by hand: a term or link to list, a report to an authority, a case to open. */
export function referralRoutes(app: App): void {
  app.get(
    '/v1/referrals',
    { config: { needs: 'review:manage' }, schema: { summary: 'Parts of decisions that wait for a human' } },
    async (request) => ({ referrals: await openReferrals(signedIn(request).instance.ledger) }),
  )

  app.post(
    '/v1/referrals/:id/done',
    { config: { needs: 'review:manage' }, schema: { summary: 'It was carried on', params, body: done } },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const at = new Date(instance.clock()).toISOString()
      await closeReferral(instance.ledger, request.params.id, request.body.note, caller.principal, at)
      return reply.code(204).send()
    },
  )
}
