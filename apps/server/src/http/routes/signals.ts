import { FirebreakError } from '@firebreak/kernel'
import { z } from 'zod'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'

const MEDIA_LIMIT = 64 * 1_048_576
const idParams = z.object({ id: z.string().min(1).max(64) })
const mediaQuery = z.object({
  content: z.string().min(1).max(256),
  key: z.string().min(1).max(256).default('1'),
  surface: z.string().max(32).optional(),
  jurisdiction: z.string().max(16).optional(),
})
const retryBody = z.strictObject({ errors: z.array(z.string().max(64)).max(50).nullable().default(null) })
const newExchange = z.strictObject({
  name: z.string().min(1).max(64),
  kind: z.string().max(32),
  bank: z.string().min(1).max(64),
  settings: z.record(z.string(), z.unknown()).default({}),
  credentials: z.record(z.string().max(32), z.string().max(4096)).default({}),
})
const exchangeChange = z.strictObject({
  enabled: z.boolean().optional(),
  settings: z.record(z.string(), z.unknown()).optional(),
  credentials: z.record(z.string().max(32), z.string().max(4096)).optional(),
  fromBeginning: z.boolean().optional(),
})
const detectorBody = z.strictObject({
  kind: z.string().max(64),
  settings: z.record(z.string(), z.unknown()),
  key: z.string().max(4096).optional(),
  enabled: z.boolean(),
})
const lookBody = z.strictObject({
  content: z.string().min(1).max(256),
  text: z.string().min(1).max(20_000),
  surface: z.string().max(32).optional(),
  jurisdiction: z.string().max(16).optional(),
})
const outcome = z.strictObject({ content: z.string().min(1).max(256), confirmed: z.boolean() })

/** Media, exchanges and detectors. */
export function signalRoutes(app: App): void {
  mediaRoutes(app)
  exchangeRoutes(app)
  detectorRoutes(app)
}

function mediaRoutes(app: App): void {
  app.get(
    '/v1/signals/status',
    {
      config: { needs: 'read' },
      schema: { summary: 'Media by state, banks, exchanges, detectors: nothing is skipped in silence' },
    },
    (request) => signedIn(request).instance.signals.status(),
  )

  app.post(
    '/v1/signals/retry',
    { config: { needs: 'banks:write' }, schema: { summary: 'Try failed media again', body: retryBody } },
    async (request) => {
      const { instance, caller } = signedIn(request)
      return { media: await instance.signals.content.retry(request.body.errors, caller.principal) }
    },
  )

  app.post(
    '/v1/signals/reopen',
    { config: { needs: 'banks:write' }, schema: { summary: 'Ask again about media without a legal basis' } },
    async (request) => {
      const { instance, caller } = signedIn(request)
      return { media: await instance.signals.content.reopen(caller.principal) }
    },
  )

  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MEDIA_LIMIT }, (_request, body, done) =>
      done(null, body),
    )
    scope.post(
      '/v1/media',
      {
        config: { needs: 'media:write' },
        bodyLimit: MEDIA_LIMIT,
        schema: {
          summary: "One medium of a content, as the request's body; compared, and not kept",
          querystring: mediaQuery,
        },
      },
      async (request, reply) => {
        const { instance, caller } = signedIn(request)
        const { content, key, surface, jurisdiction } = request.query as z.infer<typeof mediaQuery>
        if (!Buffer.isBuffer(request.body) || request.body.length === 0)
          throw new FirebreakError('http/body', ['no bytes were sent'])
        const place = { surface: surface ?? null, jurisdiction: jurisdiction ?? null }
        const answer = await instance.signals.content.upload(
          { content, key, bytes: request.body, ...place },
          caller.principal,
        )
        return reply.code(201).send(answer)
      },
    )
  })
}

