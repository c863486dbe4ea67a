import { z } from 'zod'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'

const query = z.object({
  afterSeq: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).optional(),
  kind: z.string().max(64).optional(),
})

/** The hash-chained log. */
export function auditRoutes(app: App): void {
  app.get(
    '/v1/audit',
    { config: { needs: 'audit' }, schema: { summary: 'Entries in order', querystring: query } },
    async (request) => {
      const given = Object.fromEntries(Object.entries(request.query).filter(([, value]) => value !== undefined))
      return { entries: await signedIn(request).instance.ledger.audit(given) }
    },
  )

  app.get('/v1/audit/verify', { config: { needs: 'audit' }, schema: { summary: 'Recompute the chain' } }, (request) =>
    signedIn(request).instance.ledger.verify(),
  )
}
