import { FirebreakError } from '@firebreak/kernel'
import { HASH_KINDS, type Hit, hexOf, isLive, type MediaHash, OWN } from '@firebreak/signals'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { App } from '../app.ts'
import type { Needs } from '../gate.ts'
import { signedIn } from '../gate.ts'
import {
  contentId,
  ENTRIES,
  HmaError,
  hashesIn,
  isTrue,
  needed,
  parsed,
  type Query,
  SIGNAL_TYPES,
  signalsOf,
} from './hma-media.ts'

/** Under this prefix; a client's base URL is `…/hma`, or `…/hma/KEY` for one that can send no header. */
export const HMA_PREFIX = '/hma'

const MEDIA_LIMIT = 64 * 1_048_576
const settings = z.strictObject({ on: z.boolean() })

type Handler = (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>

/**
 * The addresses of Hasher-Matcher-Actioner, so that its clients need only another base URL. Off until opened; keyed; distances only
 * with the scope explain. Entries go in and are never read out.
 */
export function hmaRoutes(app: App): void {
  app.get(
    '/v1/doors/hma',
    { config: { needs: 'read' }, schema: { summary: "Whether HMA's addresses answer" } },
    async (request) => ({ on: await signedIn(request).instance.signals.hmaDoorIsOpen() }),
  )
  app.put(
    '/v1/doors/hma',
    { config: { needs: 'banks:write' }, schema: { summary: "Open or close HMA's addresses", body: settings } },
    async (request) => {
      const { instance, caller } = signedIn(request)
      await instance.signals.openHmaDoor(request.body.on, caller.principal)
      return { on: request.body.on }
    },
  )
  app.register(async (scope) => {
    scope.addContentTypeParser(
      'multipart/form-data',
      { parseAs: 'buffer', bodyLimit: MEDIA_LIMIT },
      (_request, body, done) => done(null, body),
    )
    const route = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, needs: Needs, handler: Handler) =>
      scope.route({
        ...{ method, url: `${HMA_PREFIX}${path}`, bodyLimit: MEDIA_LIMIT },
        ...{
          config: { needs },
          schema: { summary: `As Hasher-Matcher-Actioner answers ${method} ${path}. Off until opened` },
          handler: opened(handler),
        },
      })
    route('GET', '/status', 'match', async () => 'I-AM-ALIVE')
    route('GET', '/h/hash', 'match', hash)
    route('POST', '/h/hash', 'match', hash)
    route('GET', '/m/raw_lookup', 'match', rawLookup)
    route('GET', '/m/lookup', 'match', lookup)
    route('POST', '/m/lookup', 'match', lookupFile)
    route('GET', '/m/index/status', 'match', indexStatus)
    route('GET', '/c/banks', 'match', async (request) => signedIn(request).instance.signals.banks.list().map(bankOf))
    route('POST', '/c/banks', 'banks:write', createBank)
    route('GET', '/c/bank/:bank', 'match', async (request) => bankOf(bankView(request)))
    route('PUT', '/c/bank/:bank', 'banks:write', updateBank)
    route('DELETE', '/c/bank/:bank', 'banks:write', deleteBank)
    route('POST', '/c/bank/:bank/signal', 'banks:write', addSignals)
    route('POST', '/c/bank/:bank/content', 'banks:write', addContent)
    route('DELETE', '/c/bank/:bank/content/:content', 'banks:write', removeContent)
    route('GET', '/c/signal_type', 'match', async () =>
      HASH_KINDS.map((kind) => ({ name: SIGNAL_TYPES[kind], enabled_ratio: 1 })),
    )
    route('GET', '/c/content_type', 'match', async () => ['photo', 'video'].map((name) => ({ name, enabled: true })))
  })
}

function opened(handler: Handler): Handler {
  return async (request, reply) => {
    if (!(await signedIn(request).instance.signals.hmaDoorIsOpen()))
      throw new FirebreakError('http/not-found', ['open door'])
    try {
      return await handler(request, reply)
    } catch (error) {
      const [status, message] = statusOf(error)
      if (status === null) throw error
      return reply.code(status).send({ message })
    }
  }
}

function statusOf(error: unknown): [number | null, string] {
  if (error instanceof HmaError) return [error.status, error.message]
  if (error instanceof FirebreakError && error.status < 500) return [error.status, error.message]
  return [null, '']
}

const hash: Handler = async (request) => signalsOf(await hashesIn(request))

const rawLookup: Handler = async (request) => {
  const { caller } = signedIn(request)
  const query = request.query as Query
  const distances = isTrue(query.include_distance)
  if (distances && !caller.permissions.has('explain'))
    throw new HmaError(403, 'include_distance needs a key with the scope explain')
  const hits = await hitsOf(request, needed(query, 'signal'), needed(query, 'signal_type'))
  const banks = query.banks?.split(',')
  const matches = hits.filter(({ bank }) => banks === undefined || banks.includes(bank.name))
  return {
    matches: distances
      ? matches.map((hit) => ({ content_id: contentId(hit.bank.id, hit.entry), distance: String(hit.distance) }))
      : matches.map((hit) => contentId(hit.bank.id, hit.entry)),
  }
}

