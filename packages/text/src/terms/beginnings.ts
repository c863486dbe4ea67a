import { coarse } from '../characters/simple-text.ts'

/** Lists shorter than this are looked up by three classes only: the larger tables would weigh more than the list. */
const MANY = 64
const MAX_BITS = 22
/** A class that may be any. */
const ANY = 0

/**
 * The beginnings of a list's keys in coarse classes (see `coarse`): exactly up to the fourth, hashed at the sixth. Turns
 * away most words of an honest text at the third or fourth letter; never a place where a key begins.
 */
export class Beginnings {
  /** By two classes: a mask of those that may come next; bit 0, and the rows of class 0: any. */
  readonly third = new Int32Array(1024)
  /** The same for the last class of a key. */
  private readonly thirdEnds = new Int32Array(1024)
  private readonly fourth: Int32Array
  private readonly fourthEnds: Int32Array
  private readonly sixth: Int32Array
  private readonly shift: number

  constructor(keys: number) {
    const many = keys >= MANY
    this.fourth = new Int32Array(many ? 32 * 1024 : 0)
    this.fourthEnds = new Int32Array(many ? 32 * 1024 : 0)
    let bits = 10
    while (bits < MAX_BITS && 1 << bits < keys * 24) bits++
    this.sixth = new Int32Array(many ? 1 << (bits - 5) : 0)
    this.shift = 32 - bits
  }

  /** Takes a term's letters; repeats are collapsed. */
  add(letters: Int32Array): void {
    const key: number[] = []
    for (const letter of letters) if (coarse(letter) !== key.at(-1)) key.push(coarse(letter))
    const [a, b, c, d, e, f] = key as [number, ...(number | undefined)[]]
    if (b === undefined) this.open(a << 5, 32)
    else if (c === undefined) this.open((a << 5) | b, 1)
    else this.addKey((a << 5) | b, c, d, e, f)
  }

  /** Keys of one or two classes: whatever follows. */
  private open(from: number, count: number): void {
    this.third[from & ~31] = -1
    this.third.fill(-1, from, from + count)
    this.thirdEnds.fill(-1, from, from + count)
  }

  private addKey(two: number, c: number, d?: number, e?: number, f?: number): void {
    this.third[two]! |= (1 << c) | 1
    this.third[two & ~31] = -1
    if (d === undefined) this.thirdEnds[two]! |= 1 << c
    if (this.fourth.length === 0 || d === undefined) return
    const three = (two << 5) | c
    this.fourth[three]! |= 1 << d
    // Keys of five classes are answered like those of four: they are few.
    if (e === undefined || f === undefined) this.fourthEnds[three]! |= 1 << d
    else this.set(hash(three, d, e, f) >>> this.shift)
  }

  /** Whether a key may begin with six classes of five bits in a row, the first lowest; from the first ANY on everything may. */
  mayBegin(row: number): boolean {
    const [b, c, d] = [(row >> 5) & 31, (row >> 10) & 31, (row >> 15) & 31]
    if (b === ANY || c === ANY) return true
    const two = ((row & 31) << 5) | b
    if (((this.third[two]! >>> c) & 1) === 0) return false
    if (d === ANY || this.fourth.length === 0 || ((this.thirdEnds[two]! >>> c) & 1) !== 0) return true
    const three = (two << 5) | c
    if (((this.fourth[three]! >>> d) & 1) === 0) return false
    const [e, f] = [(row >> 20) & 31, (row >> 25) & 31]
    if (e === ANY || f === ANY || ((this.fourthEnds[three]! >>> d) & 1) !== 0) return true
    return this.has(hash(three, d, e, f) >>> this.shift)
  }

  private set(bit: number): void {
    this.sixth[bit >>> 5]! |= 1 << (bit & 31)
  }

  private has(bit: number): boolean {
    return ((this.sixth[bit >>> 5]! >>> (bit & 31)) & 1) !== 0
  }
}

/** Six classes of five bits, spread (Fibonacci hashing). */
function hash(three: number, d: number, e: number, f: number): number {
  return Math.imul((three << 15) | (d << 10) | (e << 5) | f, 0x9e3779b1)
}
