import type { MapQuery, NetworkMap, NetworkMark } from '@firebreak/graph'
import { type Clock, FirebreakError, isFirebreakError } from '@firebreak/kernel'
import type { Ledger, Principal, StoredDocument } from '@firebreak/ledger'
import {
  applyNetworkLabels,
  type NetworkMapper,
  pseudonymsFrom,
  retractNetworkLabels,
  withVictims,
} from '@firebreak/networks'
import {
  documentOf,
  type LabelState,
  type NetworkDocument,
  type NetworkRecord,
  type TruthScore,
} from './network-document.ts'

export interface NetworkDeskOptions {
  readonly ledger: Ledger
  readonly mapper: Pick<NetworkMapper, 'map' | 'randomSeeds'>
  readonly clock: Clock
  readonly pseudonymKey: Uint8Array
  readonly newId: () => string
  /** Called after labels changed and before the caller is told, so that the guard answers with them. */
  readonly labelsChanged: () => Promise<void>
  /** Accounts the operator protects from every cut: press, support, child-safety staff. */
  readonly protectedAccounts?: () => readonly string[]
  /** Which of some accounts the child-safety role has marked as victims'. */
  readonly victims?: (accounts: readonly string[]) => Promise<ReadonlySet<string>>
  /** Only in the demo: how well a map met the planted truth. */
  readonly score?: (map: NetworkMap) => Promise<TruthScore>
  readonly onFault: (error: unknown) => void
}

export interface NewNetwork {
  readonly seeds?: readonly string[] | undefined
  readonly randomSeeds?: number | undefined
  /** Number of a draw of random seeds: the same number draws the same accounts again (default: the first number not drawn yet). */
  readonly draw?: number | undefined
  readonly benign?: readonly string[] | undefined
  /** Follow links only from who acted (default: both ways). */
  readonly directed?: boolean | undefined
  readonly name?: string | undefined
}

interface Drawn {
  readonly randomSeeds: number
  readonly draw: number
}

export interface NetworkSummary {
  readonly id: string
  readonly name: string
  readonly createdAt: string
  readonly status: NetworkRecord['status']
  readonly isNetwork?: boolean
  readonly members?: number
  readonly seeds: number
  /** Number of the draw, where the seeds were drawn at random. */
  readonly draw?: number
}

const KIND = 'network'
const MOST = 1_000
/** Deep enough for the soft labels around a large network's cut. */
const ROWS = 3_000

/** Networks as investigations: asked for, mapped in the background, labelled, undone, marked and mapped again. */
export class NetworkDesk {
  readonly #options: NetworkDeskOptions
  readonly #running = new Map<string, Promise<void>>()
  #summaries: Promise<Map<string, NetworkSummary>> | null = null

  constructor(options: NetworkDeskOptions) {
    this.#options = options
  }

