import { PLACES, PRIVATE_PLACES } from '@firebreak/policy'
import { z } from 'zod'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'

const name = z.string().regex(/^(\*|[A-Za-z0-9][A-Za-z0-9_.:@/-]{0,63})$/)
const line = z.strictObject({
  jurisdiction: name,
  surface: z.string().max(64),
  detector: name,
  allowed: z.boolean(),
  ground: z.string().min(1).max(500),
})
const question = z.object({ detector: z.string(), surface: z.string(), jurisdiction: z.string().optional() })

/** Which detector may look where, on what legal ground. */
export function legalBasisRoutes(app: App): void {
  app.get(
    '/v1/legal-basis',
    {
      config: { needs: 'read' },
      schema: { summary: 'Every line ever written, oldest first; the last that fits decides' },
    },
    (request) => ({
      places: PLACES,
      privatePlaces: PRIVATE_PLACES,
      lines: signedIn(request).instance.switchboard.history(),
    }),
  )

  app.get(
    '/v1/legal-basis/decision',
    {
      config: { needs: 'read' },
      schema: { summary: 'Whether a detector may look, and which line says so', querystring: question },
    },
    (request) => {
      const { detector, surface, jurisdiction } = request.query
      return signedIn(request).instance.switchboard.decide(detector, surface, jurisdiction)
    },
  )

  app.get(
    '/v1/legal-basis/export',
    { config: { needs: 'read' }, schema: { summary: 'The history as CSV, to annex to a report' } },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const rows = instance.switchboard.history()
      await instance.ledger.record('legal-basis.exported', { lines: rows.length }, caller.principal)
      const head = ['id', 'at', 'by', 'jurisdiction', 'surface', 'detector', 'allowed', 'ground']
      const cells = rows.map((row) => [
        row.id,
        row.at,
        row.by,
        row.jurisdiction,
        row.surface,
        row.detector,
        row.allowed,
        row.ground,
      ])
      reply.type('text/csv; charset=utf-8').header('content-disposition', 'attachment; filename="legal-basis.csv"')
      return [head, ...cells]
        .map((row) => row.map(cell).join(','))
        .join('\r\n')
        .concat('\r\n')
    },
  )

  app.post(
    '/v1/legal-basis',
    {
      config: { needs: 'legal-basis:write' },
      schema: { summary: 'Write a line; earlier ones stay on record', body: line },
    },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      return reply.code(201).send(await instance.switchboard.set(request.body, caller.principal))
    },
  )
}

/** RFC 4180, one line a cell, and nothing that a spreadsheet would take for a formula. */
function cell(value: string | number | boolean): string {
  const text = String(value).replaceAll(/[\r\n]+/g, ' ')
  const safe = /^[=+\-@\t]/.test(text) ? `'${text}` : text
  return /[",]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
