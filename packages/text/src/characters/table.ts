/**
 * What every code point can stand for, expanded once from characters.data.json (built by ../../tables).
 * A *reading* is a class: the code point of a folded letter, digit or symbol. The first reading is the character's own.
 */
import data from './characters.data.json' with { type: 'json' }

/** Bits of a character's kind; a character without any is a separator. */
export const KIND = {
  /** Exactly one reading. */
  letter: 1,
  /** Several readings, see `readingsOf`. */
  ambiguous: 2,
  /** May stand between letters without being one. */
  skippable: 4,
  /** Part of a word: letters, digits, vowel signs. */
  word: 8,
  /** A letter, not a digit or symbol read as one. */
  real: 16,
  /** A pictograph: its own class or a separator. */
  emoji: 32,
  /** A letter in a frame (circled, regional …): a word of its own kind. */
  framed: 64,
  /** Not there at all: marks, zero-width and other ignorable characters. */
  dropped: 128,
} as const

/** A letter with one reading inside a word: nearly all of an honest text. */
export const PLAIN = KIND.letter | KIND.word | KIND.real

/** How a character differs from its class; the bits are reported as the trace of a match. */
export const HOW = {
  case: 1,
  compatibility: 2,
  enclosed: 4,
  superscript: 8,
  'small-capital': 16,
  'look-alike': 32,
  turned: 64,
  diacritic: 128,
  marks: 256,
  'zero-width': 512,
  entity: 1024,
  percent: 2048,
  bidi: 4096,
  hashtag: 8192,
  'emoji-variant': 16384,
  markup: 32768,
} as const

export const UNICODE_VERSION: string = data.unicode
const LIMIT = 0x20000

const kinds = new Uint8Array(LIMIT)
const hows = new Uint8Array(LIMIT)
/** 0: the code point itself; else index + 1 into `sequences`. */
const values = new Uint16Array(LIMIT)
const sequences: Int32Array[] = []
const further = new Map<number, number[]>()
const turned = new Map<number, number[]>()

const NONE = new Int32Array(0)

export function kindOf(cp: number): number {
  if (cp < LIMIT) return kinds[cp]!
  if (cp < 0xe0000) return KIND.letter | KIND.word | KIND.real
  return cp < 0xe1000 ? KIND.dropped : 0
}

export function howOf(cp: number): number {
  return cp < LIMIT ? hows[cp]! : 0
}

/** The classes a character spells, usually one ("ﬁ" spells two); undefined: itself. */
export function sequenceOf(cp: number): Int32Array | undefined {
  const value = cp < LIMIT ? values[cp]! : 0
  return value === 0 ? undefined : sequences[value - 1]
}

/** Further classes than its own that a reader may see in a character. */
export function readingsOf(cp: number): Int32Array {
  return readings.get(cp) ?? NONE
}

/** The letters meant by a character in a line that was turned upside down. */
export function turnedReadingsOf(cp: number): readonly number[] | undefined {
  return turned.get(cp)
}

/** Characters that only occur in turned lines: the sign to look for them. */
export function isTurnedSign(cp: number): boolean {
  return cp > 127 && turned.has(cp)
}

function eachInRanges(ranges: string, visit: (cp: number) => void): void {
  for (const range of ranges.split(' ')) {
    const [first, last = first] = range.split('-').map((part) => Number.parseInt(part, 16))
    for (let cp = first!; cp <= Math.min(last!, LIMIT - 1); cp++) visit(cp)
  }
}

const codePoints = (text: string): number[] => Array.from(text, (one) => one.codePointAt(0)!)
const isAsciiWord = (cp: number) => (cp >= 48 && cp <= 57) || (cp >= 65 && cp <= 90) || (cp >= 97 && cp <= 122)
const isDigit = (cp: number) => cp >= 48 && cp <= 57

