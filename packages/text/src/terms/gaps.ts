import { KIND } from '../characters/table.ts'
import type { Units } from '../characters/units.ts'

/** What stands between two letters of a match. */
export interface Gap {
  readonly kind: 'none' | 'blank' | 'line' | 'punctuation' | 'emoji' | 'mixed'
  /** Equal for equal characters. */
  readonly signature: number
  readonly length: number
  /** At this place the term has a gap itself. */
  readonly inTerm: boolean
  /** Hyphen, apostrophe, full stop …: what written language puts inside words. */
  readonly natural: boolean
  /** A single full stop or hyphen. */
  readonly connects: boolean
  /** One blank, pictographs or one kind of sign that ends no sentence, one blank: "a * b". */
  readonly spaced: boolean
}

const isLine = (cp: number) => cp === 10 || cp === 13 || cp === 0x85 || cp === 0x2028 || cp === 0x2029
const isBlank = (cp: number) =>
  cp === 32 ||
  cp === 9 ||
  cp === 0xa0 ||
  cp === 0x3000 ||
  cp === 0x1680 ||
  (cp >= 0x2000 && cp <= 0x200a) ||
  cp === 0x202f ||
  cp === 0x205f
const NATURAL = new Set(Array.from('-\'’.,/:;_‐‑–—&"', (sign) => sign.codePointAt(0)!))

/** The gap of the units strictly between two places (either order). */
export function gapBetween(units: Units, from: number, to: number, inTerm: boolean): Gap {
  const [first, last] = from < to ? [from + 1, to] : [to + 1, from]
  let [blanks, lines, emoji, signature, natural] = [0, 0, 0, 7, true]
  for (let at = first; at < last; at++) {
    const cp = units.raw[at]!
    if (isLine(cp)) lines++
    else if (isBlank(cp)) blanks++
    else if (units.kind[at]! & KIND.emoji) emoji++
    if (!NATURAL.has(cp)) natural = false
    signature = (Math.imul(signature, 31) + cp) | 0
  }
  const length = last - first
  return {
    kind: kindOfGap(length, blanks, lines, emoji),
    signature,
    length,
    inTerm,
    natural,
    connects: length === 1 && (units.raw[first] === 0x2e || units.raw[first] === 0x2d),
    spaced: blanks === 2 && isSpaced(units, first, last),
  }
}

const ENDING = new Set(Array.from('.,:;!?', (sign) => sign.codePointAt(0)!))

function isSpaced({ raw, kind }: Units, first: number, last: number): boolean {
  if (last - first < 3 || !isBlank(raw[first]!) || !isBlank(raw[last - 1]!)) return false
  const sign = raw[first + 1]!
  if (ENDING.has(sign)) return false
  for (let at = first + 1; at < last - 1; at++) if (raw[at] !== sign && (kind[at]! & KIND.emoji) === 0) return false
  return true
}

function kindOfGap(length: number, blanks: number, lines: number, emoji: number): Gap['kind'] {
  if (length === 0) return 'none'
  if (lines > 0 && lines + blanks === length) return 'line'
  if (blanks === length) return 'blank'
  if (blanks + lines > 0) return 'mixed'
  return emoji === length ? 'emoji' : 'punctuation'
}

/** What the rest of the match tells the judgement on its gaps. */
export interface GapContext {
  readonly letters: number
  /** Capitals throughout: "U.S.A." is an acronym, not a disguise. */
  readonly capitals: boolean
  /** Other transformations that do not happen by accident (look-alikes, leet, zero-width …). */
  readonly disguised: boolean
  /** A first or last letter that is no word by itself, and no ending behind an apostrophe: "s eashell". */
  readonly loneConsonant: boolean
}

/**
 * Whether the gaps are those of one word pulled apart (or of the term itself) rather than of neighbours that happen to
 * spell it. Undefined: no. Otherwise the transformations they amount to.
 */
export function judgeGaps(gaps: readonly Gap[], context: GapContext): string[] | undefined {
  const inner = gaps.filter((gap) => !gap.inTerm)
  const own = gaps.filter((gap) => gap.inTerm)
  const open = inner.filter((gap) => gap.kind !== 'none')
  if (open.length === 0) return own.every(isPhraseGap) ? phraseTrace(own) : undefined
  if (open.length === inner.length) return isUniform(inner, own, context) ? ['separators'] : undefined
  return isPartial(open, inner, context) && own.every((gap) => gap.kind !== 'mixed' || gap.spaced)
    ? ['separators']
    : undefined
}

/** Between the words of a phrase: nothing, blanks, a line break, one connecting sign, " * "; not the end of a sentence. */
function isPhraseGap(gap: Gap): boolean {
  if (gap.kind === 'mixed') return gap.spaced
  return gap.kind !== 'punctuation' || gap.length === 1
}

function phraseTrace(own: readonly Gap[]): string[] {
  const trace: string[] = []
  if (own.some((gap) => gap.kind === 'none')) trace.push('joined')
  if (own.some((gap) => gap.kind === 'punctuation' || gap.kind === 'emoji' || gap.kind === 'mixed'))
    trace.push('separators')
  return trace
}

function isUniform(inner: readonly Gap[], own: readonly Gap[], context: GapContext): boolean {
  const equal = inner.every((gap) => gap.signature === inner[0]!.signature)
  if (context.letters < 3) return false
  if (context.letters <= 4 && context.capitals && inner.every((gap) => gap.natural)) return false
  if (equal) return inner[0]!.kind !== 'mixed' || inner[0]!.spaced || context.letters >= 4
  if (inner.every((gap) => gap.kind === 'emoji')) return true
  if (context.letters < 4 || own.some((gap) => gap.length > 4)) return false
  return inner.every((gap) => gap.kind !== 'mixed') || context.letters >= 6
}

function isPartial(open: readonly Gap[], inner: readonly Gap[], context: GapContext): boolean {
  const white = open.filter((gap) => gap.kind === 'blank' || gap.kind === 'line' || gap.kind === 'mixed')
  if (white.length === 0) {
    if (context.letters >= 6) return true
    return context.letters >= 4 && (open.length > 1 || !open[0]!.natural || isLoneLetter(inner, open[0]!))
  }
  if (open.length === 1) return context.letters >= 6 && (context.disguised || (context.loneConsonant && isAlone(inner)))
  return context.letters >= 6 ? isChopped(inner) : isLoose(inner)
}

/** One piece is a single letter. */
const isAlone = (inner: readonly Gap[]) => Math.min(...chunks(inner)) === 1

/** One letter of four or five cut off by a connecting sign: "cra.b", but not "it's". */
function isLoneLetter(inner: readonly Gap[], gap: Gap): boolean {
  return gap.connects && Math.min(...chunks(inner)) === 1
}

function chunks(inner: readonly Gap[]): number[] {
  const lengths = [1]
  for (const gap of inner) {
    if (gap.kind === 'none') lengths[lengths.length - 1]!++
    else lengths.push(1)
  }
  return lengths
}

/** Three or more pieces, at least one of them too short for a word. */
function isChopped(inner: readonly Gap[]): boolean {
  return Math.min(...chunks(inner)) <= 2
}

/** Short terms: two pieces of one letter at least. */
function isLoose(inner: readonly Gap[]): boolean {
  return chunks(inner).filter((length) => length === 1).length >= 2
}
