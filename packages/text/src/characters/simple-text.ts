import { isCapitalIAmongSmall, isSmallLAmongCapitals } from './bars.ts'
import { isTurnedSign, KIND, kindOf, PLAIN, readingsOf, sequenceOf } from './table.ts'

/**
 * A text is simple in which every UTF-16 unit is one character in its place: nothing escaped, dropped, spelled by several
 * letters, turned or reordered, and in a script with blanks. Nearly all honest text is.
 *
 * Codes of simple characters: code points below 0x900, general punctuation after them, then the two doubtful letters.
 */
const PUNCTUATION = 0x900
const DOUBTFUL_I = 0x970
const DOUBTFUL_L = 0x971
export const SIMPLE_CODES = 0x972

/** Kinds by code, see KIND. */
export const kindOfCode = new Uint8Array(SIMPLE_CODES)

/**
 * What the skimming of a text asks of a code: 0 a blank or punctuation, 1 to 31 the coarse class of a plain letter,
 * else one of SORT.
 */
export const sortOfCode = new Uint8Array(SIMPLE_CODES)
/** Other characters in words and outside of them; signs to look at more closely; what makes a text not simple. */
export const SORT = { inWord: 32, outside: 64, sign: 96, other: 128 } as const

/** Coarse classes: a to z with i and l as one, five for all other letters. */
export function coarse(letter: number): number {
  if (letter < 97 || letter > 122) return 27 + (letter % 5)
  return letter === 0x6c ? 9 : letter - 96
}

/** The classes a code may be read as, its own first. */
export function readingsOfCode(code: number): number[] {
  const cp = codePointOf(code)
  const own = sequenceOf(cp)?.[0] ?? cp
  return kindOfCode[code]! & KIND.ambiguous ? [own, ...readingsOf(cp)] : [own]
}

function codePointOf(code: number): number {
  if (code === DOUBTFUL_I) return 0x49
  if (code === DOUBTFUL_L) return 0x6c
  return code < PUNCTUATION ? code : code - PUNCTUATION + 0x2000
}

for (let code = 0; code < SIMPLE_CODES; code++) {
  const cp = codePointOf(code)
  const kind = kindOf(cp)
  kindOfCode[code] = code >= DOUBTFUL_I ? KIND.ambiguous | KIND.word | KIND.real : kind
  if (kind & KIND.dropped || (sequenceOf(cp)?.length ?? 1) !== 1 || isTurnedSign(cp)) sortOfCode[code] = SORT.other
  else if (cp < 128 && '&%\\#<|/([{'.includes(String.fromCharCode(cp))) sortOfCode[code] = SORT.sign
  else if (kind === PLAIN) sortOfCode[code] = coarse(sequenceOf(cp)?.[0] ?? cp)
  else if (kind !== 0) sortOfCode[code] = (kind & (KIND.word | KIND.framed)) === KIND.word ? SORT.inWord : SORT.outside
}

/** By code: a mask of the coarse classes that it may be read as. */
export const readingMasks = Int32Array.from({ length: SIMPLE_CODES }, (_, code) =>
  kindOfCode[code] === 0 ? 0 : readingsOfCode(code).reduce((mask, letter) => mask | (1 << coarse(letter)), 0),
)

/** The code at a place; -1 for characters that no simple text has, and past its ends. */
export function codeAt(text: string, at: number): number {
  if (at < 0 || at >= text.length) return -1
  const c = text.charCodeAt(at)
  if (c === 0x6c) return isSmallLAmongCapitals(text, at) ? DOUBTFUL_L : c
  if (c === 0x49) return isCapitalIAmongSmall(text, at) ? DOUBTFUL_I : c
  if (c < PUNCTUATION) return c
  return c >= 0x2000 && c < 0x2070 ? c - 0x2000 + PUNCTUATION : -1
}
