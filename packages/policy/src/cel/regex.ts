import { RE2JS } from 're2js'
import { failed, type Stop } from './values.ts'

/** Instructions a compiled pattern may have; with a text of 10,000 characters this keeps a match under 5 ms. */
export const LARGEST_PATTERN = 120
const LONGEST_SOURCE = 500
const KEPT = 500

const compiled = new Map<string, RE2JS | Stop>()

/** A pattern of the linear-time engine alone (RE2 syntax: no look-around, no back-references), or why it is refused. */
export function pattern(source: string): RE2JS | Stop {
  const known = compiled.get(source)
  if (known !== undefined) return known
  const fresh = compile(source)
  if (compiled.size >= KEPT) compiled.delete(compiled.keys().next().value!)
  compiled.set(source, fresh)
  return fresh
}

function compile(source: string): RE2JS | Stop {
  if (source.length > LONGEST_SOURCE) return failed(`the pattern is longer than ${LONGEST_SOURCE} characters`)
  // Repetition counts multiply; an honest pattern needs few, a hostile one blows up while it is compiled.
  const counts = [...source.matchAll(/\{(\d{1,6})?(?:,(\d{0,6}))?\}/g)].map((one) => Number(one[2] || one[1] || 1))
  if (counts.reduce((all, one) => all * Math.max(1, one), 1) > 1_000)
    return failed('the repetition counts of the pattern multiply to more than 1,000')
  try {
    const regex = RE2JS.compile(source)
    const size = regex.programSize()
    return size > LARGEST_PATTERN
      ? failed(`the pattern compiles to ${size} instructions; ${LARGEST_PATTERN} are allowed`)
      : regex
  } catch (error) {
    return failed(`not a pattern of the linear-time engine: ${(error as Error).message}`)
  }
}
