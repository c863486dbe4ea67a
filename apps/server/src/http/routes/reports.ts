import { readBooks, reportFrom, reportSchema, rowsOf } from '@firebreak/intake'
import { FirebreakError } from '@firebreak/kernel'
import { publicOutcome, routingRuleSchema } from '@firebreak/review'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'

const receiptParams = z.object({ receipt: z.string().min(10).max(200) })
const rules = z.strictObject({ rules: z.array(routingRuleSchema).min(1).max(200) })

/** The caller's idempotency key, if any. */
export function idempotencyOf(request: FastifyRequest, caller: string): { caller: string; key: string } | undefined {
  const key = request.headers['idempotency-key']
  if (key === undefined) return undefined
  if (typeof key !== 'string' || !/^[\x21-\x7e]{1,200}$/.test(key))
    throw new FirebreakError('input/invalid', ['Idempotency-Key is 1 to 200 printable characters'])
  return { caller, key }
}

/** Reports in: acknowledged after one commit; the books; receipts; routing. */
export function reportRoutes(app: App): void {
  app.post(
    '/v1/reports',
    {
      config: { needs: 'reports:write' },
      schema: {
        summary: 'A report; 201 with a receipt after it is durable. Idempotent by the header Idempotency-Key',
        body: reportSchema,
      },
    },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const { id } = caller.principal
      const { repeated, ...receipt } = await instance.reports.intake.submit(
        reportFrom(request.body, caller.name),
        idempotencyOf(request, id),
      )
      return reply.code(201).send({ ...receipt, repeated })
    },
  )

  app.get(
    '/v1/reports/books',
    { config: { needs: 'read' }, schema: { summary: 'received = open + merged + decided + rejected + dead-lettered' } },
    async (request) => {
      const { instance } = signedIn(request)
      const [books, alarm] = await Promise.all([readBooks(instance.ledger), instance.reports.alarm()])
      return { ...books, alarm }
    },
  )

  app.get(
    '/v1/receipts/:receipt',
    {
      config: { needs: 'anonymous' },
      schema: { summary: 'What became of a report, for whoever holds its receipt', params: receiptParams },
    },
    async (request) => {
      const { instance } = request
      const id = instance?.reports.intake.reportOf(request.params.receipt) ?? null
      const found = instance && id !== null ? await outcomeOf(instance.ledger.db, id) : undefined
      if (found === undefined) throw new FirebreakError('http/not-found', ['report with that receipt'])
      return found
    },
  )

  app.get(
    '/v1/routing',
    { config: { needs: 'read' }, schema: { summary: 'Which report goes into which queue; the first line that fits' } },
    (request) => ({ rules: signedIn(request).instance.reports.rules }),
  )

  app.put(
    '/v1/routing',
    { config: { needs: 'review:manage' }, schema: { summary: 'Replace the routing table', body: rules } },
    async (request) => {
      const { instance, caller } = signedIn(request)
      await instance.reports.setRules(request.body.rules, caller.principal)
      return { rules: instance.reports.rules }
    },
  )
}

type Db = Parameters<typeof rowsOf>[0]

/** What became of a report, as its reporter may know it. */
export async function outcomeOf(db: Db, id: string) {
  const [row] = await rowsOf<{
    state: string
    reason: string | null
    received_at: Date
    outcome: string | null
    settled_at: Date | null
  }>(
    db,
    `select r.state, r.reason, r.received_at, d.outcome, d.settled_at from report r left join lateral (select outcome, settled_at
       from decision where job = r.job and reversed_at is null and settled_at is not null order by decided_at desc limit 1) d on true
     where r.id = $1`,
    [id],
  )
  if (row === undefined) return undefined
  const outcome = row.outcome === null ? null : publicOutcome(row.outcome)
  return {
    reportId: id,
    receivedAt: row.received_at.toISOString(),
    state: row.state === 'rejected' ? 'rejected' : outcome === null ? 'in-review' : 'decided',
    outcome,
    decidedAt: row.settled_at?.toISOString() ?? null,
    reason: row.state === 'rejected' ? row.reason : null,
    /** DSA art. 16(5): how to seek redress. */
    redress: 'You can ask us to look again within six months, or turn to an out-of-court body or a court.',
  }
}
