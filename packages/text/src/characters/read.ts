import { isBidiControl, toVisualOrder } from './bidi.ts'
import { type Escape, escapeAt } from './escapes.ts'
import { HOW, howOf, KIND, kindOf, sequenceOf } from './table.ts'
import type { Units } from './units.ts'

const asciiKind = Uint8Array.from({ length: 128 }, (_, cp) => kindOf(cp))
const asciiLetter = Int32Array.from({ length: 128 }, (_, cp) => (cp >= 65 && cp <= 90 ? cp + 32 : cp))
/** Signs that may begin an escape (& % \), change what follows (#) or depend on their neighbours (I l). */
const asciiSpecial = Uint8Array.from({ length: 128 }, (_, cp) => ('&%\\#Il'.includes(String.fromCharCode(cp)) ? 1 : 0))

/** Reads a text into units: escapes undone, ignorable characters dropped, in the order a reader sees. Linear. */
export function readCharacters(text: string, units: Units): void {
  // An ASCII character is one unit; others may spell a few ("㎏"), but hold more UTF-16 units or are rare.
  units.reset(text.length + 64)
  const reading = new Reading(text, units)
  const { kind, letter, raw, start, end, how } = units
  let count = 0
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i)
    if (c < 128 && asciiSpecial[c] === 0) {
      kind[count] = asciiKind[c]!
      letter[count] = asciiLetter[c]!
      raw[count] = c
      start[count] = i
      how[count] = reading.tag
      end[count++] = i + 1
      if (reading.tag !== 0 && (asciiKind[c]! & KIND.word) === 0 && c !== 0x5f) reading.tag = 0
    } else {
      units.length = count
      if (count + 40 + text.length - i > kind.length) return readSlowly(text, units)
      i = reading.special(i, c) - 1
      count = units.length
    }
  }
  units.length = count
  if (reading.bidi) toVisualOrder(units)
}

/** Texts that spell many letters per character need more room; they are read again with enough. */
function readSlowly(text: string, units: Units): void {
  units.reset(text.length * 18 + 64)
  const reading = new Reading(text, units)
  for (let i = 0; i < text.length; ) i = reading.special(i, text.charCodeAt(i))
  if (reading.bidi) toVisualOrder(units)
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
      const escape = escapeAt(this.text, at)
      if (escape) return this.escaped(at, escape)
    }
    if (c < 0x80) return this.ascii(at, c)
    const cp = this.text.codePointAt(at)!
    const next = at + (cp > 0xffff ? 2 : 1)
    this.put(cp, at, next, 0)
    return next
  }

  private escaped(at: number, escape: Escape): number {
    const next = at + escape.length
    let { cp } = escape
    // Some serialisers escape the two halves of an astral character on their own.
    if (cp >= 0xd800 && cp <= 0xdfff) cp = 0xfffd
    this.put(cp, at, next, HOW[escape.notation])
    return next
  }

  private ascii(at: number, c: number): number {
    this.put(c, at, at + 1, 0)
    if (c === 0x23) this.tag = HOW.hashtag
    else if ((c === 0x49 || c === 0x6c) && this.looksLikeTheOther(at, c)) {
      const last = this.units.length - 1
      this.units.kind[last] = KIND.ambiguous | KIND.word | KIND.real
    }
    return at + 1
  }

  /** A capital I among small letters may be an l, a small l among capitals an I. */
  private looksLikeTheOther(at: number, c: number): boolean {
    const before = at > 0 ? this.text.charCodeAt(at - 1) : 0
    const after = at + 1 < this.text.length ? this.text.charCodeAt(at + 1) : 0
    if (c === 0x49) return isSmall(before) || isSmall(after)
    return isCapital(after) || (isCapital(before) && !isSmall(after))
  }

  private put(cp: number, start: number, end: number, how: number): void {
    const kind = kindOf(cp)
    if (kind & KIND.dropped) return this.drop(cp, start, end)
    const sequence = sequenceOf(cp)
    const bits = how | howOf(cp) | this.tag
    if (!sequence) this.push(kind, cp, cp, start, end, bits)
    else if (sequence.length === 1) this.push(kind, sequence[0]!, cp, start, end, bits)
    else
      for (const letter of sequence) this.push(kindOf(letter) | (kind & KIND.framed), letter, letter, start, end, bits)
    if (this.tag !== 0 && (kind & KIND.word) === 0 && cp !== 0x5f) this.tag = 0
    if (cp === 0xff03 || cp === 0xfe5f) this.tag = HOW.hashtag
  }

  /** Dropped characters leave a trace on the character they follow, which also covers them. */
  private drop(cp: number, start: number, end: number): void {
    if (isBidiControl(cp)) {
      this.bidi = true
      return this.push(KIND.dropped, cp, cp, start, end, 0)
    }
    const last = this.units.length - 1
    if (last < 0 || this.units.end[last] !== start) return
    this.units.end[last] = end
    const emoji = cp === 0x200d || cp === 0xfe0f || (cp >= 0x1f3fb && cp <= 0x1f3ff)
    const bit =
      emoji && this.units.kind[last]! & KIND.emoji
        ? HOW['emoji-variant']
        : ignorable(cp)
          ? HOW['zero-width']
          : HOW.marks
    this.units.how[last]! |= bit
  }

  private push(kind: number, letter: number, raw: number, start: number, end: number, how: number): void {
    const at = this.units.length++
    this.units.kind[at] = kind
    this.units.letter[at] = letter
    this.units.raw[at] = raw
    this.units.start[at] = start
    this.units.end[at] = end
    this.units.how[at] = how
  }
}

const isSmall = (c: number) => c >= 97 && c <= 122
const isCapital = (c: number) => c >= 65 && c <= 90
const ignorable = (cp: number) =>
  (cp >= 0x2000 && cp < 0x20d0) ||
  cp === 0xad ||
  cp === 0x34f ||
  cp > 0xfe00 ||
  (cp >= 0x1100 && cp < 0x1200) ||
  cp === 0x3164