  /** Begins a map and answers at once; `settled` resolves when it is done or failed. */
  async start(given: NewNetwork, by: Principal): Promise<{ id: string; settled: Promise<void> }> {
    const { clock, newId } = this.#options
    const createdAt = new Date(clock()).toISOString()
    const drawn = given.randomSeeds === undefined ? null : await this.#drawn(given.randomSeeds, given.draw)
    const record: NetworkRecord = {
      name: given.name ?? (drawn ? nameOfDraw(drawn) : `${given.seeds?.length} seeds`),
      createdAt,
      status: 'running',
      seeds: given.seeds ?? [],
      benign: given.benign ?? [],
      marks: [],
      ...(drawn ? { draw: drawn.draw } : {}),
      ...(given.directed ? { directed: true } : {}),
    }
    const id = newId()
    await this.#put(id, record, by)
    return { id, settled: this.#run(id, record, by, drawn) }
  }

  /** Newest first. Read once and kept up to date, because every poll of the console asks and a map is megabytes. */
  async list(): Promise<NetworkSummary[]> {
    const summaries = await this.#known()
    return [...summaries.values()].sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0))
  }

  /** Throws `http/not-found`. With `reveal` real ids are given; the caller has recorded that already. */
  async document(id: string, reveal: boolean): Promise<NetworkDocument> {
    const body = await this.#current(id)
    const name = reveal ? null : pseudonymsFrom(this.#options.pseudonymKey)
    return documentOf(id, body, await this.#labelState(id), name)
  }

  /** The finished map with real ids. Throws `http/not-found` or `http/conflict` while it is not done. */
  async map(id: string): Promise<NetworkMap> {
    const body = await this.#current(id)
    if (!body.map) throw new FirebreakError('http/conflict', ['This network is not mapped yet'])
    return body.map
  }

  /** The finished map with real ids, and what investigators said of accounts. */
  async judged(id: string): Promise<{ map: NetworkMap; marks: NetworkRecord['marks'] }> {
    const body = await this.#current(id)
    if (!body.map) throw new FirebreakError('http/conflict', ['This network is not mapped yet'])
    return { map: body.map, marks: body.marks }
  }

  /** Writes the map's labels; they end after 30 days. Repeating it renews them. */
  async applyLabels(id: string, by: Principal): Promise<number> {
    const map = await this.map(id)
    const labels = await applyNetworkLabels(this.#options.ledger, id, map, by, this.#options.clock())
    await this.#options.labelsChanged()
    return labels.length
  }

  async retractLabels(id: string, by: Principal): Promise<number> {
    await this.#get(id)
    const retracted = await retractNetworkLabels(this.#options.ledger, id, by)
    await this.#options.labelsChanged()
    return retracted
  }

  /** Notes an investigator's word on one account (real id or stand-in) and maps again with it. */
  async mark(id: string, account: string, mark: NetworkMark, by: Principal): Promise<void> {
    const { body, version } = await this.#get(id)
    if (!body.map || this.#running.has(id)) throw new FirebreakError('http/conflict', ['This network is being mapped'])
    const real = this.#realId(body.map, account)
    const marks = [...body.marks.filter(([other]) => other !== real), [real, mark] as const]
    const record: NetworkRecord = { ...body, marks, status: 'running' }
    if (!(await this.#put(id, record, by, version)))
      throw new FirebreakError('http/conflict', ['Somebody else changed it'])
    void this.#run(id, record, by)
  }

  /** Maps that a stop interrupted; they cannot be continued, but they can be asked for again. */
  async closeInterrupted(by: Principal): Promise<void> {
    for (const { id, body } of await this.#options.ledger.documents.list<NetworkRecord>(KIND)) {
      if (body.status !== 'running' || this.#running.has(id)) continue
      const error = { code: 'http/conflict', detail: 'The server stopped while this was being mapped; map it again.' }
      await this.#put(id, { ...body, status: body.map ? 'done' : 'failed', ...(body.map ? {} : { error }) }, by)
    }
  }

  async settled(): Promise<void> {
    await Promise.allSettled(this.#running.values())
  }

  /** A draw always has a number and is named by it: whoever doubts its answer can ask for the same accounts again. */
  async #drawn(randomSeeds: number, draw?: number): Promise<Drawn> {
    if (draw !== undefined) return { randomSeeds, draw }
    const taken = new Set([...(await this.#known()).values()].map((network) => network.draw))
    let next = 1
    while (taken.has(next)) next++
    return { randomSeeds, draw: next }
  }

  #run(id: string, record: NetworkRecord, by: Principal, drawn: Drawn | null = null): Promise<void> {
    const work = this.#mapRecord(id, record, by, drawn).finally(() => this.#running.delete(id))
    this.#running.set(id, work)
    return work
  }

  async #mapRecord(id: string, record: NetworkRecord, by: Principal, drawn: Drawn | null): Promise<void> {
    const { mapper, score, onFault } = this.#options
    try {
      const seeds = drawn ? await mapper.randomSeeds(drawn.randomSeeds, drawn.draw) : record.seeds
      const map = await mapper.map({ ...this.#query(record), seeds }, { limit: ROWS })
      const { error: _earlier, ...rest } = record
      await this.#put(id, { ...rest, seeds, status: 'done', map, ...(score ? { truth: await score(map) } : {}) }, by)
    } catch (error) {
      // The process is stopping; the next start says that this was interrupted.
      if (isFirebreakError(error) && error.code === 'ledger/closed') return
      const known = isFirebreakError(error) && error.status < 500
      if (!known) onFault(error)
      const shown = known
        ? { code: error.code, detail: error.message }
        : { code: 'internal/fault', detail: 'Mapping failed; the log has more.' }
      await this.#put(id, { ...record, status: 'failed', error: shown }, by).catch(onFault)
    }
  }

  #query({ seeds, benign, marks, directed }: NetworkRecord): MapQuery {
    const protectedAccounts = this.#options.protectedAccounts?.() ?? []
    return {
      seeds,
      ...(benign.length > 0 ? { benign } : {}),
      ...(directed ? { directed } : {}),
      ...(protectedAccounts.length > 0 ? { protectedAccounts } : {}),
      ...(marks.length > 0 ? { marks: new Map(marks) } : {}),
    }
  }

  #realId(map: NetworkMap, account: string): string {
    const name = pseudonymsFrom(this.#options.pseudonymKey)
    const ids = [...map.accounts.map((row) => row.account), ...map.seeds.map((seed) => seed.account)]
    const real = ids.find((one) => one === account || name(one) === account)
    if (real === undefined) throw new FirebreakError('http/not-found', ['account of this network with that id'])
    return real
  }

  async #labelState(id: string): Promise<LabelState | null> {
    const active = await this.#options.ledger.labels.active({ caseId: id })
    if (active.length === 0) return null
    const ends = active.map((label) => label.expiresAt ?? '').sort()
    return { active: active.length, expiresAt: ends.at(-1)! }
  }

  /** The record as it is read: people marked as victims since it was mapped are protected in it, and stand in no list of marks. */
  async #current(id: string): Promise<NetworkRecord> {
    const { body } = await this.#get(id)
    const { victims } = this.#options
    if (!body.map || !victims) return body
    const named = [...body.map.seeds, ...body.map.accounts].map(({ account }) => account)
    return { ...body, map: withVictims(body.map, await victims(named)) }
  }

  async #get(id: string): Promise<StoredDocument<NetworkRecord>> {
    const stored = await this.#options.ledger.documents.get<NetworkRecord>(KIND, id)
    if (!stored) throw new FirebreakError('http/not-found', ['network with that id'])
    return stored
  }

  async #put(id: string, record: NetworkRecord, by: Principal, ifVersion?: number): Promise<boolean> {
    const options = ifVersion === undefined ? {} : { ifVersion }
    const stored = await this.#options.ledger.documents.put(KIND, id, record, by, options)
    if (stored !== null) (await this.#known()).set(id, summaryOf(id, record))
    return stored !== null
  }

  #known(): Promise<Map<string, NetworkSummary>> {
    this.#summaries ??= this.#options.ledger.documents
      .list<NetworkRecord>(KIND, { limit: MOST })
      .then((stored) => new Map(stored.map(({ id, body }) => [id, summaryOf(id, body)])))
      .catch((error: unknown) => {
        this.#summaries = null
        throw error
      })
    return this.#summaries
  }
}

function nameOfDraw({ randomSeeds, draw }: Drawn): string {
  return `${randomSeeds} random accounts, draw ${draw}`
}

function summaryOf(id: string, record: NetworkRecord): NetworkSummary {
  const { name, createdAt, status, seeds, map, draw } = record
  return {
    id,
    name,
    createdAt,
    status,
    seeds: map ? map.seeds.length : seeds.length,
    ...(map ? { isNetwork: map.isNetwork, members: map.cut.size } : {}),
    ...(draw === undefined ? {} : { draw }),
  }
}
