import { FirebreakError } from '@firebreak/kernel'
import { asShown, isDrawn } from '../characters/drawn.ts'
import { readCharacters, readDrawn } from '../characters/read.ts'
import { Units } from '../characters/units.ts'
import { CodeWalk } from './code-walk.ts'
import { completions } from './completions.ts'
import { Part } from './part.ts'
import { compilePattern, plainForm } from './pattern.ts'
import { type Found, Scan } from './scan.ts'
import { Skim } from './skim.ts'
import { Spans } from './spans.ts'
import type { FindOptions, TermEntry, TermMatch, TermMatcher } from './types.ts'

const units = new Units()
/** Above this many single changes a matcher folds them into its main part. */
const MAX_DELTA = 512

/**
 * Compiles a list. Later entries of the same id replace earlier ones; entries with nothing to match never match (see
 * `isMatchable`); `text/term-script` for an unknown script. Cost: linear in the list, some 5 µs a term.
 */
export function compileTerms(entries: readonly TermEntry[]): TermMatcher {
  const byId = new Map(entries.map((entry) => [entry.id, entry]))
  return new Matcher(new Part([...byId.values()].map(checked)), new Set(byId.keys()), new Map(), new Set())
}

/** Whether an entry holds anything to match: a letter, digit, symbol or pictograph. Throws `text/term-script`. */
export function isMatchable(entry: TermEntry): boolean {
  return compilePattern(checked(entry)) !== undefined
}

function checked(entry: TermEntry): TermEntry {
  for (const script of entry.scripts ?? []) scriptPattern(script)
  return entry
}

class Matcher implements TermMatcher {
  private readonly main: Part
  private readonly mainIds: ReadonlySet<string>
  private readonly delta: ReadonlyMap<string, TermEntry>
  /** Ids of the main part whose entry there no longer counts. */
  private readonly gone: ReadonlySet<string>
  private readonly parts: readonly Part[]
  private readonly scans: readonly Scan[]
  private readonly skim: Skim
  private ranOut = false

  constructor(
    main: Part,
    mainIds: ReadonlySet<string>,
    delta: ReadonlyMap<string, TermEntry>,
    gone: ReadonlySet<string>,
  ) {
    this.main = main
    this.mainIds = mainIds
    this.delta = delta
    this.gone = gone
    this.parts = delta.size > 0 ? [main, new Part([...delta.values()])] : [main]
    this.scans = this.parts.map((part) => new Scan(part))
    this.skim = new Skim(this.parts.map((part) => new CodeWalk(part)))
  }

  get size(): number {
    return this.mainIds.size - this.gone.size + this.delta.size
  }

  get exhausted(): boolean {
    return this.ranOut
  }

  get entries(): readonly TermEntry[] {
    return [...this.main.entries.filter(({ id }) => !this.gone.has(id)), ...this.delta.values()]
  }

  find(text: string, options: FindOptions = {}): TermMatch[] {
    this.ranOut = false
    const skimmed = options.fuzzy ? 'unknown' : this.skim.run(text)
    const drawn = (options.fuzzy || this.skim.drawn) && isDrawn(text)
    if (skimmed === 'none' && !drawn) return []
    if (skimmed !== 'none') readCharacters(text, units)
    const sure = skimmed === 'none' ? [] : this.scan(text, skimmed === 'some')
    const near = options.fuzzy ? this.nearMisses() : []
    if (drawn && this.skim.run(asShown(text)) !== 'none') {
      readDrawn(text, units)
      sure.push(...this.scan(text, false))
    }
    if (sure.length === 0 && near.length === 0) return []
    const matches = withNear(distinct(sure), near)
    return withoutAllowed(
      text,
      matches.filter((match) => isOfItsScripts(text, match)),
    )
  }

  /** What the parts find in the units that were read of a text. */
  private scan(text: string, skimmed: boolean): TermMatch[] {
    const found: Found[] = []
    for (let i = 0; i < this.scans.length; i++) {
      const scan = this.scans[i]!
      if (skimmed) scan.runAt(this.skim.found[i]!, units, found)
      else scan.run(units, found)
      this.ranOut ||= scan.exhausted
    }
    if (found.length === 0) return []
    return found.filter(({ pattern }) => this.counts(pattern.entry)).map((one) => matchOf(text, one))
  }

  /** Not replaced or taken out since the main part was compiled. */
  private counts(entry: TermEntry): boolean {
    return this.gone.size === 0 || !this.gone.has(entry.id) || this.delta.get(entry.id) === entry
  }

