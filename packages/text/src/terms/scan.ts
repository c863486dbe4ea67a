import { isSign } from '../characters/bidi.ts'
import { HOW, isTurnedSign, KIND, PLAIN, turnedReadingsOf } from '../characters/table.ts'
import { Units } from '../characters/units.ts'
import { isWithoutBlanks } from './boundary.ts'
import { pair } from './filter.ts'
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
  private forwards = true
  private before = 0
  private readonly startable: number

  constructor(part: Part) {
    this.part = part
    this.startable = KIND.letter | KIND.ambiguous | (part.hasEmoji ? KIND.emoji : 0)
    this.walk = new Walk(part.trie, part.alphabet, (key, start, direction) => this.candidate(key, start, direction))
  }

  /** Only from places that a skim found: twice the offset, plus one where read backwards. */
  runAt(places: readonly number[], units: Units, found: Found[]): void {
    this.start(units, found)
    for (const place of places) {
      const at = place >> 1
      this.go(at, place & 1 ? -1 : 1, STOCK + PER_UNIT * at - this.steps)
    }
  }

  run(units: Units, found: Found[]): void {
    this.start(units, found)
    this.places(units, true)
    if (units.hasInner && hasSigns(units)) this.places(signsFirst(units), false)
    if (hasTurnedSigns(units)) {
      this.turned = true
      this.places(turnedOver(units), true)
    }
  }

  private start(units: Units, found: Found[]): void {
    this.units = units
    this.found = found
    this.exhausted = false
    this.steps = 0
    this.turned = false
  }

  /** Walks from every place where a term may begin, in either direction. */
  private places(units: Units, forwards: boolean): void {
    this.units = units
    this.forwards = forwards
    this.before = this.steps
    if (this.part.hasAnywhere || units.hasInner) {
      for (let at = 0; at < units.length; at++) {
        const anywhere = this.isInner(at)
        if (anywhere || this.isOpen(at)) this.walkFrom(at, 1)
        if (anywhere || this.isClosed(at)) this.walkFrom(at, -1)
      }
      return
    }
    this.markedPlaces(units)
  }

  /** The inner loop of honest texts: beginnings and ends of plain words, most of them turned away by two letters. */
  private markedPlaces(units: Units): void {
    const { marks, markCount, length, kind, letter } = units
    const { pairs, open } = this.part.filter
    for (let m = 0; m < markCount; m++) {
      const at = marks[m]!
      const k = kind[at]!
      const left = at === 0 ? 0 : kind[at - 1]!
      if (k === PLAIN && left === 0) {
        if (!open && at + 1 < length && kind[at + 1] === PLAIN) {
          const [a, b] = [letter[at]!, letter[at + 1]!]
          if (a !== b && pairs[pair(a, b)] === 0) continue
        }
        this.walkFrom(at, 1)
      } else if (k === 0 && left === PLAIN) {
        if (!open && at > 1 && kind[at - 2] === PLAIN) {
          const [a, b] = [letter[at - 1]!, letter[at - 2]!]
          if (a !== b && pairs[pair(a, b)] === 0) continue
        }
        this.walkFrom(at - 1, -1)
      } else {
        if (at > 0 && this.isClosed(at - 1)) this.walkFrom(at - 1, -1)
        if (this.isOpen(at)) this.walkFrom(at, 1)
      }
    }
    if (length > 0) this.walkFrom(length - 1, -1)
  }

  private isOpen(at: number): boolean {
    return at === 0 || parts(this.units.kind[at - 1]!, this.units.kind[at]!)
  }

  private isClosed(at: number): boolean {
    return at + 1 >= this.units.length || parts(this.units.kind[at + 1]!, this.units.kind[at]!)
  }

  private walkFrom(at: number, direction: 1 | -1): void {
    const k = this.units.kind[at]!
    if ((k & this.startable) === 0 || (direction === 1 && !this.forwards)) return
    if (!this.part.filter.mayBegin(this.units, at, direction) || !this.worthwhile(at, direction, k)) return
    this.go(at, direction, STOCK + PER_UNIT * at - (this.steps - this.before))
  }

  /** Words may begin and end here without a boundary: in a hashtag, in scripts without blanks, by an entry's wish. */
  private isInner(at: number): boolean {
    const { how, raw } = this.units
    return this.part.hasAnywhere || (how[at]! & HOW.hashtag) !== 0 || isWithoutBlanks(raw[at]!)
  }

  private go(at: number, direction: 1 | -1, granted: number): void {
    const steps = granted > PER_PLACE ? granted : PER_PLACE
    if (granted <= 0) this.exhausted = true
    this.walk.steps = steps
    if (this.seen.size > 0) this.seen.clear()
    this.walk.from(this.units, at, direction)
    this.steps += steps - this.walk.steps
  }

  /** Saves walks that cannot end well: no letter soon, or the middle of "a a a a", which the first a has covered. */
  private worthwhile(at: number, direction: 1 | -1, k: number): boolean {
    const { kind, letter, length } = this.units
    if ((k & KIND.real) === 0) return this.part.hasSigns || this.hasLetterSoon(at, direction, k)
    const two = at - 2 * direction
    if (
      this.part.hasSingles ||
      two < 0 ||
      two >= length ||
      letter[two] !== letter[at] ||
      (kind[at - direction]! & KIND.word) !== 0
    )
      return true
    const next = at + direction
    if (next >= 0 && next < length && (kind[next]! & KIND.word) !== 0) return true
    const three = at - 3 * direction
    return three >= 0 && three < length && (kind[three]! & KIND.word) !== 0
  }

  private hasLetterSoon(at: number, direction: 1 | -1, k: number): boolean {
    if (k & KIND.emoji && (this.part.hasEmoji || (k & KIND.ambiguous) === 0)) return true
    const { kind, length } = this.units
    for (let i = 1; i <= MAX_LEAD; i++) {
      const next = at + i * direction
      if (next < 0 || next >= length) return false
      if (kind[next]! & KIND.real) return true
    }
    return false
  }

  private candidate(key: number, start: number, direction: number): void {
    if (this.seen.has(key)) return
    this.seen.add(key)
    for (const entry of this.part.entriesOf(key)) {
      const pattern = this.part.patternOf(entry)
      const verified = this.verifier.verify(this.units, pattern, start, direction, this.turned, this.walk.steps)
      this.walk.steps -= this.verifier.used
      if (verified) this.found.push({ ...verified, pattern, backwards: direction < 0 })
    }
  }
}

