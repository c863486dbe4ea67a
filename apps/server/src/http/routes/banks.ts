import { FirebreakError } from '@firebreak/kernel'
import {
  type EntryChange,
  HASH_KINDS,
  type HashKind,
  type Hit,
  hashFromHex,
  isLive,
  type NewEntry,
  OPINION_CATEGORIES,
  OWN,
} from '@firebreak/signals'
import { z } from 'zod'
import type { App } from '../app.ts'
import { signedIn } from '../gate.ts'

const bankName = z.string().min(1).max(64)
const params = z.object({ bank: bankName })
const entryParams = z.object({ bank: bankName, entry: z.coerce.number().int().min(0) })
/** Checked against the bank's other settings; a schema's defaults would undo those not sent. */
const settings = z.record(z.string(), z.unknown())
const newBank = z.strictObject({ name: bankName, settings: settings.default({}) })
const hash = z.strictObject({ kind: z.enum(HASH_KINDS), hash: z.string().min(32).max(64) })
const entry = hash.extend({
  category: z.enum(OPINION_CATEGORIES).default('POSITIVE_CLASS'),
  sourceId: z.string().min(1).max(300).optional(),
  expiresAt: z.iso.datetime({ offset: true }).optional(),
  note: z.string().max(255).optional(),
})
const entries = z.strictObject({ entries: z.array(entry).min(1).max(10_000) })
const change = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('withdraw') }),
  z.strictObject({ do: z.literal('restore') }),
  z.strictObject({ do: z.literal('release'), floodLimit: z.int().min(1).max(1_000_000) }),
  z.strictObject({ do: z.literal('expire'), at: z.iso.datetime({ offset: true }).nullable() }),
  z.strictObject({ do: z.literal('opinion'), category: z.enum(OPINION_CATEGORIES) }),
])
const changeOf = z.strictObject({ change, reason: z.string().min(1).max(255) })
const review = z.strictObject({ confirmed: z.boolean() })
const questions = z.strictObject({
  hashes: z
    .array(hash.extend({ quality: z.number().min(0).max(100).optional() }))
    .min(1)
    .max(64),
})
const BULK_LIMIT = 16 * 1_048_576

/** Banks: made, fed, matched against. There is no way to read an entry's hash. */
export function bankRoutes(app: App): void {
  listAndSettings(app)
  entryRoutes(app)
  matchRoute(app)
}

function listAndSettings(app: App): void {
  app.get(
    '/v1/banks',
    { config: { needs: 'read' }, schema: { summary: 'Banks with settings and counts' } },
    (request) => ({
      banks: signedIn(request).instance.signals.banks.list(),
    }),
  )

  app.post(
    '/v1/banks',
    { config: { needs: 'banks:write' }, schema: { summary: 'A new bank of known hashes', body: newBank } },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const { name, settings } = request.body
      return reply.code(201).send(await instance.signals.banks.create(name, settings, caller.principal))
    },
  )

  app.patch(
    '/v1/banks/:bank',
    {
      config: { needs: 'banks:write' },
      schema: { summary: 'Change settings; what it caused is judged anew', params, body: settings },
    },
    (request) => {
      const { instance, caller } = signedIn(request)
      return instance.signals.banks.update(request.params.bank, request.body, caller.principal)
    },
  )

  app.delete(
    '/v1/banks/:bank',
    { config: { needs: 'banks:write' }, schema: { summary: 'The bank stops matching for good', params } },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      await instance.signals.banks.remove(request.params.bank, caller.principal)
      return reply.code(204).send()
    },
  )
}

