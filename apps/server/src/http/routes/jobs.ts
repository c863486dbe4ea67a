import { pseudonymsFrom } from '@firebreak/networks'
import { acknowledge, decisionSchema, OUTCOMES, queueRows, queueSummaries } from '@firebreak/review'
import { z } from 'zod'
import { reviewerOf } from '../../access/reviewer.ts'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'

const queueName = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/)
const params = z.object({ id: z.string().min(1).max(100) })
const reason = z.strictObject({ reason: z.string().trim().min(3).max(1_000) })
const opinion = z.strictObject({
  opinion: z.strictObject({ outcome: z.enum(OUTCOMES), policy: z.string().min(1).max(200) }).optional(),
})
const listQuery = z.object({ queue: queueName.optional(), limit: z.coerce.number().int().min(1).max(200).default(50) })
const nextBody = z.strictObject({ queues: z.array(queueName).min(1).max(50).optional() })
const together = z.strictObject({ jobs: z.array(z.string().max(100)).min(1).max(100), decision: decisionSchema })

/** Queues and jobs: what waits, taking one, and everything that can be done with it. */
export function jobRoutes(app: App): void {
  app.get(
    '/v1/queues',
    { config: { needs: 'review' }, schema: { summary: 'Queues with open jobs' } },
    async (request) => {
      const { instance, caller } = signedIn(request)
      return { queues: await queueSummaries(instance.ledger.db, reviewerOf(caller).lanes, instance.clock()) }
    },
  )

  app.get(
    '/v1/jobs',
    {
      config: { needs: 'review' },
      schema: { summary: 'Open jobs in the order they are given', querystring: listQuery },
    },
    async (request) => {
      const { instance, caller } = signedIn(request)
      const { queue, limit } = request.query
      const query = { limit, ...(queue === undefined ? {} : { queue }) }
      const rows = await queueRows(instance.ledger.db, reviewerOf(caller).lanes, query, instance.clock())
      // Who or what it is about opens with the job: a list is no directory.
      const name = pseudonymsFrom(instance.secrets.pseudonyms)
      return {
        jobs: rows.map(({ subject: { type, id }, ...row }) => ({ ...row, subject: { type, pseudonym: name(id) } })),
      }
    },
  )

  app.post(
    '/v1/jobs/next',
    {
      config: { needs: 'review' },
      schema: { summary: 'Take the most urgent job; null when none waits', body: nextBody },
    },
    async (request) => {
      const { instance, caller } = signedIn(request)
      return { job: await instance.reports.desk.next(reviewerOf(caller), request.body.queues) }
    },
  )

  app.post(
    '/v1/jobs/decide',
    {
      config: { needs: 'review' },
      schema: { summary: 'One decision for jobs in hand about one subject, each with evidence', body: together },
    },
    async (request) => {
      const { instance, caller } = signedIn(request)
      const { jobs, decision } = request.body
      return { decisions: await instance.reports.desk.decideTogether(jobs, reviewerOf(caller), decision) }
    },
  )

  const one = { config: { needs: 'review' as const } }
  app.get('/v1/jobs/:id', { ...one, schema: { summary: 'The dossier of a job in hand', params } }, async (request) => {
    const { instance, caller } = signedIn(request)
    return { job: await instance.reports.desk.dossier(request.params.id, reviewerOf(caller)) }
  })

  app.post('/v1/jobs/:id/take', { ...one, schema: { summary: 'Take a chosen job', params } }, async (request) => {
    const { instance, caller } = signedIn(request)
    return { job: await instance.reports.desk.take(request.params.id, reviewerOf(caller)) }
  })

  app.post('/v1/jobs/:id/heartbeat', { ...one, schema: { summary: 'Still at it', params } }, async (request) => {
    const { instance, caller } = signedIn(request)
    return { heldUntil: await instance.reports.desk.heartbeat(request.params.id, reviewerOf(caller)) }
  })

  app.post(
    '/v1/jobs/:id/decide',
    {
      ...one,
      schema: {
        summary: 'Decide it; with `seen` (reports read) not while more have joined',
        params,
        body: decisionSchema,
        querystring: z.object({ seen: z.coerce.number().int().min(0).optional() }),
      },
    },
    async (request) => {
      const { instance, caller } = signedIn(request)
      return instance.reports.desk.decide(request.params.id, reviewerOf(caller), request.body, request.query.seen)
    },
  )

  app.post(
    '/v1/jobs/:id/acknowledge',
    { ...one, schema: { summary: 'Imminent danger: somebody has it, paging stops', params } },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      await acknowledge(instance.ledger, request.params.id, reviewerOf(caller))
      return reply.code(204).send()
    },
  )

  moveRoutes(app)

  app.post(
    '/v1/decisions/:id/undo',
    { ...one, schema: { summary: 'Within the window: the job is open again', params, body: reason } },
    async (request) => {
      const { instance, caller } = signedIn(request)
      return { job: await instance.reports.desk.undo(request.params.id, reviewerOf(caller), request.body.reason) }
    },
  )

  app.post(
    '/v1/decisions/:id/reverse',
    {
      config: { needs: 'review:manage' },
      schema: { summary: 'After it took effect, by somebody else than the decider', params, body: reason },
    },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      await instance.reports.desk.reverse(request.params.id, reviewerOf(caller), request.body.reason)
      return reply.code(204).send()
    },
  )
}

/** Giving a job in hand on. Each answers 204. */
function moveRoutes(app: App): void {
  const one = { config: { needs: 'review' as const } }
  const plain = ['release', 'skip', 'pass', 'resume'] as const
  for (const verb of plain)
    app.post(
      `/v1/jobs/:id/${verb}`,
      { ...one, schema: { summary: SUMMARIES[verb], params } },
      async (request, reply) => {
        const { instance, caller } = signedIn(request)
        await instance.reports.desk.moves[verb](request.params.id, reviewerOf(caller))
        return reply.code(204).send()
      },
    )
  for (const verb of ['escalate', 'pause'] as const)
    app.post(
      `/v1/jobs/:id/${verb}`,
      { ...one, schema: { summary: SUMMARIES[verb], params, body: reason } },
      async (request, reply) => {
        const { instance, caller } = signedIn(request)
        await instance.reports.desk.moves[verb](request.params.id, reviewerOf(caller), request.body.reason)
        return reply.code(204).send()
      },
    )
  app.post(
    '/v1/jobs/:id/move',
    { ...one, schema: { summary: 'To another queue', params, body: z.strictObject({ queue: queueName }) } },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      await instance.reports.desk.moves.move(request.params.id, reviewerOf(caller), request.body.queue)
      return reply.code(204).send()
    },
  )
  app.post(
    '/v1/jobs/:id/snooze',
    {
      ...one,
      schema: { summary: 'Not before', params, body: z.strictObject({ until: z.iso.datetime({ offset: true }) }) },
    },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      await instance.reports.desk.moves.snooze(request.params.id, reviewerOf(caller), Date.parse(request.body.until))
      return reply.code(204).send()
    },
  )
  app.post(
    '/v1/jobs/:id/colleague',
    { ...one, schema: { summary: 'Ask a colleague; the own view is kept apart', params, body: opinion } },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const given = request.body.opinion ?? null
      await instance.reports.desk.askColleague(request.params.id, reviewerOf(caller), given)
      return reply.code(204).send()
    },
  )
}

const SUMMARIES = {
  release: 'Give it back unchanged',
  skip: 'Not now: others get it, you again in an hour',
  pass: 'Not me: never offered again, no reason asked',
  resume: 'Let the due clock run on',
  escalate: 'To those who decide hard cases',
  pause: 'Stop the due clock, with a reason',
} as const
