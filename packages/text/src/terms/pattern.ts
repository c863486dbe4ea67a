import { readCharacters } from '../characters/read.ts'
import { KIND } from '../characters/table.ts'
import { Units } from '../characters/units.ts'
import type { TermEntry } from './types.ts'

/** A term as classes. `letters` keeps repeats; the automaton holds it with repeats collapsed. */
export interface Pattern {
  readonly entry: TermEntry
  readonly letters: Int32Array
  /** 1 where the term itself has a blank or punctuation after this letter: there a text may have anything or nothing. */
  readonly gapAfter: Uint8Array
  /** Distinct neighbours: the length once repeats are collapsed. */
  readonly classes: number
  /** The term has letters; else it is digits, symbols or pictographs only. */
  readonly hasLetter: boolean
  readonly hasEmoji: boolean
  /** Equal to the text, letter case aside: tier `exact`. */
  readonly plain: string
  readonly palindrome: boolean
}

const units = new Units()

/** Undefined for a term without any letter, digit, symbol or pictograph. */
export function compilePattern(entry: TermEntry): Pattern | undefined {
  readCharacters(entry.term, units)
  const letters: number[] = []
  const gaps: number[] = []
  let [hasLetter, hasEmoji] = [false, false]
  for (let at = 0; at < units.length; at++) {
    const kind = units.kind[at]!
    const belongs = kind & (KIND.letter | KIND.ambiguous | KIND.emoji)
    if (!belongs || (letters.length === 0 && units.raw[at] === 0x23)) {
      if (gaps.length > 0) gaps[gaps.length - 1] = 1
      continue
    }
    letters.push(units.letter[at]!)
    gaps.push(0)
    if (kind & KIND.real) hasLetter = true
    if (kind & KIND.emoji) hasEmoji = true
  }
  if (letters.length === 0) return undefined
  const collapsed = letters.filter((letter, at) => at === 0 || letter !== letters[at - 1])
  return {
    entry,
    letters: Int32Array.from(letters),
    gapAfter: Uint8Array.from(gaps),
    classes: collapsed.length,
    hasLetter,
    hasEmoji,
    plain: plainForm(entry.term.trim()),
    palindrome: letters.every((letter, at) => letter === letters[letters.length - 1 - at]),
  }
}

/** The form in which "the same characters" is judged: composed, small letters, single blanks. */
export function plainForm(text: string): string {
  return text.normalize('NFC').toLowerCase().replace(/\s+/gu, ' ')
}

/** The collapsed classes as a string of dense numbers: sorts fast, and a JS string is a compact store. */
export function collapsedKey(letters: Int32Array, number: (letter: number) => number): string {
  let key = ''
  let last = -1
  for (const letter of letters) {
    if (letter === last) continue
    last = letter
    key += String.fromCharCode(number(letter))
  }
  return key
}
