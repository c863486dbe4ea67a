import { FirebreakError, seededRandom } from '@firebreak/kernel'
import { RE2JS } from 're2js'

/** An operator's regular expression; RE2 syntax, so no look-around and no back references. */
export interface PatternEntry {
  readonly id: string
  readonly pattern: string
}

/** What a list of patterns may cost; what is beyond is refused before it ever sees a text. Text in UTF-16 units. */
export const PATTERN_LIMITS = { count: 100, length: 500, programSize: 500, text: 10_000, milliseconds: 5 } as const

interface Compiled {
  readonly entry: PatternEntry
  readonly regex: RE2JS
}

/**
 * Operator patterns on a linear-time engine (RE2; https://github.com/google/re2/wiki/Syntax). Letter case does not
 * matter. `text/pattern-invalid` for what RE2 cannot parse; `text/pattern-limit` for too many, too long, too large,
 * or slower than 5 ms on hostile texts of 10 kB made from the pattern's own letters. `now` is for tests.
 */
export class OperatorPatterns {
  private readonly compiled: readonly Compiled[]

  constructor(entries: readonly PatternEntry[], now: () => number = () => performance.now()) {
    if (entries.length > PATTERN_LIMITS.count) throw limit('of this list', `at most ${PATTERN_LIMITS.count} a list`)
    this.compiled = entries.map((entry) => ({ entry, regex: checked(entry, now) }))
  }

  /** The patterns that occur in the first 10,000 characters; where they occur costs more, see `locate`. */
  matching(text: string): PatternEntry[] {
    const read = text.slice(0, PATTERN_LIMITS.text)
    return this.compiled.filter(({ regex }) => regex.test(read)).map(({ entry }) => entry)
  }

  /** The first place of a pattern, to show a reviewer; up to a hundred times the cost of `matching`. */
  locate(text: string, id: string): { start: number; end: number } | undefined {
    const matcher = this.compiled
      .find(({ entry }) => entry.id === id)
      ?.regex.matcher(text.slice(0, PATTERN_LIMITS.text))
    return matcher?.find() ? { start: matcher.start(), end: matcher.end() } : undefined
  }
}

function limit(which: string, reason: string): FirebreakError {
  return new FirebreakError('text/pattern-limit', [which, reason])
}

function compile({ id, pattern }: PatternEntry): RE2JS {
  try {
    return RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE)
  } catch (error) {
    throw new FirebreakError('text/pattern-invalid', [id, (error as Error).message], { cause: error })
  }
}

function checked(entry: PatternEntry, now: () => number): RE2JS {
  const { id, pattern } = entry
  if (pattern.length > PATTERN_LIMITS.length) throw limit(id, `at most ${PATTERN_LIMITS.length} characters`)
  const regex = compile(entry)
  const size = regex.programSize()
  if (size > PATTERN_LIMITS.programSize)
    throw limit(id, `its program has ${size} steps, at most ${PATTERN_LIMITS.programSize} are allowed`)
  if (regex.matches('')) throw limit(id, 'it matches the empty text, and so every text')
  for (const probe of probesOf(pattern))
    if (slownessOn(entry, probe, now) > PATTERN_LIMITS.milliseconds)
      throw limit(id, `it may need more than ${PATTERN_LIMITS.milliseconds} ms on a text of 10 kB`)
  return regex
}

/** Texts that make an engine remember as much as it can: the pattern's own letters, in runs and in disorder. */
function probesOf(pattern: string): string[] {
  const letters = [...new Set(pattern.replace(/\\./g, '').match(/[\p{L}\p{N}]/gu) ?? []), 'a', ' '].slice(0, 8)
  const random = seededRandom(pattern)
  const disorder = (from: readonly string[]) =>
    Array.from({ length: PATTERN_LIMITS.text }, () => from[Math.floor(random() * from.length)]!).join('')
  const first = letters[0]!
  return [
    disorder(letters.slice(0, 2)),
    disorder(letters),
    first.repeat(PATTERN_LIMITS.text),
    disorder(['a', 'b', '1', ' ']),
  ]
}

/** The least of four runs, each on an engine that has seen nothing yet, so that only the pattern is to blame. */
function slownessOn(entry: PatternEntry, probe: string, now: () => number): number {
  let least = Number.POSITIVE_INFINITY
  for (let run = 0; run < 4 && least > PATTERN_LIMITS.milliseconds; run++) {
    const regex = compile(entry)
    const started = now()
    regex.test(probe)
    least = Math.min(least, now() - started)
  }
  return least
}
