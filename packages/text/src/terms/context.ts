import { HOW, KIND } from '../characters/table.ts'
import type { Alignment } from './judge.ts'

const NEIGHBOURS = 60
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

type Script = 'Latin' | 'Greek' | 'Cyrillic' | 'other'

function scriptOf(cp: number): Script {
  if (cp < 0x250) return 'Latin'
  if (cp >= 0x370 && cp < 0x400) return 'Greek'
  return cp >= 0x400 && cp < 0x530 ? 'Cyrillic' : 'other'
}

function isOtherScript(alignment: Alignment): boolean {
  const { units, pattern, path, length } = alignment
  const script = scriptOf(units.raw[path[0]!]!)
  if (script === 'other') return false
  for (let k = 1; k < length; k++) if (scriptOf(units.raw[path[k]!]!) !== script) return false
  if (Array.from(pattern.plain).some((one) => scriptOf(one.codePointAt(0)!) === script && /\p{L}/u.test(one)))
    return false
  return someAround(alignment, (at) => (units.kind[at]! & KIND.real) !== 0 && scriptOf(units.raw[at]!) === script)
}

function someAround({ units, path, length }: Alignment, has: (at: number) => boolean): boolean {
  const first = Math.min(path[0]!, path[length - 1]!)
  const last = Math.max(path[0]!, path[length - 1]!)
  for (let at = Math.max(0, first - NEIGHBOURS); at < first; at++) if (has(at)) return true
  for (let at = last + 1; at <= Math.min(units.length - 1, last + NEIGHBOURS); at++) if (has(at)) return true
  return false
}
