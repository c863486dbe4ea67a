import { fnv1a } from '@firebreak/kernel'
import type { RadiusIndex } from '@firebreak/media'
import { changesIn, type EntryChange, type JournalRow } from '../banks/changes.ts'
import { type Chunk, unpackChunk } from '../banks/chunk.ts'
import { HASH_BYTES, type HashKind, hexOf } from '../banks/kinds.ts'
import {
  type AggregateOpinion,
  aggregateOpinion,
  OPINION_CATEGORIES,
  type Opinion,
  positiveOwners,
} from '../banks/opinions.ts'
import { PDQ_DISTANCE, PDQ_QUALITY } from '../banks/settings.ts'
import { type BankState, slotOf } from './bank-state.ts'
import { DigestTable } from './digest-table.ts'
import { PdqPlaces } from './pdq-places.ts'
import { QUARANTINED, Slots, WITHDRAWN } from './slots.ts'

/** A hash that is asked about. */
export interface Query {
  readonly kind: HashKind
  readonly hash: Uint8Array
  /** PDQ quality (0 to 100); below 50 nothing is matched by distance. Unknown counts as good. */
  readonly quality?: number
  /** What the coin of banks that take part only in a share of queries is thrown by; the hash itself unless told. */
  readonly seed?: string
}

/** An entry that a query met. */
export interface Hit {
  readonly bank: BankState
  readonly entry: number
  readonly kind: HashKind
  readonly distance: number
  readonly opinion: AggregateOpinion
  /** How many different owners say that it is of the bank's class. */
  readonly positives: number
  readonly quarantined: boolean
}

const MINUTE = 60_000
const SPARE = 65_536
/** Few ids of a page are in a large bank, so most of them are passed over by their low bits. */
const FILTER_BITS = 20
const FILTER_MASK = (1n << BigInt(FILTER_BITS)) - 1n

/**
 * Every entry of every bank in memory: digests in tables, PDQ hashes in one exact radius index. State is the fold of the banks'
 * journal; rows are taken in its order. About 110 bytes per PDQ entry, index included.
 */
export class Matcher {
  readonly banks = new Map<number, BankState>()
  readonly slots = new Slots()
  /** The last journal row taken. */
  seq = 0
  readonly #owners: string[] = []
  readonly #ownerOf = new Map<string, number>()
  readonly #digests = new Map<HashKind, DigestTable>()
  readonly #pdq = new PdqPlaces()
  /** All opinions of slots that have more than their first. */
  readonly #opinions = new Map<number, Opinion[]>()
  readonly #refs = new Map<number, { first: number; refs: BigUint64Array }[]>()

  /** Takes one row. While loading, PDQ entries wait for `built()`; afterwards they match at once. */
  take(row: JournalRow): void {
    const bank = this.banks.get(row.bank)
    if (bank !== undefined) {
      if (row.operation === 'add') this.#add(bank, row.first, unpackChunk(row.body))
      else if (row.operation === 'change') for (const change of changesIn(row)) this.#change(bank, change)
    }
    this.seq = row.seq
  }

  /** Makes room for entries that will be taken before `built()`, so that nothing is copied while it grows. */
  expect(entries: number): this {
    // With room for the next ones: the first addition must not copy all columns.
    const room = entries + Math.max(SPARE, entries >> 4)
    this.slots.reserve(room)
    this.#pdq.expect(entries, room)
    return this
  }

  /** Builds the PDQ index over everything taken so far. Cost: seconds for ten million. */
  built(): this {
    this.#pdq.build()
    return this
  }

  /** What the query meets, nearest first: every bank within its own distance, negative banks included. */
  match(query: Query, at: number): Hit[] {
    const minutes = Math.floor(at / MINUTE)
    return query.kind === 'pdq' ? this.#near(query, at, minutes) : this.#equal(query, at, minutes)
  }

  /** Every opinion of an entry. */
  opinions(bank: BankState, entry: number): Opinion[] {
    const slot = slotOf(bank, entry)
    return slot < 0 ? [] : this.#opinionsAt(slot)
  }

  isWithdrawn(bank: BankState, entry: number): boolean {
    const slot = slotOf(bank, entry)
    return slot < 0 || (this.slots.flags[slot]! & WITHDRAWN) !== 0
  }

  isQuarantined(bank: BankState, entry: number): boolean {
    const slot = slotOf(bank, entry)
    return slot >= 0 && (this.slots.flags[slot]! & QUARANTINED) !== 0
  }

