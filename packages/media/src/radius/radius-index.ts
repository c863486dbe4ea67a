import { FirebreakError } from '@firebreak/kernel'
import { HASH_BYTES, PDQ_DISTANCE } from '../hash.ts'
import { byDistance, checkHash, linearScan, type Neighbour } from './linear-scan.ts'

/** Finds every stored hash within a distance of a query, exactly. */
export class RadiusIndex {
  #hashes: Uint8Array
  #count: number
  readonly #removed = new Set<number>()
  readonly radius: number

  private constructor(hashes: Uint8Array, radius: number) {
    this.#hashes = hashes
    this.#count = hashes.length / HASH_BYTES
    this.radius = radius
  }

  static build(hashes: Uint8Array, radius: number = PDQ_DISTANCE): RadiusIndex {
    return new RadiusIndex(hashes.slice(), radius)
  }

  /** Hashes that can be found: added and not removed. */
  get size(): number {
    return this.#count - this.#removed.size
  }

  add(hash: Uint8Array): number {
    checkHash(hash)
    const needed = (this.#count + 1) * HASH_BYTES
    if (needed > this.#hashes.length) {
      const grown = new Uint8Array(needed * 2)
      grown.set(this.#hashes.subarray(0, this.#count * HASH_BYTES))
      this.#hashes = grown
    }
    this.#hashes.set(hash, this.#count * HASH_BYTES)
    return this.#count++
  }

  remove(entry: number): void {
    if (!(entry >= 0 && entry < this.#count)) throw new FirebreakError('media/entry', [entry, this.#count])
    this.#removed.add(entry)
  }

  search(hash: Uint8Array, radius: number = this.radius): Neighbour[] {
    checkHash(hash)
    const found = linearScan(this.#hashes.subarray(0, this.#count * HASH_BYTES), hash, radius)
    return found.filter(({ entry }) => !this.#removed.has(entry)).sort(byDistance)
  }
}
