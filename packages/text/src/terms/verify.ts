import { KIND, readingsOf } from '../characters/table.ts'
import type { Units } from '../characters/units.ts'
import { type Alignment, judgeAlignment } from './judge.ts'
import type { Pattern } from './pattern.ts'
import { MAX_GAP } from './walk.ts'

/** Steps of one verification where the text has not used up its stock, and where it has. */
const BUDGET = 2_000
const LEAST = 64
const MAX_UNITS = 400

/** A verified match in units: first and last unit in text order, and the trace. */
export interface Verified {
  readonly first: number
  readonly last: number
  readonly why: string[]
}

/**
 * Lays a term letter by letter over the text at one place: every letter at least as often as the term has it, nothing
 * merged, and asks the judge about each complete alignment. Ends after a fixed number of steps.
 */
export class Verifier {
  /** Steps taken by the last verification. */
  used = 0
  private steps = 0
  private turned = false
  private units!: Units
  private pattern!: Pattern
  private direction = 1
  private readonly path = new Int32Array(MAX_UNITS)
  private readonly index = new Int32Array(MAX_UNITS)
  private verified: Verified | undefined

  verify(
    units: Units,
    pattern: Pattern,
    start: number,
    direction: number,
    turned: boolean,
    left = BUDGET,
  ): Verified | undefined {
    this.units = units
    this.pattern = pattern
    this.direction = direction
    const budget = Math.max(LEAST, Math.min(BUDGET, left))
    this.steps = budget
    this.turned = turned
    this.verified = undefined
    this.align(0, start, 0)
    this.used = budget - this.steps
    return this.verified
  }

  /** Letter `i` is wanted next, `u` is the unit looked at, `depth` units are used so far. */
  private align(i: number, u: number, depth: number): boolean {
    const { letters } = this.pattern
    if (i === letters.length && this.accept(depth)) return true
    if (u < 0 || u >= this.units.length || depth >= MAX_UNITS || --this.steps < 0) return false
    const kind = this.units.kind[u]!
    const { raw } = this.units
    // Of doubled signs ("**", "||") a separator is meant sooner than two letters.
    const doubled = (kind & KIND.skippable) !== 0 && (raw[u - 1] === raw[u] || raw[u + 1] === raw[u])
    if (doubled && this.skip(i, u, depth)) return true
    if (kind & (KIND.letter | KIND.ambiguous | KIND.emoji)) {
      if (i < letters.length && this.reads(u, kind, letters[i]!) && this.use(u, i, depth, i + 1)) return true
      if (i > 0 && this.reads(u, kind, letters[i - 1]!) && this.use(u, i - 1, depth, i)) return true
      if ((kind & KIND.skippable) === 0) return false
    }
    return !doubled && this.skip(i, u, depth)
  }

  private skip(i: number, u: number, depth: number): boolean {
    if (depth === 0 || i === this.pattern.letters.length || Math.abs(u - this.path[depth - 1]!) > MAX_GAP) return false
    return this.align(i, u + this.direction, depth)
  }

  private use(u: number, i: number, depth: number, next: number): boolean {
    this.path[depth] = u
    this.index[depth] = i
    return this.align(next, u + this.direction, depth + 1)
  }

  private reads(u: number, kind: number, letter: number): boolean {
    if (this.units.letter[u] === letter) return true
    return (kind & KIND.ambiguous) !== 0 && readingsOf(this.units.raw[u]!).includes(letter)
  }

  private accept(depth: number): boolean {
    this.steps -= depth
    const alignment: Alignment = {
      units: this.units,
      pattern: this.pattern,
      path: this.path,
      index: this.index,
      length: depth,
      direction: this.direction,
      turned: this.turned,
    }
    const why = judgeAlignment(alignment)
    if (!why) return false
    const [one, other] = [this.path[0]!, this.path[depth - 1]!]
    this.verified = { first: Math.min(one, other), last: Math.max(one, other), why }
    return true
  }
}
