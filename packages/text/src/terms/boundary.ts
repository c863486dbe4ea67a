import { HOW, KIND } from '../characters/table.ts'
import type { Units } from '../characters/units.ts'
import type { Alignment } from './judge.ts'

/** Terms of at least so many classes are also found inside a longer hashtag; shorter ones are parts of other words. */
const AFFIX_CLASSES = 6

/** Thai, Lao, Khmer, Burmese, kana, Han: written without blanks between words. */
export function isWithoutBlanks(cp: number): boolean {
  if (cp < 0xe00) return false
  return (
    cp < 0xf00 ||
    (cp >= 0x1000 && cp < 0x10a0) ||
    (cp >= 0x1780 && cp < 0x1800) ||
    (cp >= 0x2e80 && cp < 0xa4d0 && cp !== 0x3000) ||
    (cp >= 0xf900 && cp < 0xfb00) ||
    (cp >= 0xff66 && cp < 0xffa0) ||
    cp >= 0x20000
  )
}

/** Whether a word may begin or end between two neighbouring units (in text order). */
export function isBoundary(units: Units, left: number, right: number): boolean {
  if (left < 0 || right >= units.length) return true
  const [a, b] = [units.kind[left]!, units.kind[right]!]
  if ((a & KIND.word) === 0 || (b & KIND.word) === 0) return !isUnderscored(units, left, right)
  return ((a ^ b) & KIND.framed) !== 0
}

/** In "my_name" the line is part of a word; in "_name_" it is emphasis. */
function isUnderscored(units: Units, left: number, right: number): boolean {
  if (units.raw[left] === 0x5f) return leadsToWord(units, left, -1)
  return units.raw[right] === 0x5f && leadsToWord(units, right, 1)
}

/** Over one or two lines, as emphasis has them. */
function leadsToWord(units: Units, line: number, direction: number): boolean {
  const next = line + direction
  const at = units.raw[next] === 0x5f ? next + direction : next
  return at >= 0 && at < units.length && ((units.kind[at]! & KIND.word) !== 0 || units.raw[at] === 0x5f)
}

/** Inside a hashtag: a change of case, a line or a digit begins another word. */
function isSegment(units: Units, left: number, right: number): boolean {
  if ((units.how[right]! & units.how[left]! & HOW.hashtag) === 0) return false
  const [a, b] = [units.raw[left]!, units.raw[right]!]
  if (a === 0x5f || b === 0x5f) return true
  const isDigit = (cp: number) => cp >= 48 && cp <= 57
  if (isDigit(a) !== isDigit(b)) return true
  const capital = units.letter[right] !== b || (b >= 65 && b <= 90)
  return capital && units.letter[left] === a
}

function isFree(alignment: Alignment, left: number, right: number, inside: number): boolean {
  const { units, pattern } = alignment
  if (pattern.entry.boundary === 'none' || isBoundary(units, left, right)) return true
  const outside = inside === left ? right : left
  // Scripts without blanks have no visible boundary, where the letters are taken as what they are.
  if (isWithoutBlanks(units.raw[inside]!) && pattern.letters.includes(units.letter[inside]!)) return true
  if (isWithoutBlanks(units.raw[outside]!) && !isWithoutBlanks(units.raw[inside]!)) return true
  if ((units.how[inside]! & HOW.hashtag) === 0) return (units.kind[inside]! & KIND.emoji) !== 0
  if (pattern.letters.length >= AFFIX_CLASSES && isSegment(units, left, right)) return true
  return pattern.entry.hashtagAffix !== false && pattern.classes >= AFFIX_CLASSES && pattern.hasLetter
}

/** Both ends of an alignment stand where its term may begin and end. */
export function endsWell(alignment: Alignment): boolean {
  const { path, length } = alignment
  const first = Math.min(path[0]!, path[length - 1]!)
  const last = Math.max(path[0]!, path[length - 1]!)
  return isFree(alignment, first - 1, first, first) && isFree(alignment, last, last + 1, last)
}

export function isInHashtag({ units, path }: Alignment): boolean {
  return (units.how[path[0]!]! & HOW.hashtag) !== 0
}

/** A part of a longer hashtag, not its whole or one of its words. */
export function isInsideHashtag(alignment: Alignment): boolean {
  const { units, path, length } = alignment
  if (!isInHashtag(alignment)) return false
  const first = Math.min(path[0]!, path[length - 1]!)
  const last = Math.max(path[0]!, path[length - 1]!)
  return !isBoundary(units, first - 1, first) || !isBoundary(units, last, last + 1)
}
