/**
 * The 40 ways of writing a term that the benchmark plants. Seeded: the same seed writes the same cases. A kind returns
 * undefined where it would leave the term as it is or does not apply to its script.
 */
import { type Random, randomInt } from '@firebreak/kernel'
import * as alphabets from './alphabets.ts'

export type Kind = (term: string, random: Random) => string | undefined

const isLatin = (term: string) => /^[a-z0-9 ]+$/.test(term) && /[a-z]/.test(term)
const hasEmoji = (term: string) => /\p{Extended_Pictographic}/u.test(term)
const letters = (term: string) => Array.from(term)
export const pick = <T>(random: Random, from: ArrayLike<T>): T => from[randomInt(random, from.length)]!
const clusters = (term: string) => Array.from(new Intl.Segmenter('en').segment(term), (one) => one.segment)

/** Letter by letter, only for terms in Latin letters. */
const byLetter =
  (map: (letter: string, random: Random) => string): Kind =>
  (term, random) => {
    if (!isLatin(term)) return undefined
    const written = letters(term)
      .map((one) => (/[a-z]/.test(one) ? map(one, random) : one))
      .join('')
    return written === term ? undefined : written
  }

/** Each letter that the table knows is replaced with probability `share`, at least one. */
export const fromTable =
  (table: Record<string, string>, share: number): Kind =>
  (term, random) => {
    if (!isLatin(term)) return undefined
    const all = letters(term)
    const known = all.flatMap((one, i) => (table[one] ? [i] : []))
    if (known.length === 0) return undefined
    const sure = pick(random, known)
    for (const i of known) if (i === sure || random() < share) all[i] = pick(random, Array.from(table[all[i]!]!))
    return all.join('')
  }

const separated =
  (signs: readonly string[]): Kind =>
  (term, random) => {
    if (hasEmoji(term)) return undefined
    return clusters(term)
      .filter((one) => one !== ' ')
      .join(pick(random, signs))
  }

const partly: Kind = (term, random) => {
  if (hasEmoji(term) || term.includes(' ')) return undefined
  const all = clusters(term)
  if (all.length < 4) return undefined
  const places = new Set<number>()
  while (places.size < Math.max(1, Math.round(all.length / 3))) places.add(1 + randomInt(random, all.length - 1))
  const sign = pick(random, ['.', '-', '_', '*', ' ', '·', '~'])
  return all.map((one, i) => (places.has(i) ? sign + one : one)).join('')
}

const MARKS = Array.from({ length: 0x30 }, (_, i) => String.fromCodePoint(0x300 + i))
const INVISIBLE = [
  '\u200b',
  '\u200c',
  '\u200d',
  '\u2060',
  '\ufeff',
  '\u00ad',
  '\u034f',
  '\u180e',
  '\u115f',
  '\u3164',
  '\u{e0061}',
  '\ufe00',
]
const DIACRITICS = ['\u0300', '\u0301', '\u0302', '\u0303', '\u0308', '\u030c', '\u0327', '\u0323']

const reversedOf = (term: string) => clusters(term).reverse().join('')

const PHONETIC: readonly (readonly [RegExp, string])[] = [
  [/ph/g, 'f'],
  [/f/g, 'ph'],
  [/ck/g, 'k'],
  [/c(?=[aou])/g, 'k'],
  [/qu/g, 'kw'],
  [/x/g, 'ks'],
  [/s$/g, 'z'],
  [/ea|ee/g, 'i'],
  [/oo/g, 'u'],
  [/ll/g, 'l'],
  [/ai/g, 'ay'],
]

const edit: Kind = (term, random) => {
  if (!isLatin(term) || term.includes(' ') || term.length < 6) return undefined
  const at = 1 + randomInt(random, term.length - 2)
  const letter = String.fromCharCode(97 + randomInt(random, 26))
  const kind = randomInt(random, 4)
  if (kind === 0) return term.slice(0, at) + term.slice(at + 1)
  if (kind === 1) return term.slice(0, at) + letter + term.slice(at)
  if (kind === 2) return term[at] === letter ? undefined : term.slice(0, at) + letter + term.slice(at + 1)
  return term[at] === term[at + 1] ? undefined : term.slice(0, at) + term[at + 1] + term[at] + term.slice(at + 2)
}

const phrase =
  (map: (words: string[]) => string): Kind =>
  (term) =>
    isLatin(term) && term.includes(' ') ? map(term.split(' ')) : undefined
const capital = (word: string) => word[0]!.toUpperCase() + word.slice(1)
const latinRun = (written: string | undefined, random: Random, kinds: readonly Kind[]) =>
  written === undefined ? undefined : kinds.reduce<string>((text, kind) => kind(text, random) ?? text, written)

export const FUZZY_KINDS = ['edit1', 'vowel_drop', 'translit', 'phonetic']

