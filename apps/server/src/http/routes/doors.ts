import { createHash, randomBytes } from 'node:crypto'
import {
  type Adapted,
  CATEGORY_NAMES,
  type CategoryName,
  fromAtproto,
  fromCoop,
  fromMastodon,
  mastodonSigned,
  type Receipt,
  rowsOf,
  withoutAddresses,
} from '@firebreak/intake'
import { FirebreakError } from '@firebreak/kernel'
import { z } from 'zod'
import type { Instance } from '../../instance/instance.ts'
import { deadLetters, replayDeadLetter } from '../../reports/dead-letters.ts'
import { doorSettingsSchema, type MastodonHook } from '../../reports/doors.ts'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'
import { idempotencyOf } from './reports.ts'

const HOOK_LIMIT = 1_048_576
const params = z.object({ id: z.string().min(1).max(64) })
const newHook = z.strictObject({
  secret: z.string().min(16).max(512),
  source: z.string().regex(/^[\w.-]{1,64}$/),
  rules: z.record(z.string().max(64), z.enum(CATEGORY_NAMES as [CategoryName, ...CategoryName[]])).default({}),
})

/** Reports in the languages of other systems: Coop, Mastodon, AT Protocol. */
export function doorRoutes(app: App): void {
  coopRoute(app)
  atprotoRoute(app)
  mastodonRoute(app)
  settingsRoutes(app)
}

function coopRoute(app: App): void {
  app.post(
    '/api/v1/report',
    {
      config: { needs: 'reports:write' },
      bodyLimit: HOOK_LIMIT,
      schema: { summary: "Coop's report call: a client of Coop needs only another base URL. Off until opened" },
    },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const { on, types, policies } = instance.doors.settings.coop
      if (!on) throw new FirebreakError('http/not-found', ['open door'])
      const adapted = fromCoop(request.body, caller.name, { types, policies })
      if (adapted.kind !== 'report') throw new FirebreakError('input/invalid', [sentence(adapted)])
      const { reportId } = await instance.reports.intake.submit(
        adapted.report,
        idempotencyOf(request, caller.principal.id),
      )
      return reply.code(201).send({ reportId })
    },
  )
}

function atprotoRoute(app: App): void {
  app.post(
    '/xrpc/com.atproto.moderation.createReport',
    { config: { needs: 'reports:write' }, schema: { summary: "AT Protocol's createReport. Off until opened" } },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      if (!instance.doors.settings.atproto.on) throw new FirebreakError('http/not-found', ['open door'])
      const given = request.headers['x-reported-by']
      const did = typeof given === 'string' && /^did:[a-z]+:[\w.:%-]{1,200}$/.test(given) ? given : null
      const adapted = fromAtproto(request.body, caller.name, did)
      if (adapted.kind !== 'report')
        return reply.code(400).send({ error: 'InvalidRequest', message: sentence(adapted) })
      const { reportId } = await instance.reports.intake.submit(
        adapted.report,
        idempotencyOf(request, caller.principal.id),
      )
      const [row] = await rowsOf<{ seq: number; received_at: Date }>(
        instance.ledger.db,
        'select seq, received_at from report where id = $1',
        [reportId],
      )
      const { reasonType, reason, subject } = request.body as Record<string, unknown>
      return {
        id: row!.seq,
        reasonType,
        ...(reason === undefined ? {} : { reason }),
        subject,
        reportedBy: did ?? 'did:web:not-given.invalid',
        createdAt: row!.received_at.toISOString(),
      }
    },
  )
}

/** The body is read as bytes: the signature is over exactly these. Signed means authentic, so the route needs no key. */
function mastodonRoute(app: App): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: HOOK_LIMIT }, (_request, body, done) =>
      done(null, body),
    )
    scope.post(
      '/v1/hooks/mastodon/:id',
      {
        config: { needs: 'anonymous' },
        schema: { summary: "A Mastodon server's webhook, signed by its secret", params },
      },
      async (request, reply) => {
        const { instance } = request
        const { id } = request.params as z.infer<typeof params>
        const hook = instance?.doors.hooks.find((one) => one.id === id)
        const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
        const header = request.headers['x-hub-signature']
        const secret =
          hook === undefined ? randomBytes(16).toString('hex') : instance!.secrets.unseal(hook.sealedSecret)
        const signed = mastodonSigned(body, typeof header === 'string' ? header : undefined, secret)
        if (!instance || hook === undefined || !signed) throw new FirebreakError('access/required')
        const { status, ...answer } = await takeMastodon(instance, hook, body)
        return reply.code(status).send(answer)
      },
    )
  })
}

