import { FirebreakError } from '@firebreak/kernel'
import { HASH_BITS, HASH_BYTES, PDQ_DISTANCE } from '../hash.ts'
import { Generation, type SharedGeneration } from './generation.ts'
import { checkHash, type Neighbour } from './linear-scan.ts'
import { choosePlan } from './plan.ts'
import { readIndex, storeIndex } from './stored-index.ts'

/** A build costs about as much as this many passes over all hashes. */
const SEARCHES_A_BUILD = 200

/** A memory of an index that a worker may search at the same time; passes through `postMessage` without a copy. */
export interface SharedIndex {
  readonly radius: number
  readonly generation: SharedGeneration
}

/** What a worker can do with a shared index. It sees additions and removals at once, until the index is compacted. */
export interface RadiusReader {
  readonly size: number
  search(hash: Uint8Array, radius?: number, most?: number): Neighbour[]
}

/**
 * Finds every stored hash within a distance of a query, exactly: nothing is ever missed, whatever the hashes are like.
 * About 0.1 ms among a million uniformly distributed hashes and 0.3 ms among ten million at radius 31; where hashes are so
 * alike that the chunks do not help, one pass over all of them instead (1 ms a million).
 *
 * Added and removed hashes count from the next search on. Additions since the last build are scanned one by one: compact
 * when `delta` has grown to some 100,000.
 */
export class RadiusIndex {
  #generation: Generation
  /** The distance that searches are planned for. Smaller ones are faster, larger ones may need a pass over all hashes. */
  readonly radius: number

  private constructor(generation: Generation, radius: number) {
    this.#generation = generation
    this.radius = radius
  }

  /**
   * From hashes laid one after the other, 32 bytes each; the entry number is the place. About 3 s for ten million, in
   * about 100 bytes of memory for each. Where only a few `searches` follow, chunks are not worth their building: each
   * search is then a pass over all. Throws `media/hash` for other lengths, `media/index-full` beyond some 40 million.
   */
  static build(
    hashes: Uint8Array,
    radius: number = PDQ_DISTANCE,
    searches: number = Number.POSITIVE_INFINITY,
  ): RadiusIndex {
    if (hashes.length % HASH_BYTES !== 0) throw new FirebreakError('media/hash', [`${hashes.length} bytes`])
    const count = hashes.length / HASH_BYTES
    const plan = searches < SEARCHES_A_BUILD ? null : choosePlan(count, radius)
    const generation = Generation.empty(plan, count)
    generation.fill(hashes)
    generation.sortChunks()
    return new RadiusIndex(generation, radius)
  }

  /** The index in a buffer that `toBuffer` wrote. Throws `media/index-buffer` or `media/index-version`. */
  static from(buffer: ArrayBuffer | SharedArrayBuffer): RadiusIndex {
    const { generation, radius } = readIndex(buffer)
    return new RadiusIndex(generation, radius)
  }

  /** A reader of another thread's index over the same memory. Throws `media/index-readers` beyond eight threads. */
  static open({ generation, radius }: SharedIndex): RadiusReader {
    const shared = Generation.over(generation)
    return {
      get size() {
        return shared.count - shared.removed
      },
      search: (hash, within = radius, most = Number.POSITIVE_INFINITY) => searchIn(shared, hash, within, most),
    }
  }

  /** For `RadiusIndex.open` in a worker. */
  share(): SharedIndex {
    return { radius: this.radius, generation: this.#generation.shared }
  }

  /** Everything in one buffer with a version, about as large as the memory in use. */
  toBuffer(): ArrayBuffer {
    return storeIndex(this.#generation, this.radius)
  }

  /** Hashes that can be found: added and not removed. */
  get size(): number {
    return this.#generation.count - this.#generation.removed
  }

  /** Hashes added since the last build or compaction. */
  get delta(): number {
    return this.#generation.count - this.#generation.indexed
  }

  /** Bytes of memory set aside; those for hashes to come are not in use yet. */
  get memoryBytes(): number {
    return this.#generation.layout.bytes
  }

  /** The hash can be found from now on under the returned entry number, which is never used again for another. */
  add(hash: Uint8Array): number {
    checkHash(hash)
    if (this.#generation.full) this.compact()
    return this.#generation.add(hash)
  }

  /** The entry cannot be found any more. Removing it again changes nothing. Throws `media/entry` where there is none. */
  remove(entry: number): void {
    const { count } = this.#generation
    if (!Number.isInteger(entry) || entry < 0 || entry >= count) throw new FirebreakError('media/entry', [entry, count])
    this.#generation.remove(entry)
  }

  /**
   * Every entry within the radius, nearest first (ties in the order of entries); at most the `most` nearest where that is
   * given, which keeps the answer small when a bank holds one picture a million times. Throws `media/hash` where the query
   * is not 32 bytes.
   */
  search(hash: Uint8Array, radius: number = this.radius, most: number = Number.POSITIVE_INFINITY): Neighbour[] {
    return searchIn(this.#generation, hash, radius, most)
  }

  /** Builds anew with what was added, in this thread; as long as a build. See `compactInBackground`. */
  compact(): void {
    this.#generation = compacted(this.#generation, this.radius)
  }

  /**
   * Lets `build` make the next memory elsewhere, from what is shared with it, while searches, additions and removals go on
   * here; then takes over what changed meanwhile. Nothing happens if the index was compacted otherwise in between.
   */
  async compactWith(build: (index: SharedIndex) => Promise<SharedIndex>): Promise<void> {
    const before = this.#generation
    const next = Generation.over((await build(this.share())).generation)
    if (this.#generation !== before || before.count > next.layout.capacity) return
    next.catchUp(before)
    this.#generation = next
  }
}

/** A new memory with all that the shared one holds: the part of a compaction that can run in another thread. */
export function compactShared({ generation, radius }: SharedIndex): SharedIndex {
  return { radius, generation: compacted(Generation.over(generation), radius).shared }
}

function compacted(older: Generation, radius: number): Generation {
  const { count } = older
  const next = Generation.empty(choosePlan(count - older.removed, radius), count)
  next.copyFrom(older, count)
  next.sortChunks()
  return next
}

function searchIn(generation: Generation, hash: Uint8Array, radius: number, most: number): Neighbour[] {
  checkHash(hash)
  if (!(radius >= 0 && most >= 1)) return []
  return generation.search(hash, Math.min(HASH_BITS, Math.floor(radius)), most)
}
