import { FirebreakError } from '@firebreak/kernel'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** Node numbers share their word with two direction bits, so a graph holds fewer than 2^30 nodes. */
const MOST_NODES = 2 ** 30 - 1

/**
 * Strings ↔ dense numbers, without keeping a string per id: UTF-8 bytes in one block and an open-addressing table.
 * About 13 bytes per id beside its own bytes; a Map of strings takes some 100.
 */
export class IdTable {
  size = 0
  #bytes: Uint8Array
  /** Where each id's bytes end; the next one starts there. */
  #ends: Uint32Array
  /**
   * Slot → node + 1, 0 = free. A table of 2^k slots holds fewer than 2^k nodes, so the bits above k are free for those
   * of the hash, and most collisions are told apart without a look at the bytes.
   */
  #slots: Uint32Array
  #mask: number
  /** Hash of the bytes probed last. */
  #hash = 0
  #scratch = new Uint8Array(256)

  constructor(expected = 1024) {
    this.#bytes = new Uint8Array(expected * 8)
    this.#ends = new Uint32Array(expected)
    this.#slots = new Uint32Array(tableSize(expected))
    this.#mask = this.#slots.length - 1
  }

  /** The number of an id, a new one if it was not seen before. */
  intern(id: string): number {
    const length = this.#encode(id)
    return this.internBytes(this.#scratch, 0, length)
  }

  /** The same for UTF-8 bytes `[start, end)`: no string is made, for loaders that read bytes. */
  internBytes(bytes: Uint8Array, start: number, end: number): number {
    const slot = this.#probe(bytes, start, end)
    const held = this.#slots[slot]! & this.#mask
    if (held !== 0) return held - 1
    if (this.size >= MOST_NODES) throw new FirebreakError('graph/too-large', [MOST_NODES])
    const node = this.size++
    this.#store(node, bytes, start, end)
    this.#slots[slot] = (this.#hash & ~this.#mask) | (node + 1)
    if (this.size * 2 > this.#slots.length) this.#grow()
    return node
  }

  /** The number of an id, -1 when it was never interned. */
  find(id: string): number {
    const length = this.#encode(id)
    return (this.#slots[this.#probe(this.#scratch, 0, length)]! & this.#mask) - 1
  }

  idOf(node: number): string {
    if (node < 0 || node >= this.size) throw new FirebreakError('graph/node', [node, this.size])
    return decoder.decode(this.#bytes.subarray(node === 0 ? 0 : this.#ends[node - 1]!, this.#ends[node]!))
  }

  /** Order of two ids by their bytes. */
  compare(a: number, b: number): number {
    const bytes = this.#bytes
    let i = a === 0 ? 0 : this.#ends[a - 1]!
    let j = b === 0 ? 0 : this.#ends[b - 1]!
    const [endOfA, endOfB] = [this.#ends[a]!, this.#ends[b]!]
    for (; i < endOfA && j < endOfB; i++, j++) if (bytes[i] !== bytes[j]) return bytes[i]! - bytes[j]!
    return endOfA - i - (endOfB - j)
  }

  /** Numbers all ids anew: `order` is new → old, `rank` old → new. */
  renumber(order: Uint32Array, rank: Uint32Array): void {
    const { bytes: old, ends: oldEnds } = this.parts()
    const bytes = new Uint8Array(old.length)
    const ends = new Uint32Array(order.length)
    let at = 0
    for (let node = 0; node < order.length; node++) {
      const from = order[node] === 0 ? 0 : oldEnds[order[node]! - 1]!
      const to = oldEnds[order[node]!]!
      for (let i = from; i < to; i++) bytes[at++] = old[i]!
      ends[node] = at
    }
    this.#bytes = bytes
    this.#ends = ends
    const [slots, mask] = [this.#slots, this.#mask]
    for (let slot = 0; slot < slots.length; slot++) {
      const held = slots[slot]!
      if (held !== 0) slots[slot] = (held & ~mask) | (rank[(held & mask) - 1]! + 1)
    }
  }

  /** The bytes of all ids, and where each ends: what is stored. Views, not copies. */
  parts(): { bytes: Uint8Array; ends: Uint32Array } {
    const used = this.size === 0 ? 0 : this.#ends[this.size - 1]!
    return { bytes: this.#bytes.subarray(0, used), ends: this.#ends.subarray(0, this.size) }
  }

  static from(bytes: Uint8Array, ends: Uint32Array): IdTable {
    const table = new IdTable(0)
    table.#bytes = bytes
    table.#ends = ends
    table.size = ends.length
    table.#rehash(tableSize(ends.length))
    return table
  }

  /** Writes an id into the scratch bytes; ASCII by hand, since the encoder costs more than the whole look-up. */
  #encode(id: string): number {
    if (this.#scratch.length < id.length * 3) this.#scratch = new Uint8Array(id.length * 6)
    for (let i = 0; i < id.length; i++) {
      const code = id.charCodeAt(i)
      if (code > 127) return encoder.encodeInto(id, this.#scratch).written
      this.#scratch[i] = code
    }
    return id.length
  }

  /** The slot that holds these bytes, or the free one where they belong. */
  #probe(bytes: Uint8Array, start: number, end: number): number {
    const slots = this.#slots
    const mask = this.#mask
    const hash = hashOf(bytes, start, end)
    this.#hash = hash
    let slot = hash & mask
    for (;;) {
      const held = slots[slot]!
      if (held === 0) return slot
      if (((held ^ hash) & ~mask) === 0 && this.#equals((held & mask) - 1, bytes, start, end)) return slot
      slot = (slot + 1) & mask
    }
  }

  #equals(node: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = node === 0 ? 0 : this.#ends[node - 1]!
    if (this.#ends[node]! - from !== end - start) return false
    const own = this.#bytes
    for (let i = start, j = from; i < end; i++, j++) if (own[j] !== bytes[i]) return false
    return true
  }

  #store(node: number, bytes: Uint8Array, start: number, end: number): void {
    const from = node === 0 ? 0 : this.#ends[node - 1]!
    const to = from + end - start
    if (to > 0xffff_ffff) throw new FirebreakError('graph/too-large', [MOST_NODES])
    if (to > this.#bytes.length) this.#bytes = grown(this.#bytes, to)
    if (node >= this.#ends.length) this.#ends = grown(this.#ends, node + 1)
    for (let i = start, j = from; i < end; i++, j++) this.#bytes[j] = bytes[i]!
    this.#ends[node] = to
  }

  #grow(): void {
    this.#rehash(this.#slots.length * 2)
  }

  #rehash(size: number): void {
    const slots = new Uint32Array(size)
    const mask = size - 1
    let from = 0
    for (let node = 0; node < this.size; node++) {
      const to = this.#ends[node]!
      const hash = hashOf(this.#bytes, from, to)
      let slot = hash & mask
      while (slots[slot] !== 0) slot = (slot + 1) & mask
      slots[slot] = (hash & ~mask) | (node + 1)
      from = to
    }
    this.#slots = slots
    this.#mask = mask
  }
}

function tableSize(expected: number): number {
  let size = 16
  while (size < expected * 2) size *= 2
  return size
}

/** FNV-1a with a final mix, because ids often differ only in their last digits. */
function hashOf(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0x811c9dc5
  for (let i = start; i < end; i++) hash = Math.imul(hash ^ bytes[i]!, 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return (hash ^ (hash >>> 13)) >>> 0
}

/** A longer copy, half as long again or more. */
export function grown<T extends Uint8Array | Uint32Array>(array: T, atLeast: number): T {
  const length = Math.max(atLeast, Math.ceil(array.length * 1.5), 64)
  const bigger = array instanceof Uint8Array ? new Uint8Array(length) : new Uint32Array(length)
  bigger.set(array)
  return bigger as T
}
