import { isCommonWord } from '../characters/common-words.ts'
import { HOW, KIND } from '../characters/table.ts'
import type { Units } from '../characters/units.ts'
import { endsWell, isInHashtag, isInsideHashtag } from './boundary.ts'
import { context } from './context.ts'
import { type Gap, gapBetween, judgeGaps } from './gaps.ts'
import type { Pattern } from './pattern.ts'

/** A term laid over a text: unit path[k] is letter index[k] of the term, in the direction of reading. */
export interface Alignment {
  readonly units: Units
  readonly pattern: Pattern
  readonly path: Int32Array
  readonly index: Int32Array
  readonly length: number
  readonly direction: number
  /** The units are those of a line turned upside down, read from its end. */
  readonly turned: boolean
}

/** What the used characters amount to. */
interface Tally {
  how: number
  real: number
  digits: number
  symbols: number
  repeats: number
  readAs: number
  capitals: number
  decorated: number
}

/** Transformations that do not happen in honest text by accident. */
const DISGUISE =
  HOW.compatibility |
  HOW.enclosed |
  HOW.superscript |
  HOW['small-capital'] |
  HOW['look-alike'] |
  HOW.turned |
  HOW['zero-width'] |
  HOW.entity |
  HOW.percent |
  HOW.bidi |
  HOW.markup

/** Whether an alignment is the term in disguise, and by which transformations; undefined where it is chance. */
export function judgeAlignment(alignment: Alignment): string[] | undefined {
  const { pattern } = alignment
  if (!endsWell(alignment)) return undefined
  const tally = tallyOf(alignment)
  if (pattern.hasLetter && !hasLetters(alignment, tally)) return undefined
  if (tally.digits + tally.symbols > 1 && isInsideHashtag(alignment)) return undefined
  if (
    alignment.turned
      ? (tally.how & HOW.turned) === 0
      : alignment.direction < 0 && !mayBeReversed(pattern, tally, alignment.length)
  )
    return undefined
  const gaps = gapsOf(alignment)
  if (pattern.letters.length < 6 && isHeapOfChance(alignment, tally, gaps)) return undefined
  const disguised = (tally.how & DISGUISE) !== 0 || tally.readAs > 0
  const separated = judgeGaps(gaps, {
    letters: pattern.letters.length,
    capitals: tally.capitals === alignment.length,
    disguised,
    loneConsonant: hasLoneConsonant(alignment),
  })
  if (!separated || !context(alignment, tally)) return undefined
  return trace(alignment, tally, separated)
}

const WORDS = new Set(Array.from('aeiouy', (letter) => letter.charCodeAt(0)))
const APOSTROPHES = new Set(Array.from("'’´`", (sign) => sign.charCodeAt(0)))

/** Whether the first or the last letter stands alone between blanks without being a word or the end of one. */
function hasLoneConsonant({ units, path, length }: Alignment): boolean {
  const isLone = (k: number, next: number) => {
    const u = path[k]!
    if (Math.abs(path[next]! - u) < 2 || WORDS.has(units.letter[u]!) || (units.kind[u]! & KIND.real) === 0) return false
    return !APOSTROPHES.has(units.raw[u - 1] ?? 0) && !APOSTROPHES.has(units.raw[u + 1] ?? 0)
  }
  return isLone(0, 1) || isLone(length - 1, length - 2)
}

/** Short terms: two loose readings at once, or one doubled letter, make another word sooner than a disguise. */
function isHeapOfChance({ pattern, direction }: Alignment, tally: Tally, gaps: readonly Gap[]): boolean {
  const { length } = pattern.letters
  if (tally.repeats === 1 && length <= 4) return true
  if (tally.repeats > 0 && tally.digits + tally.symbols > 1) return true
  if (gaps.every((gap) => gap.kind === 'none' || gap.inTerm)) return false
  return direction < 0 || tally.repeats > 0 || (length <= 4 && tally.digits + tally.symbols > 0)
}

function gapsOf({ units, pattern, path, index, length }: Alignment): Gap[] {
  const gaps: Gap[] = []
  for (let k = 1; k < length; k++) {
    const inTerm = index[k] === index[k - 1]! + 1 && pattern.gapAfter[index[k - 1]!] === 1
    gaps.push(gapBetween(units, path[k - 1]!, path[k]!, inTerm))
  }
  return gaps
}

function tallyOf({ units, pattern, path, index, length }: Alignment): Tally {
  const tally = { how: 0, real: 0, digits: 0, symbols: 0, repeats: 0, readAs: 0, capitals: 0, decorated: 0 }
  for (let k = 0; k < length; k++) {
    const u = path[k]!
    const [kind, raw, how] = [units.kind[u]!, units.raw[u]!, units.how[u]!]
    tally.how |= how
    if (how & (HOW.diacritic | HOW.marks)) tally.decorated++
    if (how & HOW.case || (raw >= 65 && raw <= 90)) tally.capitals++
    if (units.letter[u] !== pattern.letters[index[k]!]) tally.readAs++
    if (kind & KIND.real) tally.real++
    else if (units.letter[u] !== pattern.letters[index[k]!]) kind & KIND.word ? tally.digits++ : tally.symbols++
    if (k > 0 && index[k] === index[k - 1]) tally.repeats++
  }
  if (tally.capitals > 0) tally.how |= HOW.case
  return tally
}

/** A code such as "5345" or "100m" is not a word: letters must be there, and more than a unit's worth. */
function hasLetters(alignment: Alignment, tally: Tally): boolean {
  const foreign = tally.digits + tally.symbols
  if (tally.real === 0) return false
  if (foreign === 0) return true
  if (alignment.pattern.letters.length < 3) return false
  return (
    !isQuantity(alignment, tally) && !isEdgeSign(alignment, tally) && !isGlued(alignment) && !isInCode(alignment, tally)
  )
}

