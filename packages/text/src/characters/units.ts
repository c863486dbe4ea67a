/** A text as the characters a reader sees: one unit each, with where it came from. Buffers are reused between texts. */
export class Units {
  length = 0
  /** Some unit is inside a hashtag, or of a script with vowel signs or without blanks (from U+0900): a closer look. */
  hasInner = false
  kind = new Uint8Array(0)
  /** The first reading: a class (code point of a folded letter, digit or symbol). */
  letter = new Int32Array(0)
  /** The code point as written (after escapes). */
  raw = new Int32Array(0)
  /** UTF-16 offsets into the text as given. */
  start = new Int32Array(0)
  /** Only where the order was changed; else see `endOf`. */
  private end = new Int32Array(0)
  private reordered = false
  private textLength = 0
  how = new Uint16Array(0)
  /** Places where a unit differs in kind from the one before, or is not a plain letter: words begin and end there. */
  marks = new Int32Array(0)
  markCount = 0

  /** Empties it and makes room for `count` units. */
  reset(count: number, textLength: number): void {
    this.length = 0
    this.markCount = 0
    this.textLength = textLength
    this.reordered = false
    this.hasInner = false
    if (this.kind.length >= count && this.kind.length < 1_000_000 + 4 * count) {
      this.how.fill(0, 0, count)
      return
    }
    const size = Math.max(1024, Math.ceil(count * 1.25))
    this.kind = new Uint8Array(size)
    this.letter = new Int32Array(size)
    this.raw = new Int32Array(size)
    this.start = new Int32Array(size)
    this.marks = new Int32Array(size)
    this.how = new Uint16Array(size)
  }

  /** Where a unit ends in the text, with the ignorable characters that follow it. */
  endOf(at: number): number {
    if (this.reordered) return this.end[at]!
    return at + 1 < this.length ? this.start[at + 1]! : this.textLength
  }

  /** Takes over the units of another in a new order. */
  reorder(from: Units, order: readonly number[]): void {
    if (this.end.length < order.length) this.end = new Int32Array(this.kind.length)
    for (let to = 0; to < order.length; to++) {
      this.copyUnit(from, order[to]!, to)
      this.end[to] = from.endOf(order[to]!)
    }
    this.length = order.length
    this.reordered = true
  }

  copyAll(from: Units): void {
    this.reset(from.length, from.textLength)
    this.length = from.length
    for (let at = 0; at < from.length; at++) this.copyUnit(from, at, at)
  }

  copyUnit(from: Units, at: number, to: number): void {
    this.kind[to] = from.kind[at]!
    this.letter[to] = from.letter[at]!
    this.raw[to] = from.raw[at]!
    this.start[to] = from.start[at]!
    this.how[to] = from.how[at]!
  }
}
