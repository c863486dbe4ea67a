import { readCharacters } from '../characters/read.ts'
import { KIND, readingsOf } from '../characters/table.ts'
import { Units } from '../characters/units.ts'
import type { Part } from './part.ts'
import type { Pattern } from './pattern.ts'
import type { TermEntry } from './types.ts'

const units = new Units()
/** Fewer letters lead to half the language. */
const MIN_LETTERS = 3
/** Readings followed of one typed word. */
const MAX_READINGS = 64
/** A term that is being typed began at most so many characters ago. */
const MAX_TYPED = 100
/** Entries answered at most. */
const MAX_ENTRIES = 1_000

/** Entries that some ending of a typed text (from a word's beginning) is the start of, in any reading of its characters. */
export function completions(prefix: string, part: Part): TermEntry[] {
  readCharacters(prefix, units)
  const result = new Set<TermEntry>()
  for (const start of wordStarts()) {
    for (const typed of typedKeys(start, part)) {
      if (typed.length < 2) continue
      for (const entry of part.entriesUnder(typed)) {
        if (result.size >= MAX_ENTRIES) return [...result]
        if (isPrefix(start, part.patternOf(entry))) result.add(part.entries[entry]!)
      }
    }
  }
  return [...result]
}

function wordStarts(): number[] {
  const starts: number[] = []
  for (let at = Math.max(0, units.length - MAX_TYPED); at < units.length; at++) {
    const before = at === 0 ? 0 : units.kind[at - 1]!
    if (units.kind[at]! & (KIND.letter | KIND.ambiguous) && (before & KIND.word) === 0) starts.push(at)
  }
  return starts
}

/** The collapsed keys that the units from a place to the end may be read as. */
function typedKeys(start: number, part: Part): Set<string> {
  let keys = new Set([''])
  for (let u = start; u < units.length && keys.size > 0; u++) {
    const kind = units.kind[u]!
    if ((kind & (KIND.letter | KIND.ambiguous)) === 0) continue
    const next = new Set<string>(kind & KIND.skippable ? keys : [])
    const readings = kind & KIND.ambiguous ? readingsOf(units.raw[u]!) : []
    for (const letter of [units.letter[u]!, ...readings]) {
      const number = part.alphabet.of(letter)
      if (number === 0) continue
      const sign = String.fromCharCode(number)
      for (const key of keys) if (next.size < MAX_READINGS) next.add(key.endsWith(sign) ? key : key + sign)
    }
    keys = next
  }
  keys.delete('')
  return keys
}

/** Letter by letter, repeats included: "she" leads to "shell", "shee" does too. */
function isPrefix(start: number, { letters }: Pattern): boolean {
  let [i, count, real] = [0, 0, 0]
  for (let u = start; u < units.length; u++) {
    const kind = units.kind[u]!
    if ((kind & (KIND.letter | KIND.ambiguous)) === 0) continue
    if (i < letters.length && reads(u, kind, letters[i]!)) i++
    else if (i === 0 || !reads(u, kind, letters[i - 1]!)) {
      if ((kind & KIND.skippable) === 0) return false
      continue
    }
    count++
    if (kind & KIND.real) real++
  }
  return count >= MIN_LETTERS && real > 0 && i < letters.length
}

function reads(u: number, kind: number, letter: number): boolean {
  if (units.letter[u] === letter) return true
  return (kind & KIND.ambiguous) !== 0 && readingsOf(units.raw[u]!).includes(letter)
}
