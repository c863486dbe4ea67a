/**
 * Which slots hold a digest: an open-addressing table over flat arrays. A Map of strings would need ten times the memory.
 * Equal digests stand beside each other, so one look finds all their slots.
 */
export class DigestTable {
  readonly #width: number
  #bytes: Uint8Array
  #slots: Uint32Array
  #table: Uint32Array
  #count = 0

  /** `width`: bytes of a digest. `expected`: how many will come at once. */
  constructor(width: number, expected = 1024) {
    this.#width = width
    this.#bytes = new Uint8Array(expected * width)
    this.#slots = new Uint32Array(expected)
    this.#table = new Uint32Array(tableSize(expected))
  }

  get size(): number {
    return this.#count
  }

  add(digest: Uint8Array, slot: number): void {
    if (this.#count === this.#slots.length) this.#grow(this.#count * 2)
    this.#bytes.set(digest, this.#count * this.#width)
    this.#slots[this.#count] = slot
    this.#place(this.#count++)
  }

  /** Makes room for more at once. */
  reserve(more: number): void {
    if (this.#count + more > this.#slots.length) this.#grow(this.#count + more)
  }

  /** The slots of an equal digest, in the order they were added. Cost: a few reads. */
  find(digest: Uint8Array): number[] {
    const found: number[] = []
    const mask = this.#table.length - 1
    for (let at = startOf(digest, 0) & mask; this.#table[at] !== 0; at = (at + 1) & mask) {
      const entry = this.#table[at]! - 1
      if (this.#equals(entry, digest)) found.push(this.#slots[entry]!)
    }
    return found
  }

  #equals(entry: number, digest: Uint8Array): boolean {
    const from = entry * this.#width
    for (let i = 0; i < this.#width; i++) if (this.#bytes[from + i] !== digest[i]) return false
    return true
  }

  #place(entry: number): void {
    const mask = this.#table.length - 1
    let at = startOf(this.#bytes, entry * this.#width) & mask
    while (this.#table[at] !== 0) at = (at + 1) & mask
    this.#table[at] = entry + 1
  }

  #grow(to: number): void {
    const size = Math.max(to, 1024)
    const bytes = new Uint8Array(size * this.#width)
    bytes.set(this.#bytes.subarray(0, this.#count * this.#width))
    this.#bytes = bytes
    const slots = new Uint32Array(size)
    slots.set(this.#slots.subarray(0, this.#count))
    this.#slots = slots
    const wanted = tableSize(size)
    if (wanted === this.#table.length) return
    this.#table = new Uint32Array(wanted)
    for (let entry = 0; entry < this.#count; entry++) this.#place(entry)
  }
}

/** Digests are uniform, but an exchange is outside data: the first and last words are mixed, so that a common prefix costs nothing. */
function startOf(bytes: Uint8Array, at: number): number {
  const first = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
  const next = bytes[at + 8]! | (bytes[at + 9]! << 8) | (bytes[at + 10]! << 16) | (bytes[at + 11]! << 24)
  return Math.imul(first ^ Math.imul(next, 0x9e3779b1), 0x85ebca6b) >>> 4
}

function tableSize(entries: number): number {
  let size = 2048
  while (size < entries * 1.6) size *= 2
  return size
}