  /** Whether an entry decides anything now, and what. Null when it is withdrawn, expired or its bank is gone. */
  standing(bank: BankState, entry: number, at: number): Pick<Hit, 'opinion' | 'positives' | 'quarantined'> | null {
    const slot = slotOf(bank, entry)
    if (slot < 0 || !this.#alive(bank, slot, at, Math.floor(at / MINUTE))) return null
    return this.#standingAt(slot)
  }

  /** Entries that wait for a person. One pass over the bank. */
  quarantined(bank: BankState): number[] {
    if (bank.quarantined === 0) return []
    const found: number[] = []
    for (const { entry, slot, count } of bank.runs)
      for (let i = 0; i < count; i++) if ((this.slots.flags[slot + i]! & QUARANTINED) !== 0) found.push(entry + i)
    return found
  }

  /** Whether the entry, withdrawn or not, has exactly this hash. */
  holds(bank: BankState, entry: number, kind: HashKind, hash: Uint8Array): boolean {
    const slot = slotOf(bank, entry)
    if (slot < 0) return false
    if (kind !== 'pdq') return this.#digests.get(kind)?.find(hash).includes(slot) ?? false
    return this.#pdq.search(hash, 0).some((near) => near.slot === slot)
  }

  /** Entry numbers by the keyed hashes of their source ids, withdrawn ones included. One pass over the bank's ids: 20 ms for ten million. */
  entriesOf(bank: number, wanted: ReadonlySet<bigint>): Map<bigint, number[]> {
    const found = new Map<bigint, number[]>()
    if (wanted.size === 0) return found
    const maybe = new Uint8Array(1 << FILTER_BITS)
    for (const ref of wanted) maybe[Number(ref & FILTER_MASK)] = 1
    const mask = Number(FILTER_MASK)
    for (const { first, refs } of this.#refs.get(bank) ?? []) {
      const low = new Uint32Array(refs.buffer, refs.byteOffset, refs.length * 2)
      for (let i = 0; i < refs.length; i++) {
        if (maybe[low[i * 2]! & mask] === 0 || !wanted.has(refs[i]!)) continue
        const entries = found.get(refs[i]!)
        if (entries === undefined) found.set(refs[i]!, [first + i])
        else entries.push(first + i)
      }
    }
    return found
  }

  /** The PDQ index, for whoever keeps it compact; null while loading. */
  get index(): RadiusIndex | null {
    return this.#pdq.index
  }

  get entries(): number {
    return this.slots.count
  }

  #near(query: Query, at: number, minutes: number): Hit[] {
    const { hash, quality } = query
    if (quality !== undefined && quality < PDQ_QUALITY) return []
    const hits: Hit[] = []
    for (const { slot, distance } of this.#pdq.search(hash, PDQ_DISTANCE)) {
      const bank = this.banks.get(this.slots.bank[slot]!)
      if (bank === undefined || distance > bank.settings.distance || !this.#alive(bank, slot, at, minutes)) continue
      if (!takesPart(bank, query)) continue
      hits.push({ bank, entry: this.slots.entry[slot]!, kind: 'pdq', distance, ...this.#standingAt(slot) })
    }
    return hits
  }

  #equal(query: Query, at: number, minutes: number): Hit[] {
    const { kind, hash } = query
    const hits: Hit[] = []
    for (const slot of this.#digests.get(kind)?.find(hash) ?? []) {
      const bank = this.banks.get(this.slots.bank[slot]!)
      if (bank === undefined || !this.#alive(bank, slot, at, minutes) || !takesPart(bank, query)) continue
      hits.push({ bank, entry: this.slots.entry[slot]!, kind, distance: 0, ...this.#standingAt(slot) })
    }
    return hits
  }

  #alive(bank: BankState, slot: number, at: number, minutes: number): boolean {
    if (bank.removed || (this.slots.flags[slot]! & WITHDRAWN) !== 0) return false
    const { expiresAt } = bank.settings
    if (expiresAt !== null && Date.parse(expiresAt) <= at) return false
    const expires = this.slots.expires[slot]!
    return expires === 0 || expires > minutes
  }

  #standingAt(slot: number): Pick<Hit, 'opinion' | 'positives' | 'quarantined'> {
    const opinions = this.#opinionsAt(slot)
    return {
      opinion: aggregateOpinion(opinions.map(({ category }) => category)),
      positives: positiveOwners(opinions),
      quarantined: (this.slots.flags[slot]! & QUARANTINED) !== 0,
    }
  }

  #opinionsAt(slot: number): Opinion[] {
    return (
      this.#opinions.get(slot) ?? [
        {
          owner: this.#owners[this.slots.owner[slot]!]!,
          category: OPINION_CATEGORIES[this.slots.category[slot]!]!,
        },
      ]
    )
  }

  #add(bank: BankState, first: number, chunk: Chunk): void {
    const { slots } = this
    slots.reserve(chunk.count)
    const start = slots.count
    const owners = chunk.owners.map((owner) => this.#ownerNumber(owner))
    for (let i = 0; i < chunk.count; i++) {
      const slot = start + i
      slots.bank[slot] = bank.id
      slots.entry[slot] = first + i
      slots.owner[slot] = owners[chunk.owner[i]!]!
    }
    slots.category.set(chunk.category, start)
    slots.expires.set(chunk.expires, start)
    slots.count += chunk.count
    bank.runs.push({ entry: first, slot: start, count: chunk.count })
    bank.entries = first + chunk.count
    for (const [i, { opinions }] of chunk.more)
      if (opinions !== undefined) this.#opinions.set(start + i, [...this.#opinionsAt(start + i), ...opinions])
    if (chunk.refs !== null) this.#refsOf(bank.id).push({ first, refs: chunk.refs })
    this.#index(chunk, start)
  }

  #index(chunk: Chunk, start: number): void {
    if (chunk.kind === 'pdq') return this.#pdq.add(chunk.hashes, start)
    const width = HASH_BYTES[chunk.kind]
    const table = this.#digestsOf(chunk.kind)
    table.reserve(chunk.count)
    for (let i = 0; i < chunk.count; i++) table.add(chunk.hashes.subarray(i * width, (i + 1) * width), start + i)
  }

