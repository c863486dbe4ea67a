/**
 * One line of an operator's list. A plain `{ id, term }` is matched through every core disguise; options only narrow.
 * `action` and `surfaces` are carried along for the caller, the matcher itself never reads them.
 */
export interface TermEntry {
  readonly id: string
  readonly term: string
  /** `word` (default): not inside a longer word. `none`: anywhere. */
  readonly boundary?: 'word' | 'none'
  /** Phrases that make a match inside them innocent ("seashell museum"). */
  readonly allow?: readonly string[]
  /** ISO 15924 or Unicode script names: a match whose letters are all of another script is dropped. */
  readonly scripts?: readonly string[]
  /** `false` keeps the term out of the fuzzy tier. */
  readonly fuzzy?: boolean
  /** `false`: not matched when written backwards. */
  readonly reversed?: boolean
  /** `false`: not found inside a longer hashtag. */
  readonly hashtagAffix?: boolean
  readonly surfaces?: readonly string[]
  readonly action?: string
}

/** `exact`: the characters of the term, letter case aside; `folded`: disguised; `fuzzy`: near it, for review only. */
export type TermTier = 'exact' | 'folded' | 'fuzzy'

export interface TermMatch {
  readonly entry: TermEntry
  /** UTF-16 offsets into the text as given, `end` exclusive. */
  readonly start: number
  readonly end: number
  readonly tier: TermTier
  /** The transformations that lead from the text to the term, for a reviewer; empty where the text is the term. */
  readonly why: readonly string[]
}

export interface FindOptions {
  /** Also answer near misses (tier `fuzzy`): review only, never a reason to block by itself. Default false. */
  readonly fuzzy?: boolean
}

export interface TermMatcher {
  readonly size: number
  /** All entries found, in order of `start`; one match per entry and place. Cost: linear in the text, not in the list. */
  find(text: string, options?: FindOptions): TermMatch[]
  /**
   * The last text was so dense with half-matches that its share of steps ran out: exact words were still found, disguises in
   * its densest places may not have been. Hostile by all likelihood, and worth a look.
   */
  readonly exhausted: boolean
  /** A new matcher with one more entry (or a changed one of the same id); this one stays valid, so a swap is one assignment. */
  with(entry: TermEntry): TermMatcher
  without(id: string): TermMatcher
  /**
   * Entries that a prefix being typed leads to (at least three letters of it, begun in its last hundred characters), for
   * suggestions that must not complete; at most a thousand. Cost: logarithmic in the list, linear in the answer.
   */
  completes(prefix: string): TermEntry[]
  readonly entries: readonly TermEntry[]
}
