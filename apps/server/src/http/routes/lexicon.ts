import { FirebreakError, SUBJECT_TYPES } from '@firebreak/kernel'
import {
  ENTRY_KINDS,
  ENTRY_STATES,
  entrySchema,
  IMPORT_FORMATS,
  importEntries,
  lexiconSettingsSchema,
  optionsSchema,
  PLAIN_STEPS,
} from '@firebreak/signals'
import { z } from 'zod'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'

const params = z.object({ id: z.string().min(1).max(64) })
const reason = z.strictObject({ reason: z.string().min(3).max(500) })
const days = z.number().int().min(1).max(365).default(30)
const MOST_AT_ONCE = 2_000
const IMPORT_LIMIT = 20 * 2 ** 20

/** The lexicon: entries on their way, what is in force, what waits for a person. Texts go in and are matched; they never come out. */
export function lexiconRoutes(app: App): void {
  reading(app)
  writing(app)
  steps(app)
  inbox(app)
  settings(app)
}

function reading(app: App): void {
  app.get(
    '/v1/lexicon',
    {
      config: { needs: 'lexicon:write' },
      schema: {
        summary: 'Entries, masked, a page at a time: `next` is the cursor of the following one',
        querystring: z.object({
          state: z.enum(ENTRY_STATES).optional(),
          kind: z.enum(ENTRY_KINDS).optional(),
          list: z.string().optional(),
          cursor: z.string().max(64).optional(),
          limit: z.coerce.number().int().min(1).max(5_000).default(500),
        }),
      },
    },
    async (request) => {
      const { lexicon } = signedIn(request).instance
      const { state, kind, list, cursor, limit } = request.query
      const all = await lexicon.entries.list()
      const entries = all.filter(
        (entry) =>
          (!state || entry.state === state) && (!kind || entry.kind === kind) && (!list || entry.list === list),
      )
      const from = cursor === undefined ? 0 : entries.findIndex(({ id }) => id === cursor) + 1
      const page = entries.slice(from, from + limit)
      const next = from + limit < entries.length ? (page.at(-1)?.id ?? null) : null
      return { ...lexicon.status(), entries: page, next }
    },
  )
  app.get(
    '/v1/lexicon/:id',
    { config: { needs: 'lexicon:write' }, schema: { summary: 'One entry with its versions, masked', params } },
    (request) => signedIn(request).instance.lexicon.entries.entry(request.params.id),
  )
  app.post(
    '/v1/lexicon/match',
    {
      config: { needs: 'lexicon:write' },
      schema: {
        summary: 'Which entries in force a text holds, with spans and transformations',
        body: z.strictObject({
          text: z.string().max(10_000),
          kind: z.enum([...SUBJECT_TYPES, 'comment', 'prefix', 'handle']).default('content'),
          fuzzy: z.boolean().default(false),
        }),
      },
    },
    (request) => {
      const { text, kind, fuzzy } = request.body
      return { matches: signedIn(request).instance.lexicon.match(kind, text, { fuzzy }) }
    },
  )
}

function writing(app: App): void {
  app.post(
    '/v1/lexicon',
    {
      config: { needs: 'lexicon:write' },
      schema: {
        summary: 'Drafts, each with what the lint says',
        body: z.strictObject({ entries: z.array(entrySchema).min(1).max(MOST_AT_ONCE) }),
      },
    },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      return reply
        .code(201)
        .send({ entries: await instance.lexicon.entries.add(request.body.entries, caller.principal) })
    },
  )
  app.post(
    '/v1/lexicon/lint',
    {
      config: { needs: 'lexicon:write' },
      schema: { summary: 'Looks an entry over without adding it', body: entrySchema },
    },
    (request) => signedIn(request).instance.lexicon.entries.lint(request.body),
  )
  app.post(
    '/v1/lexicon/import',
    {
      config: { needs: 'lexicon:write' },
      bodyLimit: IMPORT_LIMIT,
      schema: {
        summary:
          'Drafts from lines, CSV, JSON Lines, a Coop text bank or HMA bank content; what cannot be read is listed',
        body: z.strictObject({
          text: z.string().min(1).max(IMPORT_LIMIT),
          format: z.enum(IMPORT_FORMATS).default('auto'),
          list: z
            .string()
            .regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
            .default('imported'),
        }),
      },
    },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const { text, format, list } = request.body
      const read = importEntries(text, format, list)
      const entries = await instance.lexicon.entries.add(read.entries, caller.principal)
      return reply.code(201).send({ format: read.format, entries, bad: read.bad })
    },
  )
  app.post(
    '/v1/lexicon/:id/versions',
    {
      config: { needs: 'lexicon:write' },
      schema: {
        summary: 'A next version as a draft; what is in force stays so',
        params,
        body: z.strictObject({
          text: z.string().min(1).max(2_000).optional(),
          options: optionsSchema.partial().optional(),
          expiresAt: z.iso.datetime({ offset: true }).nullable().optional(),
        }),
      },
    },
    (request) => {
      const { instance, caller } = signedIn(request)
      const { text, options, expiresAt } = request.body
      const changes = {
        ...(text === undefined ? {} : { text }),
        ...(options === undefined ? {} : { options: defined(options) }),
        ...(expiresAt === undefined ? {} : { expiresAt }),
      }
      return instance.lexicon.entries.edit(request.params.id, changes, caller.principal)
    },
  )
}

