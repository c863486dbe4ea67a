import { isCapitalIAmongSmall, isSmallLAmongCapitals } from './bars.ts'
import { isBidiControl, toVisualOrder } from './bidi.ts'
import { drawnAt, mayBeginDrawn } from './drawn.ts'
import { type Escape, escapeAt } from './escapes.ts'
import { HOW, howOf, KIND, kindOf, PLAIN, sequenceOf } from './table.ts'
import type { Units } from './units.ts'

const asciiKind = Uint8Array.from({ length: 128 }, (_, cp) => kindOf(cp))
const asciiLetter = Int32Array.from({ length: 128 }, (_, cp) => (cp >= 65 && cp <= 90 ? cp + 32 : cp))
/** Signs that may begin an escape (& % \), change what follows (#) or depend on their neighbours (I l). */
const asciiSpecial = Uint8Array.from({ length: 128 }, (_, cp) => ('&%\\#Il'.includes(String.fromCharCode(cp)) ? 1 : 0))

/** Reads a text into units: escapes undone, ignorable characters dropped, in the order a reader sees. Linear. */
export function readCharacters(text: string, units: Units): void {
  units.reset(text.length + 64, text.length)
  const reading = new Reading(text, units)
  const { kind, letter, raw, start, how, marks } = units
  const { length } = text
  let [count, marked, last, tag] = [0, 0, -1, 0]
  for (let i = 0; i < length; i++) {
    const c = text.charCodeAt(i)
    if (c < 128 && (asciiSpecial[c] === 0 || (c === 0x6c && !isSmallLAmongCapitals(text, i)))) {
      const k = asciiKind[c]!
      kind[count] = k
      letter[count] = asciiLetter[c]!
      raw[count] = c
      start[count] = i
      if (k !== last || (k !== PLAIN && k !== 0)) {
        marks[marked++] = count
        if (k !== PLAIN && tag !== 0) tag = afterTag(k, c, tag)
      }
      last = k
      if (tag !== 0) how[count] = tag
      count++
    } else {
      if (count + 40 + length - i > kind.length) return readSlowly(text, units)
      units.length = count
      reading.tag = tag
      i = reading.special(i, c) - 1
      tag = reading.tag
      for (; count < units.length; count++) {
        if (kind[count] !== last || (kind[count] !== PLAIN && kind[count] !== 0)) marks[marked++] = count
        last = kind[count]!
      }
    }
  }
  units.length = count
  units.markCount = marked
  if (reading.bidi) toVisualOrder(units)
  if (reading.bidi) markAll(units)
}

/** Texts that spell many letters per character need more room; they are read again with enough. */
function readSlowly(text: string, units: Units): void {
  units.reset(text.length * 18 + 64, text.length)
  const reading = new Reading(text, units)
  for (let i = 0; i < text.length; ) i = reading.special(i, text.charCodeAt(i))
  if (reading.bidi) toVisualOrder(units)
  markAll(units)
}

/** Reads a text as it is shown: without tags, and with letters drawn of several signs as letters. */
export function readDrawn(text: string, units: Units): void {
  units.reset(text.length * 18 + 64, text.length)
  const reading = new Reading(text, units)
  for (let i = 0; i < text.length; ) {
    const c = text.charCodeAt(i)
    const drawn = mayBeginDrawn(c) ? drawnAt(text, i) : undefined
    if (drawn) reading.drawn(i, drawn.seen)
    i = drawn ? i + drawn.length : reading.special(i, c)
  }
  if (reading.bidi) toVisualOrder(units)
  markAll(units)
}

/** A hashtag ends with the first character that is neither of a word nor a low line. */
function afterTag(kind: number, cp: number, tag: number): number {
  return (kind & KIND.word) === 0 && cp !== 0x5f ? 0 : tag
}

function markAll(units: Units): void {
  const { kind, marks, length } = units
  units.markCount = 0
  for (let at = 0; at < length; at++) {
    const k = kind[at]!
    if (at === 0 || k !== kind[at - 1] || (k !== PLAIN && k !== 0)) marks[units.markCount++] = at
  }
}

class Reading {
  tag = 0
  bidi = false
  private readonly text: string
  private readonly units: Units

  constructor(text: string, units: Units) {
    this.text = text
    this.units = units
  }

  /** Reads one character of any kind at `at` and returns where the next begins. */
  special(at: number, c: number): number {
    if (c === 0x26 || c === 0x25 || c === 0x5c) {
      const written = escapeAt(this.text, at)
      if (written) return this.escaped(at, written)
    }
    if (c < 0x80) return this.ascii(at, c)
    const cp = this.text.codePointAt(at)!
    const next = at + (cp > 0xffff ? 2 : 1)
    if (cp >= FLAG_A && cp <= FLAG_Z && this.flag(at)) return at + 4
    this.put(cp, at, 0)
    return next
  }