/** No word goes on from one unit to its neighbour. */
function parts(neighbour: number, k: number): boolean {
  return (neighbour & k & KIND.word) === 0 || ((neighbour ^ k) & KIND.framed) !== 0
}

function hasTurnedSigns(units: Units): boolean {
  const { raw, length } = units
  for (let at = 0; at < length; at++) if (raw[at]! > 127 && isTurnedSign(raw[at]!)) return true
  return false
}

function hasSigns(units: Units): boolean {
  for (let at = 0; at < units.length; at++) if (isSign(units, at)) return true
  return false
}

const signUnits = new Units()

/** Vowel signs before their letters, so that a walk backwards meets each letter first, as readers turn whole signs. */
function signsFirst(units: Units): Units {
  signUnits.copyAll(units)
  for (let first = 0; first < units.length; first++) {
    let last = first
    while (last + 1 < units.length && isSign(units, last + 1)) last++
    for (let at = first; at <= last; at++) signUnits.copyUnit(units, at, first + last - at)
    first = last
  }
  return signUnits
}

const turnedUnits = new Units()

/** The same units as a line turned upside down means them. */
function turnedOver(units: Units): Units {
  turnedUnits.copyAll(units)
  turnedUnits.hasInner = true
  for (let at = 0; at < units.length; at++) {
    const meant = turnedReadingsOf(units.raw[at]!)
    if (!meant) continue
    turnedUnits.letter[at] = meant[0]!
    turnedUnits.kind[at] = KIND.letter | KIND.word | KIND.real
    if (units.raw[at]! > 127) turnedUnits.how[at]! |= HOW.turned
  }
  return turnedUnits
}
