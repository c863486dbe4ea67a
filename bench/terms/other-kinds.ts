/**
 * A second generator by other hands: the alphabets of the package "confusables", which our tables did not use; the
 * inverses of UTS #39 and of decancer's cure, which they did (before decancer was taken in, recall on it was 32, 3 and
 * 1 % for one, half and all letters); other leet, separators and combinations.
 */
import { createRequire } from 'node:module'
import { type Random, randomInt } from '@firebreak/kernel'
import { fromTable, KINDS, type Kind, pick } from './kinds.ts'

const require = createRequire(new URL('../peers/text/package.json', import.meta.url))

/** Letters, symbols and enclosed characters that decancer cures to one ASCII letter. */
export function decancerInverse(): Record<string, string> {
  const cure = require('decancer') as (text: string) => { toString(): string }
  const result: Record<string, string> = {}
  for (let cp = 0x80; cp < 0x1fbff; cp++) {
    if (cp >= 0xd800 && cp < 0xe000) continue
    const sign = String.fromCodePoint(cp)
    if (!/[\p{L}\p{So}\p{Sc}\p{Sm}\p{No}\p{Nl}]/u.test(sign)) continue
    let cured = ''
    try {
      cured = cure(sign).toString()
    } catch {
      continue
    }
    if (/^[a-z]$/.test(cured)) result[cured] = (result[cured] ?? '') + sign
  }
  return result
}

/** Characters whose UTS #39 prototype is the letter, or the letter's own prototype ("l" for "i", "rn" for "m"). */
function uts39Inverse(): Record<string, string> {
  const prototypes = require('unhomoglyph/data.json') as Record<string, string>
  const result: Record<string, string> = {}
  for (const letter of 'abcdefghijklmnopqrstuvwxyz') {
    const wanted = new Set([prototypes[letter] ?? letter, prototypes[letter.toUpperCase()] ?? letter.toUpperCase()])
    const signs = Object.entries(prototypes).filter(([sign, to]) => wanted.has(to) && sign.codePointAt(0)! > 127)
    if (signs.length > 0) result[letter] = signs.map(([sign]) => sign).join('')
  }
  return result
}

/** The alphabets of the package "confusables", another hand's choice that our tables did not use. */
function packageInverse(): Record<string, string> {
  const { alphabetMap } = require('confusables') as { alphabetMap: Map<string, string[]> }
  const result: Record<string, string> = {}
  for (const [from, signs] of alphabetMap) {
    const letter = from.toLowerCase()
    if (!/^[a-z]$/.test(letter)) continue
    const single = signs.filter((sign) => sign.codePointAt(0)! > 127 && Array.from(sign).length === 1)
    result[letter] = (result[letter] ?? '') + single.join('')
  }
  return result
}

const LEET: Record<string, string> = {
  a: '@4^',
  b: '8',
  c: '(<',
  e: '3€',
  g: '69',
  h: '#',
  i: '!1|',
  l: '|1£',
  o: '0',
  s: '$5§',
  t: '+7',
  z: '2',
  y: '¥',
}
const separated =
  (signs: readonly string[]): Kind =>
  (term, random) =>
    /\p{Extended_Pictographic}/u.test(term)
      ? undefined
      : Array.from(new Intl.Segmenter('en').segment(term), (one) => one.segment)
          .filter((one) => one !== ' ')
          .join(pick(random, signs))
const varied: Kind = (term, random) =>
  /^[a-z ]+$/.test(term)
    ? Array.from(term.replaceAll(' ', ''))
        .map((one, i) => (i === 0 ? one : pick(random, ['.', '-', '_', '*', ':']) + one))
        .join('')
    : undefined

export function otherKinds(): Record<string, Kind> {
  const inverse = decancerInverse()
  const few = Object.fromEntries(Object.entries(inverse).map(([letter, signs]) => [letter, signs]))
  const once: Kind = (term, random: Random) => {
    if (!/^[a-z]+$/.test(term)) return undefined
    const at = randomInt(random, term.length)
    const signs = Array.from(inverse[term[at]!] ?? '')
    return signs.length === 0 ? undefined : term.slice(0, at) + pick(random, signs) + term.slice(at + 1)
  }
  return {
    'look-alike, UTS #39': fromTable(uts39Inverse(), 0.6),
    'look-alike, confusables': fromTable(packageInverse(), 0.6),
    'decancer, one': once,
    'decancer, half': fromTable(few, 0.5),
    'decancer, all': fromTable(few, 1),
    'leet, other': fromTable(LEET, 0.5),
    'separators, varied': varied,
    'separators, other': separated(['•', '|', '\\', ' . ', '⁂', '→', '=', "'", ' - ', '💥💥', '\t']),
    'case + separators': (term, random) => KINDS.sep_punct!(KINDS.case!(term, random) ?? term, random),
    'repeats + marks': (term, random) => KINDS.marks!(KINDS.repeat!(term, random) ?? term, random),
    'bidi, part': (term) =>
      /^[a-z]{5,}$/.test(term)
        ? `${term.slice(0, 2)}\u202e${Array.from(term.slice(2, 5)).reverse().join('')}\u202c${term.slice(5)}`
        : undefined,
    'entity, named and double': (term) =>
      /^[a-z]+$/.test(term)
        ? Array.from(term)
            .map((one) => `&amp;#${one.charCodeAt(0)};`)
            .join('')
        : undefined,
  }
}
