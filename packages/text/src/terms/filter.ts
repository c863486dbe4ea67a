import { PLAIN } from '../characters/table.ts'
import type { Units } from '../characters/units.ts'
import { MAX_GAP } from './walk.ts'

const MIN_BITS = 16
const MAX_BITS = 20
/** A chain of repeats and separators longer than this is left to the walk. */
const MAX_LOOK = 12

/**
 * With which classes a key may begin, as some 30 to 400 kB of bits: pairs, then four, then six classes. Most words of
 * an honest text stop at the first or second. Never says no to a place where a key begins.
 */
export class Filter {
  /** 1 at the `pair` of the first two classes of a key. */
  readonly pairs = new Uint8Array(1024)
  /** Keys of exactly three classes. */
  private readonly three: Uint8Array
  /** The first four classes of longer keys; keys of exactly four and five; the first six classes of the others. */
  private readonly four: Uint8Array
  private readonly exactly: Uint8Array
  private readonly six: Uint8Array
  private readonly mask: number
  /** Keys of one or two classes: every place may begin one. */
  open = false

  constructor(keys: number) {
    let bits = MIN_BITS
    while (bits < MAX_BITS && 1 << bits < keys * 16) bits++
    this.four = new Uint8Array(1 << (bits - 3))
    this.exactly = new Uint8Array(1 << (bits - 3))
    this.six = new Uint8Array(1 << (bits - 3))
    this.three = new Uint8Array(1 << (MIN_BITS - 3))
    this.mask = (1 << bits) - 1
  }

  /** Takes a term's letters; repeats are collapsed. */
  add(letters: Int32Array): void {
    const hashes: number[] = []
    let last = -1
    for (let i = 0; i < letters.length && hashes.length < 6; i++) {
      if (letters[i] === last) continue
      if (hashes.length === 1) this.pairs[pair(last, letters[i]!)] = 1
      last = letters[i]!
      hashes.push(mix(hashes.at(-1) ?? 0, last))
    }
    if (hashes.length < 3) this.open = true
    else if (hashes.length === 3) set(this.three, hashes[2]! & 0xffff)
    else set(this.four, (hashes[3]! >>> 4) & this.mask)
    if (hashes.length >= 6) set(this.six, (hashes[5]! >>> 4) & this.mask)
    else if (hashes.length >= 4) set(this.exactly, (hashes.at(-1)! >>> 4) & this.mask)
  }

  /** Looks at plain letters, over separators and repeats, in the direction of reading; others may be a beginning. */
  mayBegin(units: Units, at: number, direction: number): boolean {
    const { kind, letter, length } = units
    if (this.open || kind[at] !== PLAIN) return true
    const next = at + direction
    if (next < 0 || next >= length) return false
    if (kind[next] === PLAIN && letter[next] !== letter[at] && this.pairs[pair(letter[at]!, letter[next]!)] === 0)
      return false
    return this.mayBeginWith(units, at, direction)
  }

  private mayBeginWith(units: Units, at: number, direction: number): boolean {
    const { letter } = units
    let [u, hash] = [at, letter[at]!]
    for (let count = 2; count <= 6; count++) {
      u = nextPlain(units, u, direction)
      if (u < 0) return u === UNSURE
      hash = mix(hash, letter[u]!)
      if (count === 3 && has(this.three, hash & 0xffff)) return true
      if (count !== 4 && count !== 5) continue
      const bit = (hash >>> 4) & this.mask
      if (has(this.exactly, bit)) return true
      if (count === 4 && !has(this.four, bit)) return false
    }
    return has(this.six, (hash >>> 4) & this.mask)
  }
}

export function pair(a: number, b: number): number {
  return ((a & 31) << 5) | (b & 31)
}

function mix(hash: number, letter: number): number {
  return (Math.imul(hash, 0x9e37) ^ letter) | 0
}

function set(bits: Uint8Array, at: number): void {
  bits[at >> 3]! |= 1 << (at & 7)
}

function has(bits: Uint8Array, at: number): boolean {
  return (bits[at >> 3]! & (1 << (at & 7))) !== 0
}

const UNSURE = -1
const NEVER = -2

/** The next other plain letter over at most MAX_GAP separators; UNSURE at another kind, NEVER where a walk ends as well. */
function nextPlain({ kind, letter, length }: Units, at: number, direction: number): number {
  const last = letter[at]!
  let gap = 0
  for (let i = 1, u = at + direction; i < MAX_LOOK; i++, u += direction) {
    if (u < 0 || u >= length) return NEVER
    const k = kind[u]!
    if (k === PLAIN) {
      if (letter[u] !== last) return u
      gap = 0
    } else if (k !== 0) return UNSURE
    else if (++gap > MAX_GAP) return NEVER
  }
  return UNSURE
}