const lookup: Handler = async (request) => {
  const query = request.query as Query
  if (query.url) return banksByType(request, await hashesIn(request))
  return bankNames(await hitsOf(request, needed(query, 'signal'), needed(query, 'signal_type')))
}

const lookupFile: Handler = async (request) => banksByType(request, await hashesIn(request))

const indexStatus: Handler = async (request) => {
  const { banks } = signedIn(request).instance.signals
  const one = {
    present: true,
    built_to: Math.floor(signedIn(request).instance.clock() / 1000),
    size: banks.status().entries,
  }
  return Object.fromEntries(HASH_KINDS.map((kind) => [SIGNAL_TYPES[kind], one]))
}

const createBank: Handler = async (request, reply) => {
  const { instance, caller } = signedIn(request)
  const { name, enabled_ratio, enabled } = (request.body ?? {}) as Record<string, unknown>
  if (typeof name !== 'string') throw new HmaError(400, 'Field `name` is required')
  const ratio = enabled_ratio === undefined ? (enabled === undefined || isTrue(enabled) ? 1 : 0) : Number(enabled_ratio)
  const made = await instance.signals.banks.create(name, { enabledRatio: ratio }, caller.principal)
  return reply.code(201).send(bankOf(made))
}

const updateBank: Handler = async (request) => {
  const { instance, caller } = signedIn(request)
  const { enabled_ratio, enabled, name } = (request.body ?? {}) as Record<string, unknown>
  const bank = bankView(request)
  if (name !== undefined && name !== bank.name) throw new HmaError(400, 'a bank keeps its name')
  const ratio =
    enabled_ratio === undefined ? (enabled === undefined ? undefined : isTrue(enabled) ? 1 : 0) : Number(enabled_ratio)
  const changes = ratio === undefined ? {} : { enabledRatio: ratio }
  return bankOf(await instance.signals.banks.update(bank.name, changes, caller.principal))
}

const deleteBank: Handler = async (request) => {
  const { instance, caller } = signedIn(request)
  await instance.signals.banks.remove(bankView(request).name, caller.principal)
  return { message: 'Done' }
}

const addSignals: Handler = async (request) => {
  const given = Object.entries((request.body ?? {}) as Record<string, unknown>)
  if (given.length === 0) throw new HmaError(400, 'No signals given')
  return addToBank(
    request,
    given.map(([type, signal]) => parsed(type, String(signal))),
  )
}

const addContent: Handler = async (request) => addToBank(request, await hashesIn(request))

const removeContent: Handler = async (request) => {
  const { instance, caller } = signedIn(request)
  const bank = instance.signals.banks.bank(bankView(request).name)
  const id = Number((request.params as { content: string }).content)
  const entry = id - bank.id * ENTRIES
  const there =
    Number.isSafeInteger(id) &&
    entry >= 0 &&
    entry < bank.entries &&
    !instance.signals.banks.matcher.isWithdrawn(bank, entry)
  if (there)
    await instance.signals.banks.change(
      bank.name,
      [{ entry, do: 'withdraw' }],
      'removed by an HMA client',
      caller.principal,
    )
  return { deleted: there ? 1 : 0 }
}

async function addToBank(request: FastifyRequest, hashes: readonly MediaHash[]) {
  const { instance, caller } = signedIn(request)
  const { banks } = instance.signals
  const bank = banks.bank(bankView(request).name)
  let id: number | null = null
  for (const { kind, hash } of hashes) {
    const entry = await banks.add(
      bank.name,
      kind,
      [{ hash, opinions: [{ owner: OWN, category: 'POSITIVE_CLASS' }] }],
      caller.principal,
    )
    id ??= contentId(bank.id, entry)
  }
  return { id, signals: signalsOf(hashes) }
}

async function banksByType(request: FastifyRequest, hashes: readonly MediaHash[]) {
  const answer: Record<string, string[]> = {}
  for (const { kind, hash } of hashes)
    answer[SIGNAL_TYPES[kind]] = bankNames(await hitsOf(request, hexOf(hash), SIGNAL_TYPES[kind]))
  return answer
}

async function hitsOf(request: FastifyRequest, signal: string, type: string): Promise<Hit[]> {
  const { instance, caller } = signedIn(request)
  const { seed } = request.query as Query
  const hits = await instance.signals.lookUp(
    { ...parsed(type, signal), ...(seed === undefined ? {} : { seed }) },
    caller,
  )
  const vetoed = hits.some(({ bank, quarantined }) => bank.settings.negative && !quarantined)
  return vetoed ? [] : hits.filter(isLive)
}

function bankNames(hits: readonly Hit[]): string[] {
  return [...new Set(hits.map(({ bank }) => bank.name))]
}

function bankView(request: FastifyRequest) {
  const { bank: name } = request.params as { bank: string }
  const bank = signedIn(request)
    .instance.signals.banks.list()
    .find((one) => one.name === name)
  if (bank === undefined) throw new HmaError(404, `bank '${name}' not found`)
  return bank
}

function bankOf({ name, settings: { enabledRatio } }: { name: string; settings: { enabledRatio: number } }) {
  return { name, matching_enabled_ratio: enabledRatio }
}
