import { RadiusIndex } from '@firebreak/media'
import { HASH_BYTES } from '../banks/kinds.ts'
import { PDQ_DISTANCE } from '../banks/settings.ts'

/** A slot whose PDQ hash is near a query. */
export interface NearSlot {
  readonly slot: number
  readonly distance: number
}

const WIDTH = HASH_BYTES.pdq
const GROW = 1.5

/** PDQ hashes by slot: collected first, then built into one exact radius index at once; later ones are added to it. */
export class PdqPlaces {
  /** Hashes on their way into the first index, one after the other; pages never written to take no memory. */
  #loading = new Uint8Array(0)
  #index: RadiusIndex | null = null
  /** Slot of each place in the index. */
  #slots = new Uint32Array(1024)
  #count = 0

  /** The index, for whoever keeps it compact; null while loading. */
  get index(): RadiusIndex | null {
    return this.#index
  }

  /** Makes room for hashes that come before `build`, and for some after. */
  expect(entries: number, room: number): void {
    this.#loading = new Uint8Array(entries * WIDTH)
    this.#slots = new Uint32Array(room)
  }

  /** Hashes one after the other, for slots that follow one another. */
  add(hashes: Uint8Array, firstSlot: number): void {
    const count = hashes.length / WIDTH
    if (this.#index === null) this.#collect(hashes)
    for (let i = 0; i < count; i++) {
      const place = this.#index?.add(hashes.subarray(i * WIDTH, (i + 1) * WIDTH)) ?? this.#count
      this.#placed(place, firstSlot + i)
    }
  }

  /** Cost: seconds for ten million. */
  build(): void {
    this.#index = RadiusIndex.build(this.#loading.subarray(0, this.#count * WIDTH), PDQ_DISTANCE)
    this.#loading = new Uint8Array(0)
  }

  search(hash: Uint8Array, distance: number): NearSlot[] {
    const found = this.#index?.search(hash, distance) ?? []
    return found.map((near) => ({ slot: this.#slots[near.entry]!, distance: near.distance }))
  }

  #collect(hashes: Uint8Array): void {
    const from = this.#count * WIDTH
    const needed = from + hashes.length
    if (needed > this.#loading.length) {
      const grown = new Uint8Array(Math.ceil(needed * GROW))
      grown.set(this.#loading.subarray(0, from))
      this.#loading = grown
    }
    this.#loading.set(hashes, from)
  }

  #placed(place: number, slot: number): void {
    if (place >= this.#slots.length) {
      const grown = new Uint32Array(Math.ceil((place + 1) * GROW))
      grown.set(this.#slots)
      this.#slots = grown
    }
    this.#slots[place] = slot
    this.#count = Math.max(this.#count, place + 1)
  }
}