type Taken = {
  status: number
  reportId?: string
  repeated?: boolean
  kept?: 'dead-letter'
  why?: string
  ignored?: string
}

/** Characters of an unreadable delivery that are kept; a longer one is refused, and its sender keeps it. */
const MOST_KEPT = 30_000

/**
 * What is signed and well-formed is never dropped: what cannot be read as a report is kept as a dead letter, without the e-mail and IP
 * addresses that such payloads carry, and can be replayed after a fix. What is no JSON, or too long to keep, is not acknowledged.
 */
async function takeMastodon(instance: Instance, { id, source, rules }: MastodonHook, body: Buffer): Promise<Taken> {
  const given = parsed(body.toString('utf8'))
  if (given === undefined) throw new FirebreakError('http/body', ['it is not JSON'])
  const adapted = fromMastodon(given, source, rules)
  if (adapted.kind === 'ignored') return { status: 200, ignored: adapted.why }
  if (adapted.kind === 'report') {
    const { reportId, repeated } = await instance.reports.intake.submit(adapted.report, {
      caller: id,
      key: adapted.key!,
    })
    return { status: repeated ? 200 : 201, reportId, repeated }
  }
  const text = JSON.stringify(withoutAddresses(given)).toWellFormed()
  if (text.length > MOST_KEPT) throw new FirebreakError('http/too-large', [`${MOST_KEPT} characters`])
  const digest = createHash('sha256').update(body).digest('hex')
  const kept: Receipt = await instance.reports.intake.keepDead(
    {
      subject: { type: 'delivery', id: digest },
      category: 'other',
      text,
      reporter: { class: 'automated' },
      source,
      statement: { adapter: 'mastodon', hook: id },
    },
    adapted.why.slice(0, 500),
    { caller: id, key: digest },
  )
  return { status: 202, reportId: kept.reportId, kept: 'dead-letter', why: adapted.why }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

function sentence(adapted: Exclude<Adapted, { kind: 'report' }>): string {
  return `The report cannot be read (${adapted.why})`
}

function settingsRoutes(app: App): void {
  app.get(
    '/v1/reports/dead',
    { config: { needs: 'review:manage' }, schema: { summary: 'Deliveries kept because they could not be read' } },
    async (request) => ({ dead: await deadLetters(signedIn(request).instance.ledger, 200) }),
  )

  app.post(
    '/v1/reports/dead/:id/replay',
    { config: { needs: 'review:manage' }, schema: { summary: 'Read a dead letter again', params } },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const reportId = await replayDeadLetter(instance, request.params.id, caller.principal)
      return reply.code(201).send({ reportId })
    },
  )

  app.get(
    '/v1/doors',
    { config: { needs: 'review:manage' }, schema: { summary: 'Which doors are open' } },
    (request) => {
      const { doors } = signedIn(request).instance
      return { ...doors.settings, mastodon: doors.hooks.map(({ sealedSecret: _, ...hook }) => hook) }
    },
  )

  app.put(
    '/v1/doors',
    { config: { needs: 'review:manage' }, schema: { summary: 'Open and close doors', body: doorSettingsSchema } },
    async (request) => {
      const { instance, caller } = signedIn(request)
      await instance.doors.setSettings(request.body, caller.principal)
      return instance.doors.settings
    },
  )

  app.post(
    '/v1/doors/mastodon',
    { config: { needs: 'review:manage' }, schema: { summary: 'Take webhooks of a Mastodon server', body: newHook } },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const { secret, source, rules } = request.body
      const hook = {
        id: randomBytes(12).toString('base64url'),
        source,
        rules,
        sealedSecret: instance.secrets.seal(secret),
      }
      await instance.doors.setHooks([...instance.doors.hooks, hook], caller.principal)
      return reply.code(201).send({ id: hook.id, path: `/v1/hooks/mastodon/${hook.id}` })
    },
  )

  app.delete(
    '/v1/doors/mastodon/:id',
    { config: { needs: 'review:manage' }, schema: { summary: 'No more', params } },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const left = instance.doors.hooks.filter(({ id }) => id !== request.params.id)
      if (left.length === instance.doors.hooks.length) throw new FirebreakError('http/not-found', ['such hook'])
      await instance.doors.setHooks(left, caller.principal)
      return reply.code(204).send()
    },
  )
}