  private nearMisses(): TermMatch[] {
    return this.parts
      .flatMap((part) => part.near().find(units))
      .filter(({ entry }) => this.counts(entry))
      .map(({ entry, first, last, why }) => {
        return { entry, start: units.start[first]!, end: units.endOf(last), tier: 'fuzzy', why }
      })
  }

  with(entry: TermEntry): TermMatcher {
    const delta = new Map(this.delta).set(entry.id, checked(entry))
    if (delta.size > MAX_DELTA) return compileTerms([...this.entries, entry])
    return new Matcher(this.main, this.mainIds, delta, this.goneWith(entry.id))
  }

  without(id: string): TermMatcher {
    const delta = new Map(this.delta)
    delta.delete(id)
    return new Matcher(this.main, this.mainIds, delta, this.goneWith(id))
  }

  private goneWith(id: string): ReadonlySet<string> {
    return this.mainIds.has(id) ? new Set(this.gone).add(id) : this.gone
  }

  completes(prefix: string): TermEntry[] {
    return this.parts.flatMap((part) => completions(prefix, part)).filter((entry) => this.counts(entry))
  }
}

/** Units back to UTF-16. */
function matchOf(text: string, { first, last, pattern, backwards, why }: Found): TermMatch {
  let [start, end] = [Number.MAX_SAFE_INTEGER, 0]
  for (let at = first; at <= last; at++) {
    start = Math.min(start, units.start[at]!)
    end = Math.max(end, units.endOf(at))
  }
  const exact = !backwards && plainForm(text.slice(start, end)) === pattern.plain
  return { entry: pattern.entry, start, end, tier: exact ? 'exact' : 'folded', why }
}

/** One match per entry and place: the earliest, then the longest. */
function distinct(matches: TermMatch[]): TermMatch[] {
  if (matches.length < 2) return matches
  matches.sort((a, b) => a.start - b.start || b.end - a.end)
  const ends = new Map<string, number>()
  return matches.filter((match) => {
    if ((ends.get(match.entry.id) ?? -1) > match.start) return false
    ends.set(match.entry.id, match.end)
    return true
  })
}

/** Near misses beside the sure ones: one per entry and place, none where the entry was found anyway. */
function withNear(matches: TermMatch[], near: readonly TermMatch[]): TermMatch[] {
  if (near.length === 0) return matches
  const sure = new Map([...Map.groupBy(matches, idOf)].map(([id, found]) => [id, new Spans(found)]))
  const ends = new Map<string, number>()
  const fresh = near
    .toSorted((a, b) => a.start - b.start || b.end - a.end)
    .filter((one) => {
      const id = idOf(one)
      if ((ends.get(id) ?? -1) > one.start || sure.get(id)?.meets(one)) return false
      ends.set(id, one.end)
      return true
    })
  return [...matches, ...fresh].sort((a, b) => a.start - b.start)
}

const idOf = (match: TermMatch) => match.entry.id

const scriptPatterns = new Map<string, RegExp>()

function scriptPattern(script: string): RegExp {
  let pattern = scriptPatterns.get(script)
  if (pattern) return pattern
  try {
    pattern = new RegExp(`[\\p{sc=${script}}\\p{sc=Common}\\p{sc=Inherited}]`, 'u')
  } catch {
    throw new FirebreakError('text/term-script', [script])
  }
  scriptPatterns.set(script, pattern)
  return pattern
}

function isOfItsScripts(text: string, match: TermMatch): boolean {
  const { scripts } = match.entry
  if (!scripts || scripts.length === 0) return true
  const letters = text.slice(match.start, match.end).match(/\p{L}/gu) ?? []
  return letters.length === 0 || scripts.some((script) => letters.some((letter) => scriptPattern(script).test(letter)))
}

/** The allowed phrases of an entry, compiled when they are first needed. */
const allowed = new WeakMap<TermEntry, TermMatcher>()

/** Drops matches inside an allowed phrase of their entry, which may be disguised itself. One look per entry and text. */
function withoutAllowed(text: string, matches: TermMatch[]): TermMatch[] {
  const places = new Map<TermEntry, Spans>()
  return matches.filter((match) => {
    const { entry } = match
    if (!entry.allow || entry.allow.length === 0) return true
    let phrases = allowed.get(entry)
    if (!phrases) {
      phrases = compileTerms(entry.allow.map((term, i) => ({ id: String(i), term })))
      allowed.set(entry, phrases)
    }
    let spans = places.get(entry)
    if (!spans) {
      spans = new Spans(phrases.find(text))
      places.set(entry, spans)
    }
    return !spans.covers(match)
  })
}
