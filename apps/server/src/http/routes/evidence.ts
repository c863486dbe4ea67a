import { randomBytes } from 'node:crypto'
import { FirebreakError } from '@firebreak/kernel'
import { noteContext, noteReveal, noteSeconds, referenceOf } from '@firebreak/review'
import { z } from 'zod'
import { reviewerOf } from '../../access/reviewer.ts'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'

const params = z.object({ id: z.string().min(1).max(100) })
const ask = z.strictObject({
  job: z.string().min(1).max(100),
  purpose: z.string().trim().min(3).max(500),
  again: z.boolean().default(false),
})
const port = z.strictObject({ url: z.url({ protocol: /^https?$/ }), secret: z.string().min(24).max(200) })

/** Showing evidence: noted first, fetched from the platform once, kept nowhere. */
export function evidenceRoutes(app: App): void {
  app.post(
    '/v1/evidence/:id/reveal',
    {
      config: { needs: 'review' },
      schema: { summary: 'A view of an item of the job in hand; logged', params, body: ask },
    },
    async (request) => {
      const { instance, caller } = signedIn(request)
      const by = reviewerOf(caller)
      const evidence = request.params.id
      const found = await referenceOf(instance.ledger, evidence)
      if (found === null) throw new FirebreakError('http/not-found', ['evidence with that id'])
      const signal = found.signal === undefined ? null : `${found.signal.type}:${found.signal.value}`
      const known = signal !== null && (await instance.reports.known(signal)) !== null
      const id = randomBytes(12).toString('base64url')
      await noteReveal(
        instance.ledger,
        by,
        { ...request.body, evidence },
        { id, known, budgets: instance.reports.desk.budgets, now: instance.clock() },
      )
      const token = await instance.reports.evidence.ticket(found.reference, by.id)
      return { reveal: id, kind: found.kind, view: `/v1/evidence/views/${token}` }
    },
  )

  app.post(
    '/v1/evidence/:id/context',
    {
      config: { needs: 'review' },
      schema: { summary: 'The thread around an item of the job in hand: texts, no names; logged', params, body: ask },
    },
    async (request) => {
      const { instance, caller } = signedIn(request)
      const evidence = request.params.id
      const found = await referenceOf(instance.ledger, evidence)
      if (found === null) throw new FirebreakError('http/not-found', ['evidence with that id'])
      const { job } = await noteContext(instance.ledger, reviewerOf(caller), { ...request.body, evidence })
      return { job, lines: await instance.reports.evidence.context(found.reference) }
    },
  )

  app.get(
    '/v1/evidence/views/:id',
    { config: { needs: 'review' }, schema: { summary: 'The item itself, once, within a minute', params } },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const { type, bytes } = await instance.reports.evidence.show(request.params.id, caller.principal.id)
      return reply
        .header('cache-control', 'no-store, no-transform')
        .header('content-security-policy', "default-src 'none'; sandbox")
        .header('content-disposition', 'inline')
        .type(type)
        .send(Buffer.from(bytes))
    },
  )

  app.post(
    '/v1/reveals/:id/seconds',
    {
      config: { needs: 'review' },
      schema: {
        summary: 'How long it was on screen',
        params,
        body: z.strictObject({ seconds: z.number().min(0).max(7_200) }),
      },
    },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const { seconds } = request.body
      const noted = await noteSeconds(
        instance.ledger.db,
        request.params.id,
        reviewerOf(caller),
        seconds,
        instance.clock(),
      )
      if (!noted) throw new FirebreakError('http/not-found', ['view of yours with that id'])
      return reply.code(204).send()
    },
  )

  vaultRoutes(app)

  app.put(
    '/v1/evidence/port',
    {
      config: { needs: 'review:manage' },
      schema: { summary: 'Where the platform answers for its evidence', body: port },
    },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const { url, secret } = request.body
      await instance.reports.evidence.configure({ url, sealedSecret: instance.secrets.seal(secret) }, caller.principal)
      return reply.code(204).send()
    },
  )
}

const keep = z.strictObject({
  job: z.string().min(1).max(100),
  caseId: z.string().min(1).max(100),
  purpose: z.string().trim().min(3).max(500),
})

/** Copies for cases: kept encrypted, opened by two people. */
function vaultRoutes(app: App): void {
  app.post(
    '/v1/evidence/:id/keep',
    {
      config: { needs: 'review' },
      schema: { summary: 'A copy of an item of the job in hand into the vault, unseen', params, body: keep },
    },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const by = reviewerOf(caller)
      const evidence = request.params.id
      const { job, caseId, purpose } = request.body
      const found = await referenceOf(instance.ledger, evidence)
      if (found === null) throw new FirebreakError('http/not-found', ['evidence with that id'])
      const { job: kept } = await noteContext(instance.ledger, by, { job, purpose, evidence }, 'evidence.kept')
      const { evidence: port, vault } = instance.reports
      const item = await port.show(await port.ticket(found.reference, by.id), by.id)
      return reply.code(201).send(await vault.put(caseId, { evidence, job: kept }, item, by))
    },
  )

  app.post(
    '/v1/vault/:id/ask',
    {
      config: { needs: 'review' },
      schema: {
        summary: 'Ask to open an item',
        params,
        body: z.strictObject({ purpose: z.string().trim().min(3).max(500) }),
      },
    },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const grant = await instance.reports.vault.ask(request.params.id, request.body.purpose, reviewerOf(caller))
      return reply.code(201).send({ grant })
    },
  )

  app.post(
    '/v1/vault/grants/:id',
    { config: { needs: 'review' }, schema: { summary: 'Grant what somebody else asked for', params } },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      await instance.reports.vault.grant(request.params.id, reviewerOf(caller))
      return reply.code(204).send()
    },
  )

  app.get(
    '/v1/vault/grants/:id/item',
    { config: { needs: 'review' }, schema: { summary: 'The item, once, within a quarter of an hour', params } },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const { type, bytes } = await instance.reports.vault.open(request.params.id, reviewerOf(caller))
      return reply
        .header('cache-control', 'no-store, no-transform')
        .header('content-security-policy', "default-src 'none'; sandbox")
        .type(type)
        .send(Buffer.from(bytes))
    },
  )

  app.post(
    '/v1/vault/cases/:id/ask-destruction',
    {
      config: { needs: 'review' },
      schema: {
        summary: 'Ask to destroy the copies of a case and their key',
        params,
        body: z.strictObject({ purpose: z.string().trim().min(3).max(500) }),
      },
    },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const by = reviewerOf(caller)
      const grant = await instance.reports.vault.askDestruction(request.params.id, request.body.purpose, by)
      return reply.code(201).send({ grant })
    },
  )

  app.post(
    '/v1/vault/grants/:id/destroy',
    { config: { needs: 'review' }, schema: { summary: 'Destroy them, by a grant of somebody else', params } },
    async (request) => {
      const { instance, caller } = signedIn(request)
      return { destroyed: await instance.reports.vault.destroy(request.params.id, reviewerOf(caller)) }
    },
  )
}
