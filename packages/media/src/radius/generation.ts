import { FirebreakError } from '@firebreak/kernel'
import {
  CORE_BASE,
  coreOver,
  memoryFor,
  NEXT_AT,
  type RadiusCore,
  RESULTS_AT,
  SLOT_BYTES,
} from '../core/radius-core.ts'
import type { WasmMemory } from '../core/wasm.ts'
import { HASH_BITS, HASH_BYTES } from '../hash.ts'
import { capacityFor, type Layout, layoutFor, PLAN_ROW, READERS } from './layout.ts'
import { byDistance, type Neighbour } from './linear-scan.ts'
import { permutationTable } from './permutation.ts'
import { type Plan, reachesFor } from './plan.ts'

/** What another thread needs to read the same memory; passes through `postMessage` without a copy. */
export interface SharedGeneration {
  readonly memory: WasmMemory<SharedArrayBuffer>
  readonly plan: Plan | null
  readonly indexed: number
  readonly capacity: number
}

const ADDRESSES = 2 ** 32
/** More entries than this to look at, and one pass over all hashes is cheaper: a sixteenth of them. */
const CANDIDATE_SHARE = 16
const FEWEST_CANDIDATES = 4096
/** Neighbours beyond those asked for that are kept before they are sorted out. */
const TRIM_AT = 16_384
/** Words of the counters. */
const COUNT = 0
const REMOVED = 1
const READER = 2

/**
 * One memory with its chunks: hashes present at the build are found through the chunks, those added since by a scan of
 * their own, removed ones are marked and left out. Hashes lie in permuted bit order.
 */
export class Generation {
  readonly plan: Plan | null
  readonly indexed: number
  readonly layout: Layout
  readonly core: RadiusCore
  #slot = 0
  #planRows = 0
  readonly #counters: number
  readonly #reaches = new Map<number, number[] | null>()
  #preparedRadius = -1
  /** Never touched, so no memory in fact: the collector does not count shared memory and would let old generations pile up. */
  readonly weight: ArrayBuffer

  private constructor(core: RadiusCore, plan: Plan | null, indexed: number, layout: Layout) {
    this.core = core
    this.plan = plan
    this.indexed = indexed
    this.layout = layout
    this.#counters = layout.counters / 4
    this.weight = new ArrayBuffer(layout.bytes)
  }