  /** Two regional letters on their own are a flag: a sign between letters, not two of them. */
  private flag(at: number): boolean {
    const has = (place: number) => isRegional(this.text.codePointAt(place) ?? 0)
    if (!has(at + 2) || has(at + 4) || (at >= 2 && has(at - 2))) return false
    this.push(KIND.skippable | KIND.emoji, FLAG, FLAG, at, this.tag)
    return true
  }

  drawn(at: number, seen: string): void {
    const last = this.units.length - 1
    if (seen === '\n') this.put(0x0a, at, 0)
    else if (seen !== '') this.push(PLAIN, seen.charCodeAt(0), 0x7c, at, HOW['look-alike'] | this.tag)
    else if (last >= 0) this.units.how[last]! |= HOW.markup
  }

  private escaped(at: number, written: Escape): number {
    const next = at + written.length
    let { cp } = written
    // Some serialisers escape the two halves of an astral character on their own.
    if (cp >= 0xd800 && cp <= 0xdfff) cp = 0xfffd
    this.put(cp, at, HOW[written.notation])
    return next
  }

  private ascii(at: number, c: number): number {
    this.put(c, at, 0)
    if (c === 0x23) this.openTag()
    else if (c === 0x6c ? isSmallLAmongCapitals(this.text, at) : c === 0x49 && isCapitalIAmongSmall(this.text, at)) {
      const last = this.units.length - 1
      this.units.kind[last] = KIND.ambiguous | KIND.word | KIND.real
    }
    return at + 1
  }

  private put(cp: number, start: number, how: number): void {
    const kind = kindOf(cp)
    if (kind & KIND.dropped || this.isForeignMark(cp)) return this.drop(cp, start)
    if (cp >= 0x1161 && cp <= 0x11c2 && this.joinsSyllable(cp)) return
    const sequence = sequenceOf(cp)
    const bits = how | howOf(cp) | this.tag
    if (!sequence) this.push(kind, cp, cp, start, bits)
    else if (sequence.length === 1) this.push(kind, sequence[0]!, cp, start, bits)
    else for (const letter of sequence) this.push(kindOf(letter) | (kind & KIND.framed), letter, letter, start, bits)
    this.tag = afterTag(kind, cp, this.tag)
    if (cp === 0xff03 || cp === 0xfe5f) this.openTag()
    if (cp >= 0x900) this.units.hasInner = true
  }

  /** A vowel sign of one script on a letter of another is decoration. */
  private isForeignMark(cp: number): boolean {
    const last = this.units.length - 1
    return cp >= 0x900 && last >= 0 && this.units.letter[last]! < 0x590 && isMark(cp)
  }

  /** Vowels and finals of Hangul written apart join the syllable before them (Unicode section 3.12). */
  private joinsSyllable(cp: number): boolean {
    const last = this.units.length - 1
    if (last < 0) return false
    const before = this.units.raw[last]!
    const isVowel = cp <= 0x1175 && before >= 0x1100 && before <= 0x1112
    const isFinal = cp >= 0x11a8 && before >= 0xac00 && before <= 0xd7a3 && (before - 0xac00) % 28 === 0
    if (!isVowel && !isFinal) return false
    const syllable = isVowel ? 0xac00 + ((before - 0x1100) * 21 + cp - 0x1161) * 28 : before + cp - 0x11a7
    this.units.raw[last] = this.units.letter[last] = syllable
    this.units.kind[last] = kindOf(syllable)
    return true
  }

  private openTag(): void {
    this.tag = HOW.hashtag
    this.units.hasInner = true
  }

  /** Dropped characters leave a trace on the character they follow, which also covers them. */
  private drop(cp: number, start: number): void {
    if (isBidiControl(cp)) {
      this.bidi = true
      return this.push(KIND.dropped, cp, cp, start, 0)
    }
    const last = this.units.length - 1
    if (last < 0) return
    const emoji = cp === 0x200d || cp === 0xfe0f || (cp >= 0x1f3fb && cp <= 0x1f3ff)
    const bit =
      emoji && this.units.kind[last]! & KIND.emoji
        ? HOW['emoji-variant']
        : ignorable(cp)
          ? HOW['zero-width']
          : HOW.marks
    this.units.how[last]! |= bit
  }

  private push(kind: number, letter: number, raw: number, start: number, how: number): void {
    const at = this.units.length++
    this.units.kind[at] = kind
    this.units.letter[at] = letter
    this.units.raw[at] = raw
    this.units.start[at] = start
    this.units.how[at] = how
  }
}

const FLAG_A = 0x1f1e6
const FLAG_Z = 0x1f1ff
/** Stands for any flag. */
const FLAG = 0x1f3f3
const isRegional = (cp: number) => cp >= FLAG_A && cp <= FLAG_Z
const isMark = (cp: number) => /\p{M}/u.test(String.fromCodePoint(cp))
const ignorable = (cp: number) =>
  (cp >= 0x2000 && cp < 0x20d0) ||
  cp === 0xad ||
  cp === 0x34f ||
  cp > 0xfe00 ||
  (cp >= 0x1100 && cp < 0x1200) ||
  cp === 0x3164