function exchangeRoutes(app: App): void {
  app.get(
    '/v1/exchanges',
    { config: { needs: 'read' }, schema: { summary: 'Sources of shared hashes, how fresh, how they fare' } },
    async (request) => {
      const { exchanges } = signedIn(request).instance.signals
      return { exchanges: await exchanges.list(), feedback: await exchanges.feedbackCounts() }
    },
  )

  app.post(
    '/v1/exchanges',
    { config: { needs: 'banks:write' }, schema: { summary: 'Read a source into a bank', body: newExchange } },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const { credentials, ...rest } = request.body
      await instance.signals.exchanges.create({ ...rest, secrets: credentials }, caller.principal)
      return reply.code(201).send({ name: rest.name })
    },
  )

  app.patch(
    '/v1/exchanges/:id',
    {
      config: { needs: 'banks:write' },
      schema: {
        summary: 'Switch, settings, credentials, or read again from the beginning',
        params: idParams,
        body: exchangeChange,
      },
    },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const { credentials, enabled, settings, fromBeginning } = request.body
      await instance.signals.exchanges.change(
        request.params.id,
        {
          ...(enabled === undefined ? {} : { enabled }),
          ...(settings === undefined ? {} : { settings }),
          ...(credentials === undefined ? {} : { secrets: credentials }),
          ...(fromBeginning === undefined ? {} : { fromBeginning }),
        },
        caller.principal,
      )
      return reply.code(204).send()
    },
  )

  app.post(
    '/v1/exchanges/:id/run',
    { config: { needs: 'banks:write' }, schema: { summary: 'Read it now', params: idParams } },
    async (request) => {
      const { exchanges } = signedIn(request).instance.signals
      const { id } = request.params
      if (!(await exchanges.list()).some(({ name }) => name === id))
        throw new FirebreakError('http/not-found', [`exchange ${id}`])
      const round = await exchanges.run(id)
      if (round === null) throw new FirebreakError('http/conflict', ['it is being read just now'])
      return round
    },
  )

  app.get(
    '/v1/exchanges/:id/malformed',
    { config: { needs: 'read' }, schema: { summary: 'Records that could not be read, by reason', params: idParams } },
    async (request) => ({ malformed: await signedIn(request).instance.signals.exchanges.malformed(request.params.id) }),
  )

  app.delete(
    '/v1/exchanges/:id',
    { config: { needs: 'banks:write' }, schema: { summary: 'Stop reading it; its entries stay', params: idParams } },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      await instance.signals.exchanges.remove(request.params.id, caller.principal)
      return reply.code(204).send()
    },
  )
}

function detectorRoutes(app: App): void {
  app.get(
    '/v1/detectors',
    { config: { needs: 'read' }, schema: { summary: 'Classifiers of the unknown: triage only' } },
    (request) => ({
      detectors: signedIn(request).instance.signals.detectors.list(),
    }),
  )

  app.put(
    '/v1/detectors/:id',
    {
      config: { needs: 'banks:write' },
      schema: { summary: 'Set a classifier up', params: idParams, body: detectorBody },
    },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const { key, ...rest } = request.body
      await instance.signals.detectors.put(
        { id: request.params.id, ...rest, ...(key === undefined ? {} : { key }) },
        caller.principal,
      )
      return reply.code(204).send()
    },
  )

  app.delete(
    '/v1/detectors/:id',
    { config: { needs: 'banks:write' }, schema: { summary: 'Take a classifier out', params: idParams } },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      await instance.signals.detectors.remove(request.params.id, caller.principal)
      return reply.code(204).send()
    },
  )

  app.get(
    '/v1/detectors/:id/reliability',
    {
      config: { needs: 'read' },
      schema: { summary: 'How far its probabilities are from what people decided', params: idParams },
    },
    async (request) => ({
      reliability: await signedIn(request).instance.signals.detectors.reliability(request.params.id),
    }),
  )

  app.post(
    '/v1/detectors/look',
    {
      config: { needs: 'media:write' },
      schema: { summary: 'Show a text to the classifiers whose legal basis is on: triage only', body: lookBody },
    },
    async (request, reply) => {
      const { instance } = signedIn(request)
      const { content, text, surface, jurisdiction } = request.body
      const entity = await instance.signals.content.entityOf(content)
      const place = { entity, name: content, surface: surface ?? null, jurisdiction: jurisdiction ?? null }
      const signals = await instance.signals.detectors.look(place, { text })
      return reply.code(202).send({ looked: signals.length })
    },
  )

  app.post(
    '/v1/detectors/outcomes',
    {
      // A moderator says it by deciding the job in hand; here any content would do, and classifiers learn it.
      config: { needs: 'banks:write' },
      schema: { summary: 'What a person found about a content that a classifier scored', body: outcome },
    },
    async (request) => {
      const { instance, caller } = signedIn(request)
      const { content, confirmed } = request.body
      return { scores: await instance.signals.detectors.reviewed(content, confirmed, caller.principal) }
    },
  )
}