  /** Working room of this thread, taken when it is first needed. */
  #room(): number {
    if (this.#slot > 0) return this.#slot
    const reader = Atomics.add(this.core.words, this.#counters + READER, 1)
    if (reader >= READERS) throw new FirebreakError('media/index-readers', [READERS])
    this.#planRows = this.layout.plans + reader * (this.plan?.widths.length ?? 0) * PLAN_ROW
    this.#slot = this.layout.slots + reader * SLOT_BYTES
    return this.#slot
  }

  /** Room for `indexed` hashes and those to come; the caller fills in hashes and sorts chunks, or copies them in. */
  static empty(plan: Plan | null, indexed: number, places: number = indexed): Generation {
    const layout = layoutFor(plan, indexed, capacityFor(places), CORE_BASE, SLOT_BYTES)
    if (layout.bytes > ADDRESSES) throw new FirebreakError('media/index-full', [indexed])
    const core = coreOver(memoryFor(layout))
    core.bytes.set(permutationTable(), layout.table)
    core.words[layout.counters / 4 + COUNT] = indexed
    return new Generation(core, plan, indexed, layout)
  }

  /** The same memory in another thread: read only. */
  static over({ memory, plan, indexed, capacity }: SharedGeneration): Generation {
    return new Generation(coreOver(memory), plan, indexed, layoutFor(plan, indexed, capacity, CORE_BASE, SLOT_BYTES))
  }

  get shared(): SharedGeneration {
    const { core, plan, indexed, layout } = this
    return { memory: core.memory, plan, indexed, capacity: layout.capacity }
  }

  /** Places used, removed ones included. */
  get count(): number {
    return Atomics.load(this.core.words, this.#counters + COUNT)
  }

  get removed(): number {
    return Atomics.load(this.core.words, this.#counters + REMOVED)
  }

  get full(): boolean {
    return this.count === this.layout.capacity
  }

  /** Brings hashes into the order of bits used here, from the first place on. */
  fill(hashes: Uint8Array): void {
    const { core, layout } = this
    core.bytes.set(hashes, layout.hashes)
    core.exports.permute(layout.hashes, layout.hashes, hashes.length / HASH_BYTES, layout.table)
  }

  sortChunks(): void {
    const { core, layout, indexed, plan } = this
    const { hashes, removed, starts, entries } = layout
    const room = this.#roomForSorting()
    let bit = 0
    for (const [i, width] of (plan?.widths ?? []).entries()) {
      // Lists of chunks still to come are free; the last chunk but one has one of them, the last none.
      const [values = 0, order = 0] = [...entries.slice(i + 1, i + 3), ...room]
      const dealt = order > 0 ? values : 0
      core.exports.sortChunk(hashes, indexed, removed, bit, width, starts[i]!, entries[i]!, dealt, order, layout.slots)
      bit += width
    }
  }

  /** The places for hashes to come, where they are room enough for a list of all entries. */
  #roomForSorting(): number[] {
    const { hashes, capacity } = this.layout
    const free = (capacity - this.indexed) * HASH_BYTES
    return free >= 4 * this.indexed ? [hashes + this.indexed * HASH_BYTES] : []
  }

  /** Takes over the first `count` hashes and all marks of another generation. */
  copyFrom({ core, layout }: Generation, count: number): void {
    this.core.bytes.set(core.bytes.subarray(layout.hashes, layout.hashes + count * HASH_BYTES), this.layout.hashes)
    this.copyMarks(core.bytes.subarray(layout.removed, layout.removed + (count >> 3) + 1))
  }

  /** Marks of removed entries, one bit each. */
  copyMarks(marks: Uint8Array): void {
    this.core.bytes.set(marks, this.layout.removed)
    Atomics.store(this.core.words, this.#counters + REMOVED, bitsSet(marks))
  }

  /** After everything was copied in: `count` places are in use, and the marks say how many of them are removed. */
  restore(count: number): void {
    Atomics.store(this.core.words, this.#counters + COUNT, count)
    const { removed } = this.layout
    this.copyMarks(this.core.bytes.slice(removed, removed + (count >> 3) + 1))
  }

  /** Takes over what was added to `older` since it had `indexed` places, and what was removed from it. */
  catchUp(older: Generation): void {
    const { hashes } = older.layout
    const from = this.indexed * HASH_BYTES
    const added = older.core.bytes.subarray(hashes + from, hashes + older.count * HASH_BYTES)
    this.core.bytes.set(added, this.layout.hashes + from)
    this.copyMarks(older.core.bytes.subarray(older.layout.removed, older.layout.removed + (older.count >> 3) + 1))
    Atomics.store(this.core.words, this.#counters + COUNT, older.count)
  }

  /** The caller has made sure that there is a place left. */
  add(hash: Uint8Array): number {
    const { core, layout, count } = this
    const slot = this.#room()
    core.bytes.set(hash, slot)
    core.exports.permute(slot, layout.hashes + count * HASH_BYTES, 1, layout.table)
    // Readers in other threads look only at places below the count.
    Atomics.store(core.words, this.#counters + COUNT, count + 1)
    return count
  }

  remove(entry: number): void {
    const { words, bytes } = this.core
    const at = this.layout.removed + (entry >>> 3)
    const mark = 1 << (entry & 7)
    if ((Atomics.or(bytes, at, mark) & mark) === 0) Atomics.add(words, this.#counters + REMOVED, 1)
  }

  search(hash: Uint8Array, radius: number, most: number): Neighbour[] {
    const { core, layout, count } = this
    const slot = this.#room()
    core.bytes.set(hash, slot)
    core.exports.permute(slot, slot, 1, layout.table)
    let found: Neighbour[] = []
    const first = this.#throughChunks(radius, found) ? this.indexed : 0
    let within = radius
    for (let next = first; next < count && within >= 0; next = core.words[(slot + NEXT_AT) / 4]!) {
      this.#take(core.exports.scan(slot, layout.hashes, layout.removed, next, count, within), found)
      if (found.length < most + TRIM_AT) continue
      found = nearest(found, most)
      // What is scanned later stands behind in order, so only nearer ones still count.
      within = found[most - 1]!.distance - 1
    }
    return nearest(found, most)
  }

  #throughChunks(radius: number, found: Neighbour[]): boolean {
    const { core, layout, indexed, plan } = this
    if (!plan || !this.#prepare(radius)) return false
    const most = Math.max(FEWEST_CANDIDATES, Math.floor(indexed / CANDIDATE_SHARE))
    const { hashes, removed } = layout
    const met = core.exports.search(this.#slot, this.#planRows, plan.widths.length, hashes, removed, radius, most)
    if (met < 0) return false
    this.#take(met, found)
    return true
  }

  #take(count: number, found: Neighbour[]): void {
    const { words } = this.core
    const at = (this.#slot + RESULTS_AT) / 4
    for (let i = 0; i < count; i++) found.push({ entry: words[at + 2 * i]!, distance: words[at + 2 * i + 1]! })
  }

  /** Writes the plan for this radius where the core reads it; false where the chunks cannot serve it. */
  #prepare(radius: number): boolean {
    const { words } = this.core
    const reaches = this.#reachesFor(radius)
    if (!reaches || radius === this.#preparedRadius) return reaches !== null
    let bit = 0
    for (const [i, width] of this.plan!.widths.entries()) {
      const row = (this.#planRows + i * PLAN_ROW) / 4
      words.set([bit, width, reaches[i]!, 0, this.layout.starts[i]!, this.layout.entries[i]!], row)
      bit += width
    }
    this.#preparedRadius = radius
    return true
  }

  #reachesFor(radius: number): number[] | null {
    const known = this.#reaches.get(radius)
    if (known !== undefined) return known
    const reaches = radius < HASH_BITS ? reachesFor(this.plan!, this.indexed, radius) : null
    this.#reaches.set(radius, reaches)
    return reaches
  }
}

function bitsSet(bytes: Uint8Array): number {
  let sum = 0
  for (let byte of bytes) for (; byte !== 0; byte &= byte - 1) sum++
  return sum
}

/** The nearest ones in order, each entry once: it is met in every chunk that holds it. */
function nearest(found: Neighbour[], most: number): Neighbour[] {
  found.sort(byDistance)
  const single = found.filter(({ entry }, i) => entry !== found[i - 1]?.entry)
  return single.length > most ? single.slice(0, most) : single
}