function fillWords(): void {
  const word = KIND.letter | KIND.word | KIND.real
  for (let cp = 0; cp < 128; cp++) if (isAsciiWord(cp)) kinds[cp] = word
  eachInRanges(data.words, (cp) => {
    kinds[cp] = word
  })
  eachInRanges(data.dropped, (cp) => {
    kinds[cp] = KIND.dropped
  })
  for (const [first, last] of [
    [0x2190, 0x2bff],
    [0x1f000, 0x1faff],
    [0x3030, 0x303d],
  ] as const)
    for (let cp = first; cp <= last; cp++) if (kinds[cp] === 0) kinds[cp] = KIND.skippable | KIND.emoji
  for (const cp of [0xa9, 0xae, 0x203c, 0x2049]) kinds[cp] = KIND.skippable | KIND.emoji
  for (let cp = 0x1f3fb; cp <= 0x1f3ff; cp++) kinds[cp] = KIND.dropped
}

function fillLetters(): void {
  const known = new Map<string, number>()
  for (const [how, targets] of Object.entries(data.letters)) {
    const bit = HOW[how as keyof typeof HOW]
    for (const [target, sources] of Object.entries(targets as Record<string, string>)) {
      if (!known.has(target)) known.set(target, sequences.push(Int32Array.from(codePoints(target))))
      for (const cp of codePoints(sources)) {
        if (cp >= LIMIT) continue
        const framed = (kinds[cp]! & KIND.word) === 0 ? KIND.framed : 0
        values[cp] = known.get(target)!
        hows[cp] = bit
        kinds[cp] = KIND.letter | KIND.word | KIND.real | framed
      }
    }
  }
}

/** Digits and symbols: their own class, and the letters they stand for. */
function fillLeet(): Map<number, Int32Array> {
  const result = new Map<number, Int32Array>()
  for (const [sign, letters] of Object.entries(data.leet)) {
    const cp = sign.codePointAt(0)!
    result.set(cp, Int32Array.from(codePoints(letters)))
    kinds[cp] = isDigit(cp) ? KIND.ambiguous | KIND.word : KIND.ambiguous | KIND.skippable
  }
  return result
}

function fillFurther(leet: Map<number, Int32Array>): Map<number, Int32Array> {
  for (const [letter, sources] of Object.entries(data.further as Record<string, string>))
    for (const cp of codePoints(sources)) further.set(cp, [...(further.get(cp) ?? []), letter.codePointAt(0)!])
  const result = new Map(leet)
  for (let cp = 128; cp < LIMIT; cp++) {
    const sequence = sequenceOf(cp)
    const own = sequence?.length === 1 ? sequence[0]! : cp
    // A styled or accented letter may be read as whatever the plain one may be read as.
    const plain = own > 127 && own !== cp ? (further.get(own) ?? []) : []
    const more = sequence && sequence.length > 1 ? [] : [...(further.get(cp) ?? []), ...plain, ...(leet.get(own) ?? [])]
    const distinct = [...new Set(more)].filter((one) => one !== own)
    if (distinct.length === 0 || (kinds[cp]! & KIND.dropped) !== 0) continue
    result.set(cp, Int32Array.from(distinct))
    kinds[cp] = ambiguousKind(kinds[cp]!, own)
  }
  return result
}

function ambiguousKind(kind: number, own: number): number {
  if (isDigit(own)) return KIND.ambiguous | KIND.word | (kind & KIND.framed)
  if (kind & KIND.word) return (kind & ~KIND.letter) | KIND.ambiguous
  return (kind & KIND.emoji) | KIND.ambiguous | KIND.skippable
}

function fillTurned(): void {
  for (const [letter, sources] of Object.entries(data.turned))
    for (const cp of codePoints(sources)) turned.set(cp, [...(turned.get(cp) ?? []), letter.codePointAt(0)!])
}

fillWords()
fillLetters()
const readings = fillFurther(fillLeet())
fillTurned()
// The one pair of plain letters that look alike; the reader marks the places where letter case makes them so.
readings.set(0x49, Int32Array.of(0x6c))
readings.set(0x6c, Int32Array.of(0x69))
