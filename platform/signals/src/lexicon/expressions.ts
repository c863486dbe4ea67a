import { FirebreakError } from '@firebreak/kernel'
import { RE2JS } from 're2js'

/** As wide as others allow (Discord AutoMod: 260 characters). */
const MOST_LENGTH = 260
const MOST_TEXT = 10_000

/** An operator's regular expression on an engine whose time is linear in the text. */
export interface Expression {
  /** The first match, or null. Looks at the first 10,000 characters. */
  find(text: string): { readonly start: number; readonly end: number } | null
}

/**
 * Compiles RE2 syntax (no look-around, no back-references), letter case ignored. Throws `input/invalid` for what the engine refuses,
 * what is longer than 260 characters, or what matches the empty text and so everything.
 */
export function expression(pattern: string): Expression {
  if (pattern.length > MOST_LENGTH)
    throw new FirebreakError('input/invalid', [`an expression has at most ${MOST_LENGTH} characters`])
  const compiled = compile(pattern)
  if (compiled.matcher('').find()) throw new FirebreakError('input/invalid', ['the expression matches every text'])
  return {
    find(text) {
      const matcher = compiled.matcher(text.slice(0, MOST_TEXT))
      return matcher.find() ? { start: matcher.start(), end: matcher.end() } : null
    },
  }
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE)
  } catch (error) {
    throw new FirebreakError('input/invalid', [`the expression cannot be read: ${(error as Error).message}`])
  }
}