  #change(bank: BankState, change: EntryChange): void {
    const slot = slotOf(bank, change.entry)
    if (slot < 0) return
    const { flags } = this.slots
    switch (change.do) {
      case 'withdraw':
        if ((flags[slot]! & WITHDRAWN) === 0) bank.withdrawn++
        flags[slot]! |= WITHDRAWN
        return
      case 'restore':
        if ((flags[slot]! & WITHDRAWN) !== 0) bank.withdrawn--
        flags[slot]! &= ~WITHDRAWN
        return
      case 'quarantine':
        if ((flags[slot]! & QUARANTINED) === 0) bank.quarantined++
        flags[slot]! |= QUARANTINED
        return
      case 'release':
        if ((flags[slot]! & QUARANTINED) !== 0) bank.quarantined--
        flags[slot]! &= ~QUARANTINED
        bank.floodLimits.set(change.entry, change.floodLimit)
        return
      case 'expire':
        this.slots.expires[slot] = change.at === null ? 0 : Math.ceil(change.at / MINUTE)
        return
      default:
        this.#opine(slot, change)
    }
  }

  #opine(slot: number, change: Extract<EntryChange, { owner: string }>): void {
    const others = this.#opinionsAt(slot).filter(({ owner }) => owner !== change.owner)
    const own = change.do === 'opinion' ? [{ owner: change.owner, category: change.category }] : []
    this.#opinions.set(slot, [...others, ...own])
  }

  #ownerNumber(owner: string): number {
    const known = this.#ownerOf.get(owner)
    if (known !== undefined) return known
    // Beyond 65,535 owners they share the last number: nobody's opinion is lost, only its name.
    const number = Math.min(this.#owners.length, 65_535)
    this.#owners[number] = owner
    this.#ownerOf.set(owner, number)
    return number
  }

  #digestsOf(kind: HashKind): DigestTable {
    let table = this.#digests.get(kind)
    if (table === undefined) {
      table = new DigestTable(HASH_BYTES[kind])
      this.#digests.set(kind, table)
    }
    return table
  }

  #refsOf(bank: number): { first: number; refs: BigUint64Array }[] {
    let refs = this.#refs.get(bank)
    if (refs === undefined) {
      refs = []
      this.#refs.set(bank, refs)
    }
    return refs
  }
}

/** The same query always falls on the same side, whichever process answers. */
function takesPart({ name, settings }: BankState, { hash, seed }: Query): boolean {
  const { enabledRatio } = settings
  if (enabledRatio >= 1) return true
  return fnv1a(`${seed ?? hexOf(hash)} ${name}`) / 4_294_967_296 < enabledRatio
}
