/** Hard negatives: the term inside a longer word, and its letters across two words. */
import { type Random, randomInt } from '@firebreak/kernel'
import { pick } from './kinds.ts'

const BEFORE = ['re', 'un', 'over', 'pre', 'st', 'b', 'out', 'an']
const AFTER = ['ing', 'er', 'ed', 'ment', 'ish', 'ward', 'able', 'o']

export function insideWord(term: string, random: Random): string[] {
  if (!/^[a-z]+$/.test(term)) return []
  return [term + pick(random, AFTER), pick(random, BEFORE) + term, pick(random, BEFORE) + term + pick(random, AFTER)]
}

/** "…shea rt…": the letters follow each other, the words are others. */
export function acrossWords(term: string, random: Random): string[] {
  if (!/^[a-z]{4,}$/.test(term)) return []
  const at = 2 + randomInt(random, term.length - 3)
  return [
    `${pick(random, BEFORE)}${term.slice(0, at)} ${term.slice(at)}${pick(random, AFTER)}`,
    `${term.slice(0, at)} ${term.slice(at)}${pick(random, AFTER)}`,
  ]
}