export const KINDS: Readonly<Record<string, Kind>> = {
  exact: (term) => term,
  case: (term, random) => {
    const written = letters(term)
      .map((one) => (random() < 0.5 ? one.toUpperCase() : one))
      .join('')
    return written === term || written.length !== term.length ? undefined : written
  },
  fullwidth: (term, random) => byLetter(pick(random, alphabets.FULLWIDTH))(term, random),
  math: (term, random) => byLetter(pick(random, alphabets.MATH))(term, random),
  circled: (term, random) => byLetter(pick(random, alphabets.CIRCLED))(term, random),
  squared: (term, random) => byLetter(pick(random, alphabets.SQUARED))(term, random),
  regional: byLetter((one) => `${alphabets.REGIONAL(one)}`),
  smallcaps: byLetter(alphabets.SMALL_CAPITALS),
  superscript: byLetter(alphabets.SUPERSCRIPT),
  homoglyph: fromTable(alphabets.HOMOGLYPHS, 0.6),
  leet: fromTable(alphabets.LEET, 0.7),
  leet_ambiguous: fromTable(alphabets.LEET_AMBIGUOUS, 0.6),
  keycap: (term, random) =>
    byLetter((one) => {
      const digit = alphabets.LEET[one]?.match(/\d/)?.[0]
      return digit && random() < 0.5 ? `${digit}\ufe0f\u20e3` : `${one}\u20e3`
    })(term, random),
  zero_width: (term, random) =>
    clusters(term)
      .map((one, i) => (i > 0 && random() < 0.7 ? pick(random, INVISIBLE) : '') + one)
      .join(''),
  marks: (term, random) =>
    hasEmoji(term)
      ? undefined
      : letters(term)
          .map((one) =>
            one === ' '
              ? one
              : one + Array.from({ length: 1 + randomInt(random, 4) }, () => pick(random, MARKS)).join(''),
          )
          .join(''),
  diacritics: byLetter((one, random) => (one + pick(random, DIACRITICS)).normalize('NFC')),
  sep_punct: separated(['.', '-', '_', '*', '/', '~', ',', '|', '·', '--', '+', '=']),
  sep_space: separated([' ', ' ', '  ', '\u00a0', '\u2009']),
  sep_newline: separated(['\n', '\r\n', '\n\n']),
  sep_partial: partly,
  sep_emoji: separated(['🌊', '✨', '🔥', '❤️', '👀']),
  repeat: (term, random) =>
    hasEmoji(term)
      ? undefined
      : letters(term)
          .map((one) => (/\p{M}| /u.test(one) || random() > 0.5 ? one : one.repeat(2 + randomInt(random, 3))))
          .join(''),
  reversed: (term) => (hasEmoji(term) ? undefined : reversedOf(term)),
  bidi: (term) => (hasEmoji(term) || /[\u0590-\u08ff]/.test(term) ? undefined : `\u202e${reversedOf(term)}\u202c`),
  upside_down: (term, random) => {
    const written = byLetter(alphabets.UPSIDE_DOWN)(term, random)
    return written === undefined ? undefined : reversedOf(written)
  },
  hashtag: (term) => (hasEmoji(term) ? undefined : `#${term.replaceAll(' ', '')}`),
  hashtag_affix: (term, random) =>
    isLatin(term) && term.replaceAll(' ', '').length >= 6
      ? pick(random, [`#best${term}`, `#${term}club`, `#my${term}2025`, `#${term}lovers`]).replaceAll(' ', '')
      : undefined,
  entity: (term, random) =>
    letters(term)
      .map((one) => (random() < 0.5 ? `&#${one.codePointAt(0)};` : `&#x${one.codePointAt(0)!.toString(16)};`))
      .join(''),
  percent: (term) =>
    Array.from(new TextEncoder().encode(term), (byte) => `%${byte.toString(16).padStart(2, '0')}`).join(''),
  edit1: edit,
  vowel_drop: (term) => {
    if (!isLatin(term) || /\d/.test(term)) return undefined
    const written = term.replace(/(?<=\w)[aeiou]/g, '')
    return written.replaceAll(' ', '').length >= 4 && written !== term ? written : undefined
  },
  translit: (term, random) => {
    if (!isLatin(term)) return undefined
    const table = random() < 0.6 ? alphabets.CYRILLIC_SOUND : alphabets.GREEK_SOUND
    return letters(term)
      .map((one) => table[one] ?? one)
      .join('')
  },
  mixed: (term, random) =>
    isLatin(term)
      ? latinRun(term, random, [
          fromTable(alphabets.LEET, 0.3),
          fromTable(alphabets.HOMOGLYPHS, 0.3),
          KINDS.case!,
          KINDS.zero_width!,
        ])
      : undefined,
  phonetic: (term, random) => {
    if (!isLatin(term) || term.length < 6) return undefined
    const usable = PHONETIC.filter(([from]) => term.search(from) >= 0)
    if (usable.length === 0) return undefined
    const [from, to] = pick(random, usable)
    return term.replace(from, to)
  },
  joined: phrase((words) => words.join('')),
  hashtag_camel: phrase((words) => `#${words.map(capital).join('')}`),
  hashtag_snake: phrase((words) => `#${words.join('_')}`),
  homoglyph_into_latin: (term) => {
    if (!/[\u0370-\u052f]/.test(term)) return undefined
    const written = letters(term)
      .map((one) => alphabets.TWINS[one] ?? one)
      .join('')
    return written === term ? undefined : written
  },
  emoji_variant: (term, random) =>
    hasEmoji(term)
      ? letters(term.replace(/[\ufe0f\u{1f3fb}-\u{1f3ff}]/gu, ''))
          .map((one) => (one === '\u200d' ? one : one + pick(random, ['\ufe0f', '', '\ufe0f', ''])))
          .join('')
          .replace(/👍/u, '👍🏿')
      : undefined,
}

const CARRIERS = [
  'have you seen {} yet',
  '{} is what I was after',
  'people keep asking about {}',
  'well, {}!',
  'look: ({}) again',
  '{}',
  'the new list "{}" came in today',
  'yes\n{}\nno',
]

/** A case in a sentence; `at` is where the disguise begins. */
export function inCarrier(written: string, random: Random): { text: string; at: number } {
  const carrier = pick(random, CARRIERS)
  const at = carrier.indexOf('{}')
  return { text: carrier.slice(0, at) + written + carrier.slice(at + 2), at }
}