/** "100m", "90s", "h264": digits on one side only, few letters on the other; not where each carries a mark (keycaps). */
function isQuantity({ units, path, length, pattern }: Alignment, tally: Tally): boolean {
  if (pattern.letters.length > 5 || tally.symbols > 0) return false
  let switches = 0
  for (let k = 1; k < length; k++)
    if ((units.kind[path[k]!]! & KIND.real) !== (units.kind[path[k - 1]!]! & KIND.real)) switches++
  const digitsFirst = (units.kind[Math.min(path[0]!, path[length - 1]!)]! & KIND.real) === 0
  if (switches !== 1 || tally.decorated === length) return false
  if (!digitsFirst) return tally.real <= 1
  return tally.real === 1 || tally.digits > 1 || (tally.real === 2 && isUnit({ units, path, length }))
}

/** Two letters that follow a number in honest text: "7am", "5kg", "2nd". */
const UNITS = new Set(
  'am pm mm cm dm km kg mg ml cl dl mb gb tb kb st nd rd th hz px pt mp ft in lb oz hr yr wk mi ms ns us pc ct xl bn hp ah wh kw mw gw kv ma db pp ph er re de er le os as to do or ad bc ce'.split(
    ' ',
  ),
)

function isUnit({ units, path, length }: Pick<Alignment, 'units' | 'path' | 'length'>): boolean {
  const places = Array.from(path.subarray(0, length)).filter((u) => (units.kind[u]! & KIND.real) !== 0)
  return UNITS.has(String.fromCodePoint(...places.sort((a, b) => a - b).map((u) => units.letter[u]!)))
}

const EDGE = new Set(Array.from('!|()[]{}<>?/\\*#%&^+', (sign) => sign.charCodeAt(0)))

/** Signs at the very edge of a word are punctuation first ("be!!"); a long term may still be meant by one of them. */
function isEdgeSign({ units, path, length, pattern }: Alignment, tally: Tally): boolean {
  const isEdge = (k: number) => EDGE.has(units.raw[path[k]!]!) || (units.kind[path[k]!]! & KIND.emoji) !== 0
  let [first, last] = [0, length - 1]
  while (first < length && isEdge(first)) first++
  while (last > first && isEdge(last)) last--
  const signs = first + length - 1 - last
  if (signs === 0) return false
  const inside = tally.symbols + tally.digits - signs
  return inside === 0 && (signs > 2 || pattern.letters.length < 7)
}

/** "xjl+A9": a sign that begins or ends a short term, with a word right beside it. */
function isGlued({ units, path, length, pattern }: Alignment): boolean {
  if (pattern.letters.length >= 7) return false
  const first = Math.min(path[0]!, path[length - 1]!)
  const last = Math.max(path[0]!, path[length - 1]!)
  const isSignBeside = (sign: number, beside: number) =>
    beside >= 0 &&
    beside < units.length &&
    (units.kind[sign]! & KIND.word) === 0 &&
    (units.kind[beside]! & KIND.word) !== 0
  return isSignBeside(first, first - 1) || isSignBeside(last, last + 1)
}

/** "9a1e-4b" or "x/14mp": a digit within a token that goes on is more likely part of a code. */
function isInCode({ units, path, length, pattern }: Alignment, tally: Tally): boolean {
  if (tally.digits === 0 || pattern.letters.length > 5) return false
  const first = Math.min(path[0]!, path[length - 1]!)
  const last = Math.max(path[0]!, path[length - 1]!)
  return goesOn(units, first - 1, -1) || goesOn(units, last + 1, 1)
}

const JOINTS = new Set(Array.from('-/+=:._@#%&\\~,$', (sign) => sign.charCodeAt(0)))

function goesOn(units: Units, at: number, direction: number): boolean {
  const next = at + direction
  if (next < 0 || next >= units.length || !JOINTS.has(units.raw[at]!)) return false
  return (units.kind[next]! & KIND.word) !== 0
}

/** Backwards only where the term is long enough not to be another word by chance, and in one piece if short. */
function mayBeReversed(pattern: Pattern, tally: Tally, length: number): boolean {
  if (pattern.entry.reversed === false || pattern.palindrome || !pattern.hasLetter) return false
  const { letters } = pattern
  if (letters.length >= 7) return true
  const least = letters.every((letter) => letter >= 0x2e80) ? MIN_REVERSED - 1 : MIN_REVERSED
  if (letters.length < least || isCommonWord(String.fromCodePoint(...letters.toReversed()))) return false
  return letters.length === length && tally.digits + tally.symbols === 0 && tally.readAs === 0
}

/** Shorter terms written backwards are other words too often. */
const MIN_REVERSED = 4

const TRACED = Object.entries(HOW).filter(([name]) => name !== 'hashtag')

function trace(alignment: Alignment, tally: Tally, separated: string[]): string[] {
  const why = TRACED.filter(([, bit]) => (tally.how & bit) !== 0).map(([name]) => name)
  if (tally.digits + tally.symbols > 0) why.push('leet')
  if (tally.readAs > tally.digits + tally.symbols && !why.includes('look-alike')) why.push('look-alike')
  why.push(...separated)
  if (tally.repeats > 0) why.push('repeats')
  if (alignment.direction < 0 && !alignment.turned) why.push('reversed')
  if (isInHashtag(alignment)) why.push('hashtag')
  return why
}
