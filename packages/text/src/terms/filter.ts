import { PLAIN } from '../characters/table.ts'
import type { Units } from '../characters/units.ts'
import { MAX_GAP } from './walk.ts'

const MIN_BITS = 16
const MAX_BITS = 20
/** A chain of repeats and separators longer than this is left to the walk. */
const MAX_LOOK = 12

/**
 * With which four classes a key may begin, as 8 to 128 kB of bits: most words of an honest text stop here. Never says
 * no to a place where a key begins.
 */
export class Filter {
  /** The first four classes of longer keys, and keys of exactly three. */
  private readonly four: Uint8Array
  private readonly three: Uint8Array
  private readonly mask: number
  /** Keys of one or two classes: every place may begin one. */
  private open = false

  constructor(keys: number) {
    let bits = MIN_BITS
    while (bits < MAX_BITS && 1 << bits < keys * 16) bits++
    this.four = new Uint8Array(1 << (bits - 3))
    this.three = new Uint8Array(1 << (MIN_BITS - 3))
    this.mask = (1 << bits) - 1
  }

  /** Takes a term's letters; repeats are collapsed. */
  add(letters: Int32Array): void {
    let [hash, count, last] = [0, 0, -1]
    for (let i = 0; i < letters.length && count < 4; i++) {
      if (letters[i] === last) continue
      last = letters[i]!
      hash = mix(hash, last)
      count++
    }
    if (count < 3) this.open = true
    else if (count === 3) set(this.three, hash & 0xffff)
    else set(this.four, (hash >>> 4) & this.mask)
  }

  /** Looks at four plain letters, over separators and repeats, in the direction of reading; others may be a beginning. */
  mayBegin(units: Units, at: number, direction: number): boolean {
    const { kind, letter, length } = units
    if (this.open || kind[at] !== PLAIN) return true
    const [p, q, r] = [at + direction, at + 2 * direction, at + 3 * direction]
    if (r >= 0 && r < length && kind[p] === PLAIN && kind[q] === PLAIN && kind[r] === PLAIN) {
      const [a, b, c, d] = [letter[at]!, letter[p]!, letter[q]!, letter[r]!]
      if (a !== b && b !== c && c !== d) {
        const hash = mix(mix(a, b), c)
        return has(this.four, (mix(hash, d) >>> 4) & this.mask) || has(this.three, hash & 0xffff)
      }
    }
    return this.mayBeginLoosely(units, at, direction)
  }

  private mayBeginLoosely(units: Units, at: number, direction: number): boolean {
    let [u, hash] = [at, units.letter[at]!]
    for (let count = 1; count < 4; count++) {
      const before = hash
      u = nextPlain(units, u, direction)
      if (u < 0) return u === UNSURE || (count === 3 && has(this.three, before & 0xffff))
      hash = mix(before, units.letter[u]!)
      if (count === 3 && has(this.three, before & 0xffff)) return true
    }
    return has(this.four, (hash >>> 4) & this.mask)
  }
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
