/** Flags of a slot; a withdrawn slot never matches, a quarantined one decides nothing. */
export const WITHDRAWN = 1
export const QUARANTINED = 2
const GROW = 1.3

/** What the matcher knows of each entry, in columns over a slot number that all banks share: 14 bytes an entry besides its hash. */
export class Slots {
  count = 0
  bank = new Uint16Array(1024)
  entry = new Uint32Array(1024)
  /** Position in the owners' list of the first opinion. */
  owner = new Uint16Array(1024)
  /** Category of the first opinion. */
  category = new Uint8Array(1024)
  flags = new Uint8Array(1024)
  /** Minutes since 1970, 0 for never. */
  expires = new Uint32Array(1024)

  reserve(more: number): void {
    const needed = this.count + more
    if (needed <= this.bank.length) return
    const size = this.count === 0 ? needed : Math.max(needed, Math.ceil(this.count * GROW))
    this.bank = grown(this.bank, new Uint16Array(size))
    this.entry = grown(this.entry, new Uint32Array(size))
    this.owner = grown(this.owner, new Uint16Array(size))
    this.category = grown(this.category, new Uint8Array(size))
    this.flags = grown(this.flags, new Uint8Array(size))
    this.expires = grown(this.expires, new Uint32Array(size))
  }
}

function grown<T extends Uint8Array | Uint16Array | Uint32Array>(from: T, to: T): T {
  to.set(from)
  return to
}
