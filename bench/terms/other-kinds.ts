/**
 * A second generator with other look-alikes than both the tables of packages/text and the first generator: the
 * inverse of decancer's cure (its own table of 222,557 code points), other fancy alphabets, other separators.
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
    'look-alike, one': once,
    'look-alike, half': fromTable(few, 0.5),
    'look-alike, all': fromTable(few, 1),
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
