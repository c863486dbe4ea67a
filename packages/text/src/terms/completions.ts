import { readCharacters } from '../characters/read.ts'
import { KIND, readingsOf } from '../characters/table.ts'
import { Units } from '../characters/units.ts'
import { compilePattern } from './pattern.ts'
import type { TermEntry } from './types.ts'

const units = new Units()
/** Fewer letters lead to half the language. */
const MIN_LETTERS = 3

/** Entries that some ending of a typed text (from a word's beginning) is the start of, in any reading of its characters. */
export function completions(prefix: string, entries: Iterable<TermEntry>): TermEntry[] {
  readCharacters(prefix, units)
  const typed = typedUnits()
  const result: TermEntry[] = []
  for (const entry of entries) {
    const letters = compilePattern(entry)?.letters
    if (letters && typed.some((start) => isPrefix(start, letters))) result.push(entry)
  }
  return result
}

/** Where the words typed so far begin. */
function typedUnits(): number[] {
  const starts: number[] = []
  for (let at = 0; at < units.length; at++) {
    const before = at === 0 ? 0 : units.kind[at - 1]!
    if (units.kind[at]! & (KIND.letter | KIND.ambiguous) && (before & KIND.word) === 0) starts.push(at)
  }
  return starts
}

function isPrefix(start: number, letters: Int32Array): boolean {
  let i = 0
  let count = 0
  for (let u = start; u < units.length; u++) {
    const kind = units.kind[u]!
    if ((kind & (KIND.letter | KIND.ambiguous)) === 0) continue
    if (i < letters.length && reads(u, kind, letters[i]!)) i++
    else if (i === 0 || !reads(u, kind, letters[i - 1]!)) {
      if ((kind & KIND.skippable) === 0) return false
      continue
    }
    count++
  }
  return count >= MIN_LETTERS && i < letters.length
}

function reads(u: number, kind: number, letter: number): boolean {
  if (units.letter[u] === letter) return true
  return (kind & KIND.ambiguous) !== 0 && readingsOf(units.raw[u]!).includes(letter)
}