function steps(app: App): void {
  app.post(
    '/v1/lexicon/:id/test',
    {
      config: { needs: 'lexicon:write' },
      schema: {
        summary: 'Draft to test: lint, and what it would have hit in the last days, with a sample',
        params,
        body: z.strictObject({ days }).prefault({}),
      },
    },
    (request) => {
      const { instance, caller } = signedIn(request)
      return instance.lexicon.entries.test(request.params.id, request.body.days, caller.principal)
    },
  )
  app.post(
    '/v1/lexicon/steps',
    {
      config: { needs: 'lexicon:write' },
      schema: {
        summary:
          'Many entries through one step; those that cannot go on are answered with the reason. Approving needs lexicon:approve',
        body: z.strictObject({
          step: z.enum(['test', ...PLAIN_STEPS]),
          ids: z.array(z.string().min(1).max(64)).min(1).max(MOST_AT_ONCE),
          days,
        }),
      },
    },
    async (request) => {
      const { instance, caller } = signedIn(request)
      const { step, ids, days } = request.body
      if (step === 'approve' && !caller.permissions.has('lexicon:approve'))
        throw new FirebreakError('access/denied', ['lexicon:approve'])
      return { entries: await instance.lexicon.entries.stepAll(step, ids, days, caller.principal) }
    },
  )
  app.post(
    '/v1/lexicon/:id/precision',
    {
      config: { needs: 'lexicon:write' },
      schema: {
        summary: 'What a person found in the sample; answers the precision with its 95 % interval',
        params,
        body: z.strictObject({ right: z.number().int().min(0), wrong: z.number().int().min(0) }),
      },
    },
    (request) => {
      const { instance, caller } = signedIn(request)
      return instance.lexicon.entries.judged(request.params.id, request.body, caller.principal)
    },
  )
  for (const [step, needs, summary] of [
    ['submit', 'lexicon:write', 'Test to review: waits for a second person'],
    ['approve', 'lexicon:approve', 'Review to shadow, by another person than owner and author'],
    ['publish', 'lexicon:write', 'Shadow to live: in force within a second'],
  ] as const)
    app.post(`/v1/lexicon/:id/${step}`, { config: { needs }, schema: { summary, params } }, (request) => {
      const { instance, caller } = signedIn(request)
      const { id } = request.params as { id: string }
      return instance.lexicon.entries[step](id, caller.principal)
    })
  app.post(
    '/v1/lexicon/:id/send-back',
    { config: { needs: 'lexicon:approve' }, schema: { summary: 'Back to draft, with a reason', params, body: reason } },
    (request) => {
      const { instance, caller } = signedIn(request)
      return instance.lexicon.entries.sendBack(request.params.id, request.body.reason, caller.principal)
    },
  )
  app.post(
    '/v1/lexicon/:id/expire',
    { config: { needs: 'lexicon:write' }, schema: { summary: 'Out of force at once', params, body: reason } },
    (request) => {
      const { instance, caller } = signedIn(request)
      return instance.lexicon.entries.expire(request.params.id, request.body.reason, caller.principal)
    },
  )
  app.post(
    '/v1/lexicon/:id/rollback',
    {
      config: { needs: 'lexicon:approve' },
      schema: {
        summary: 'Puts a version back in force that was approved before',
        params,
        body: reason.extend({ version: z.number().int().min(1) }),
      },
    },
    (request) => {
      const { instance, caller } = signedIn(request)
      const { version, reason } = request.body
      return instance.lexicon.entries.rollBack(request.params.id, version, reason, caller.principal)
    },
  )
}

