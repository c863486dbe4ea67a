import { HOW, isTurnedSign, KIND, turnedReadingsOf } from '../characters/table.ts'
import { Units } from '../characters/units.ts'
import { isWithoutBlanks } from './boundary.ts'
import type { Part } from './part.ts'
import type { Pattern } from './pattern.ts'
import { type Verified, Verifier } from './verify.ts'
import { Walk } from './walk.ts'

export interface Found extends Verified {
  readonly pattern: Pattern
  readonly backwards: boolean
}

/** Steps of a walk: a stock for ordinary texts, so many per character after that, so many per place when both are used up. */
const STOCK = 4_096
const PER_UNIT = 8
const PER_PLACE = 12
/** Signs and digits before the first real letter of a match. */
const MAX_LEAD = 6

/** Runs one part over the units of a text. */
export class Scan {
  /** Set when a text needed more steps than the linear bound grants; disguises in its densest places may be missed. */
  exhausted = false
  /** Steps taken for the last text, walks and verifications. */
  steps = 0
  private readonly part: Part
  private readonly walk: Walk
  private readonly verifier = new Verifier()
  private readonly seen = new Set<number>()
  private units!: Units
  private found!: Found[]
  private turned = false

  constructor(part: Part) {
    this.part = part
    this.walk = new Walk(part.trie, part.alphabet, (key, start, direction) => this.candidate(key, start, direction))
  }

  run(units: Units, found: Found[]): void {
    this.exhausted = false
    this.steps = 0
    this.found = found
    this.turned = false
    this.places(units, true)
    if (hasTurnedSigns(units)) {
      this.turned = true
      this.places(turnedOver(units), false)
    }
  }

  private places(units: Units, forwards: boolean): void {
    this.units = units
    let granted = STOCK
    const { kind, how, raw, letter, length } = units
    const startable = KIND.letter | KIND.ambiguous | (this.part.hasEmoji ? KIND.emoji : 0)
    for (let at = 0; at < length; at++) {
      granted += PER_UNIT
      const k = kind[at]!
      if ((k & startable) === 0) continue
      const anywhere =
        this.part.hasAnywhere || (how[at]! & HOW.hashtag) !== 0 || (raw[at]! >= 0xe00 && isWithoutBlanks(raw[at]!))
      const before = at === 0 ? 0 : kind[at - 1]!
      const after = at + 1 === length ? 0 : kind[at + 1]!
      const opens =
        anywhere || (before & KIND.word) === 0 || ((before ^ k) & KIND.framed) !== 0 || (before & KIND.letter) === 0
      const closes = anywhere || (after & KIND.word) === 0 || ((after ^ k) & KIND.framed) !== 0
      if (forwards && opens && this.worthwhile(at, 1, k)) granted = this.go(at, 1, granted)
      if (closes && letter[at]! > 0 && this.worthwhile(at, -1, k)) granted = this.go(at, -1, granted)
    }
  }

  private go(at: number, direction: 1 | -1, granted: number): number {
    const steps = granted > PER_PLACE ? granted : PER_PLACE
    if (granted <= 0) this.exhausted = true
    this.walk.steps = steps
    this.seen.clear()
    this.walk.from(this.units, at, direction)
    const used = steps - this.walk.steps
    this.steps += used
    return granted - used
  }

  /** Saves walks that cannot end well: no letter soon, or the middle of "a a a a", which the first a has covered. */
  private worthwhile(at: number, direction: 1 | -1, k: number): boolean {
    const { kind, letter, length } = this.units
    if ((k & KIND.real) === 0) {
      if (k & KIND.emoji && !(k & KIND.ambiguous)) return true
      if (this.part.hasSigns) return true
      for (let i = 1; i <= MAX_LEAD; i++) {
        const next = at + i * direction
        if (next < 0 || next >= length) return false
        if (kind[next]! & KIND.real) return true
      }
      return false
    }
    const two = at - 2 * direction
    if (two < 0 || two >= length || letter[two] !== letter[at] || (kind[at - direction]! & KIND.word) !== 0) return true
    const three = at - 3 * direction
    return three >= 0 && three < length && (kind[three]! & KIND.word) !== 0
  }

  private candidate(key: number, start: number, direction: number): void {
    if (this.seen.has(key)) return
    this.seen.add(key)
    for (const entry of this.part.entriesOf(key)) {
      const pattern = this.part.patternOf(entry)
      const verified = this.verifier.verify(this.units, pattern, start, direction, this.turned)
      this.walk.steps -= this.verifier.used
      if (verified) this.found.push({ ...verified, pattern, backwards: direction < 0 })
    }
  }
}

function hasTurnedSigns(units: Units): boolean {
  for (let at = 0; at < units.length; at++) if (units.raw[at]! > 127 && isTurnedSign(units.raw[at]!)) return true
  return false
}

const turnedUnits = new Units()

/** The same units as a line turned upside down means them. */
function turnedOver(units: Units): Units {
  turnedUnits.reset(units.length)
  turnedUnits.length = units.length
  for (let at = 0; at < units.length; at++) {
    turnedUnits.copyUnit(units, at, at)
    const meant = turnedReadingsOf(units.raw[at]!)
    if (!meant) continue
    turnedUnits.letter[at] = meant[0]!
    turnedUnits.kind[at] = KIND.letter | KIND.word | KIND.real
    if (units.raw[at]! > 127) turnedUnits.how[at]! |= HOW.turned
  }
  return turnedUnits
}