function entryRoutes(app: App): void {
  app.post(
    '/v1/banks/:bank/entries',
    {
      config: { needs: 'banks:write' },
      bodyLimit: BULK_LIMIT,
      schema: { summary: 'Add hashes; they match when this answers', params, body: entries },
    },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const { banks } = instance.signals
      const numbers: number[] = new Array(request.body.entries.length)
      const byKind = Map.groupBy(request.body.entries.entries(), ([, { kind }]) => kind)
      for (const [kind, list] of byKind) {
        const first = await banks.add(
          request.params.bank,
          kind,
          list.map(([, one]) => newEntry(one)),
          caller.principal,
        )
        for (const [i, [place]] of list.entries()) numbers[place] = first + i
      }
      return reply.code(201).send({ entries: numbers })
    },
  )

  app.post(
    '/v1/banks/:bank/entries/:entry',
    {
      config: { needs: 'banks:write' },
      schema: {
        summary: 'Withdraw, restore, release from quarantine, expire, or say what it is',
        params: entryParams,
        body: changeOf,
      },
    },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const { bank, entry: number } = request.params
      const { change: what, reason } = request.body
      await instance.signals.banks.change(bank, [changeFor(number, what)], reason, caller.principal)
      return reply.code(204).send()
    },
  )

  app.get(
    '/v1/banks/:bank/quarantine',
    {
      config: { needs: 'read' },
      schema: { summary: 'Entries that matched far too much and wait for a person', params },
    },
    async (request) => {
      const { banks, content } = signedIn(request).instance.signals
      const bank = banks.bank(request.params.bank)
      const entries = banks.matcher.quarantined(bank)
      return {
        entries: await Promise.all(
          entries.map(async (one) => ({ entry: one, contents: await content.contentsOf(bank.id, one) })),
        ),
      }
    },
  )

  app.post(
    '/v1/banks/:bank/entries/:entry/review',
    {
      // A moderator says it by deciding the job in hand; here any entry number would do, and authorities are told.
      config: { needs: 'banks:write' },
      schema: {
        summary: 'What a person found; goes back to the sources that feed the bank',
        params: entryParams,
        body: review,
      },
    },
    async (request, reply) => {
      const { instance, caller } = signedIn(request)
      const { bank, entry: number } = request.params
      const { confirmed } = request.body
      const told = await instance.signals.exchanges.decide({ bank, entry: number, confirmed }, caller.principal)
      return reply.code(202).send({ sources: told })
    },
  )
}

function matchRoute(app: App): void {
  app.post(
    '/v1/match',
    {
      config: { needs: 'match' },
      schema: {
        summary: 'What hashes meet. Banks, entries and distances only with the scope explain',
        body: questions,
      },
    },
    async (request) => {
      const { instance, caller } = signedIn(request)
      const explained = caller.permissions.has('explain')
      const results = []
      for (const { kind, hash: hex, quality } of request.body.hashes) {
        const query = { kind, hash: bytesOf(kind, hex), ...(quality === undefined ? {} : { quality }) }
        const hits = await instance.signals.lookUp(query, caller)
        results.push(explained ? { result: resultOf(hits), hits: hits.map(explainedHit) } : { result: resultOf(hits) })
      }
      return { results }
    },
  )
}

/** Words of one length, so that a held and an unknown hash leave answers of one size. */
function resultOf(hits: readonly Hit[]): 'none' | 'fine' | 'held' {
  const live = hits.filter(isLive)
  if (live.some(({ bank, quarantined }) => bank.settings.negative && !quarantined)) return 'fine'
  return live.length > 0 ? 'held' : 'none'
}

function explainedHit({ bank, entry: number, kind, distance, opinion, positives, quarantined }: Hit) {
  const { adopted, negative } = bank.settings
  return { bank: bank.name, adopted, negative, entry: number, kind, distance, opinion, positives, quarantined }
}

function newEntry({ kind, hash: hex, category, sourceId, expiresAt, note }: z.infer<typeof entry>): NewEntry {
  return {
    ...{ hash: bytesOf(kind, hex), opinions: [{ owner: OWN, category }] },
    ...(sourceId === undefined ? {} : { sourceId }),
    ...(expiresAt === undefined ? {} : { expiresAt: Date.parse(expiresAt) }),
    ...(note === undefined ? {} : { note }),
  }
}

function changeFor(number: number, what: z.infer<typeof change>): EntryChange {
  if (what.do === 'opinion') return { entry: number, do: 'opinion', owner: OWN, category: what.category }
  if (what.do === 'expire') return { entry: number, do: 'expire', at: what.at === null ? null : Date.parse(what.at) }
  return { entry: number, ...what }
}

function bytesOf(kind: HashKind, hex: string): Uint8Array {
  const bytes = hashFromHex(kind, hex)
  if (bytes === null) throw new FirebreakError('input/invalid', [`not a ${kind} hash in hexadecimal`])
  return bytes
}
