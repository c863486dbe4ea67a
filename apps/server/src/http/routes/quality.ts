import { randomBytes } from 'node:crypto'
import { DAY } from '@firebreak/kernel'
import {
  disagreements,
  makeGolden,
  OUTCOMES,
  ownDecisions,
  qualityReport,
  resolveDisagreement,
  reviewSettingsSchema,
  STATEMENT_LANGUAGES,
  statementFor,
} from '@firebreak/review'
import { z } from 'zod'
import { reviewerOf } from '../../access/reviewer.ts'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'

const params = z.object({ id: z.string().min(1).max(100) })
const golden = z.strictObject({
  job: z.string().min(1).max(100),
  outcome: z.enum(OUTCOMES),
  policy: z.string().min(1).max(200),
})

/** Agreement of decisions, disagreements, golden items; what became of one's own decisions; statements of reasons. */
export function qualityRoutes(app: App): void {
  app.get(
    '/v1/review/settings',
    { config: { needs: 'review:manage' }, schema: { summary: 'Budgets, sampling, undo window, who is paged' } },
    (request) => signedIn(request).instance.reports.desk.settings,
  )

  app.put(
    '/v1/review/settings',
    {
      config: { needs: 'review:manage' },
      schema: { summary: 'Set them; what is left out is the default', body: reviewSettingsSchema },
    },
    async (request) => {
      const { instance, caller } = signedIn(request)
      await instance.reports.setSettings(request.body, caller.principal)
      return instance.reports.desk.settings
    },
  )

  app.get(
    '/v1/quality',
    {
      config: { needs: 'review:manage' },
      schema: {
        summary: "Cohen's kappa with intervals, by policy and week; golden items; names nobody",
        querystring: z.object({ days: z.coerce.number().int().min(1).max(730).default(90) }),
      },
    },
    (request) => {
      const { instance } = signedIn(request)
      return qualityReport(instance.ledger.db, instance.clock() - request.query.days * DAY)
    },
  )

  app.get(
    '/v1/quality/disagreements',
    { config: { needs: 'review:manage' }, schema: { summary: 'Second looks that found otherwise' } },
    async (request) => ({ disagreements: await disagreements(signedIn(request).instance.ledger.db, 200) }),
  )

  app.post(
    '/v1/quality/disagreements/:id/resolve',
    {
      config: { needs: 'review:manage' },
      schema: {
        summary: 'Which was right',
        params,
        body: z.strictObject({ verdict: z.enum(['first', 'second', 'both']) }),
      },
    },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      await resolveDisagreement(instance.ledger, request.params.id, reviewerOf(caller), request.body.verdict)
      return reply.code(204).send()
    },
  )

  app.post(
    '/v1/quality/golden',
    { config: { needs: 'review:manage' }, schema: { summary: 'Make a decided job a golden item', body: golden } },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const id = randomBytes(12).toString('base64url')
      await makeGolden(instance.ledger, request.body, reviewerOf(caller), id)
      return reply.code(201).send({ id })
    },
  )

  app.get(
    '/v1/decisions/mine',
    { config: { needs: 'review' }, schema: { summary: 'Own decisions and what became of them' } },
    async (request) => {
      const { instance, caller } = signedIn(request)
      return { decisions: await ownDecisions(instance.ledger.db, caller.principal.id, 100) }
    },
  )

  app.get(
    '/v1/decisions/:id/statement',
    {
      config: { needs: 'review' },
      schema: {
        summary: 'The statement of reasons for the affected person, in plain language',
        params,
        querystring: z.object({ language: z.enum(STATEMENT_LANGUAGES).optional() }),
      },
    },
    (request) => {
      const { instance, caller } = signedIn(request)
      return statementFor(instance.ledger, request.params.id, reviewerOf(caller), request.query.language)
    },
  )
}
