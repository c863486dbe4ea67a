/** A text as the characters a reader sees: one unit each, with where it came from. Buffers are reused between texts. */
export class Units {
  length = 0
  kind = new Uint8Array(0)
  /** The first reading: a class (code point of a folded letter, digit or symbol). */
  letter = new Int32Array(0)
  /** The code point as written (after escapes). */
  raw = new Int32Array(0)
  /** UTF-16 offsets into the text as given. */
  start = new Int32Array(0)
  end = new Int32Array(0)
  how = new Uint16Array(0)

  /** Empties it and makes room for `count` units. */
  reset(count: number): void {
    this.length = 0
    if (this.kind.length >= count && this.kind.length < 1_000_000 + 4 * count) return
    const size = Math.max(1024, Math.ceil(count * 1.25))
    this.kind = new Uint8Array(size)
    this.letter = new Int32Array(size)
    this.raw = new Int32Array(size)
    this.start = new Int32Array(size)
    this.end = new Int32Array(size)
    this.how = new Uint16Array(size)
  }

  copyUnit(from: Units, at: number, to: number): void {
    this.kind[to] = from.kind[at]!
    this.letter[to] = from.letter[at]!
    this.raw[to] = from.raw[at]!
    this.start[to] = from.start[at]!
    this.end[to] = from.end[at]!
    this.how[to] = from.how[at]!
  }
}
