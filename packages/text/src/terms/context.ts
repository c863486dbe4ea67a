import { HOW, KIND } from '../characters/table.ts'
import type { Alignment } from './judge.ts'

const NEIGHBOURS = 200
const LONG = 8

interface Used {
  readonly decorated: number
  readonly readAs: number
  readonly how: number
}

/**
 * What the surroundings say: a word with accents among other accented words is another language, not a disguise
 * ("tập" in a Vietnamese text is not "tap"); the same for a word in one other script among words of that script
 * (whole-script confusables, UTS #39 section 4).
 */
export function context(alignment: Alignment, used: Used): boolean {
  if (alignment.pattern.letters.length >= LONG) return true
  return !isOtherLanguage(alignment, used) && !isOtherScript(alignment)
}

function isOtherLanguage(alignment: Alignment, used: Used): boolean {
  if (used.decorated === 0 || used.decorated * 2 > alignment.length || used.readAs > 0) return false
  const { how } = alignment.units
  return someAround(alignment, (at) => (how[at]! & (HOW.diacritic | HOW.marks)) !== 0)
}

/** Scripts with letters that look Latin; `undefined` for the mathematical and other letters that belong to none. */
const SCRIPTS = [
  'Latin',
  'Greek',
  'Cyrillic',
  'Armenian',
  'Hebrew',
  'Arabic',
  'Devanagari',
  'Bengali',
  'Thai',
  'Georgian',
  'Ethiopic',
  'Hangul',
  'Hiragana',
  'Katakana',
  'Han',
].map((name) => ({ name, has: new RegExp(`\\p{Script=${name}}`, 'u') }))

function scriptOf(cp: number): string | undefined {
  if (cp < 0x80) return 'Latin'
  const sign = String.fromCodePoint(cp)
  return SCRIPTS.find(({ has }) => has.test(sign))?.name
}

function isOtherScript(alignment: Alignment): boolean {
  const { units, pattern, path, length } = alignment
  const script = scriptOf(units.raw[path[0]!]!)
  if (script === undefined) return false
  for (let k = 1; k < length; k++) if (scriptOf(units.raw[path[k]!]!) !== script) return false
  if (Array.from(pattern.plain).some((one) => scriptOf(one.codePointAt(0)!) === script)) return false
  return someAround(alignment, (at) => (units.kind[at]! & KIND.real) !== 0 && scriptOf(units.raw[at]!) === script)
}

function someAround({ units, path, length }: Alignment, has: (at: number) => boolean): boolean {
  const first = Math.min(path[0]!, path[length - 1]!)
  const last = Math.max(path[0]!, path[length - 1]!)
  for (let at = Math.max(0, first - NEIGHBOURS); at < first; at++) if (has(at)) return true
  for (let at = last + 1; at <= Math.min(units.length - 1, last + NEIGHBOURS); at++) if (has(at)) return true
  return false
}