function inbox(app: App): void {
  app.post(
    '/v1/lexicon/variants',
    {
      config: { needs: 'lexicon:write' },
      schema: {
        summary: 'What accounts moved to after a term was blocked, filed into the inbox',
        body: z.strictObject({
          blocked: z.string().min(1).max(200),
          at: z.iso.datetime({ offset: true }),
          limit: z.number().int().min(1).max(100).default(20),
        }),
      },
    },
    async (request) => {
      const { instance, caller } = signedIn(request)
      const { blocked, at, limit } = request.body
      return { suggestions: await instance.lexicon.discover({ blocked, at: Date.parse(at), limit }, caller.principal) }
    },
  )
  app.get(
    '/v1/lexicon/inbox',
    {
      config: { needs: 'lexicon:write' },
      schema: {
        summary: 'Variants and reported suggestions to decide on',
        querystring: z.object({ state: z.enum(['open', 'accepted', 'rejected', 'snoozed']).default('open') }),
      },
    },
    async (request) => {
      const { instance } = signedIn(request)
      return { items: await instance.lexicon.inbox.list(request.query.state, instance.clock()) }
    },
  )
  app.post(
    '/v1/lexicon/inbox/:id/accept',
    {
      config: { needs: 'lexicon:write' },
      schema: {
        summary: 'Makes it a draft, which goes the usual way',
        params,
        body: entrySchema.omit({ text: true }).prefault({}),
      },
    },
    async (request) => {
      const { instance, caller } = signedIn(request)
      return instance.lexicon.entries.accept(request.params.id, request.body, caller.principal)
    },
  )
  app.post(
    '/v1/lexicon/inbox/:id/reject',
    { config: { needs: 'lexicon:write' }, schema: { summary: 'Not listed; not asked about again', params } },
    (request) => {
      const { instance, caller } = signedIn(request)
      return instance.lexicon.entries.decideInbox(request.params.id, { state: 'rejected' }, caller.principal)
    },
  )
  app.post(
    '/v1/lexicon/inbox/:id/snooze',
    {
      config: { needs: 'lexicon:write' },
      schema: {
        summary: 'Asked about again after a time',
        params,
        body: z.strictObject({ until: z.iso.datetime({ offset: true }) }),
      },
    },
    (request) => {
      const { instance, caller } = signedIn(request)
      return instance.lexicon.entries.decideInbox(
        request.params.id,
        { state: 'snoozed', until: request.body.until },
        caller.principal,
      )
    },
  )
  app.post(
    '/v1/surfaces/reports',
    {
      config: { needs: 'verdicts' },
      schema: {
        summary: 'Somebody reports a suggestion, completion or trend; it goes to the inbox, without who',
        body: z.strictObject({ surface: z.string().min(1).max(32), text: z.string().min(1).max(200) }),
      },
    },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const { surface, text } = request.body
      await instance.lexicon.inbox.file('reported', [{ text, about: surface }], caller.principal)
      return reply.code(202).send({})
    },
  )
}

function settings(app: App): void {
  app.get(
    '/v1/lexicon/settings',
    { config: { needs: 'lexicon:write' }, schema: { summary: 'Words of help, link kinds, screens' } },
    async (request) => {
      const { version: _version, ...value } = await signedIn(request).instance.lexicon.settings.read()
      return value
    },
  )
  app.put(
    '/v1/lexicon/settings',
    {
      config: { needs: 'lexicon:approve' },
      schema: { summary: 'Sets the given parts', body: lexiconSettingsSchema.partial() },
    },
    (request) => {
      const { instance, caller } = signedIn(request)
      return instance.lexicon.setSettings(defined(request.body), caller.principal)
    },
  )
}

/** Without keys that are undefined, which the validator leaves in. */
function defined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>
  }
}
