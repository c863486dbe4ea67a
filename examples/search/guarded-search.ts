/**
 * Search behind Firebreak, whatever the engine: the query is judged before it runs, what comes back is judged before it is shown.
 * Before, because a blocked query must find nothing anywhere; after, because an index may still hold what a list learnt a second ago.
 */

export interface Subject {
  readonly type: string
  readonly id?: string
  readonly text?: string
  readonly author?: string
}

export interface Verdict {
  readonly action: string
  readonly factor?: number
  readonly interstitial?: { readonly kind: string; readonly variant: string }
}

/** One result. `id` and `author` let labels decide, `text` (title, caption, tags) lets the lexicon. */
export interface Found {
  readonly id: string
  readonly type?: string
  readonly author?: string
  readonly text: string
}

/** What an engine adapter offers. Each call takes the id of the viewer only if the engine needs it; none of it is Firebreak's. */
export interface SearchEngine {
  search(query: string, limit: number): Promise<Found[]>
  /** Completions while typing, did-you-mean, popular queries: texts. */
  suggest(prefix: string, limit: number): Promise<string[]>
}

/** What is asked of Firebreak: the client of @firebreak/sdk is one, with its time limit and fail modes. */
export interface Guard {
  verdicts(request: {
    surface: 'search' | 'autocomplete'
    viewer?: string
    subjects: readonly Subject[]
  }): Promise<{ readonly verdicts: readonly Verdict[] }>
}

/** An answer to show. With `interstitial` the screen stands in place of results; `blocked` alone is an ordinary empty page. */
export interface SearchAnswer {
  readonly results: readonly Found[]
  readonly blocked: boolean
  readonly interstitial?: { readonly kind: string; readonly variant: string }
}

/** Asked for more than shown, so that a page stays full when some are withheld. */
const SPARE = 2

export async function guardedSearch(
  engine: SearchEngine,
  guard: Guard,
  query: string,
  { viewer, limit = 20 }: { viewer?: string; limit?: number } = {},
): Promise<SearchAnswer> {
  const who = viewer === undefined ? {} : { viewer }
  const [before] = (await guard.verdicts({ surface: 'search', ...who, subjects: [{ type: 'query', text: query }] }))
    .verdicts
  if (before === undefined || withholds(before))
    return { results: [], blocked: true, ...(before?.interstitial ? { interstitial: before.interstitial } : {}) }
  const found = await engine.search(query, limit * SPARE)
  if (found.length === 0) return { results: [], blocked: false }
  const { verdicts } = await guard.verdicts({ surface: 'search', ...who, subjects: found.map(subjectOf) })
  const shown = found
    .map((one, i) => ({ one, verdict: verdicts[i], place: (i + 1) / (verdicts[i]?.factor ?? 1) }))
    .filter(({ verdict }) => verdict !== undefined && !withholds(verdict))
    .sort((a, b) => a.place - b.place)
  return { results: shown.slice(0, limit).map(({ one }) => one), blocked: false }
}

/** Suggestions for a prefix: none where it leads to a listed term, and never one that is listed itself. */
export async function guardedSuggest(
  engine: SearchEngine,
  guard: Guard,
  prefix: string,
  limit = 10,
): Promise<string[]> {
  const [before] = (await guard.verdicts({ surface: 'autocomplete', subjects: [{ type: 'prefix', text: prefix }] }))
    .verdicts
  if (before === undefined || withholds(before)) return []
  const texts = await engine.suggest(prefix, limit * SPARE)
  if (texts.length === 0) return []
  const { verdicts } = await guard.verdicts({
    surface: 'autocomplete',
    subjects: texts.map((text) => ({ type: 'query', text })),
  })
  return texts.filter((_text, i) => verdicts[i] !== undefined && !withholds(verdicts[i])).slice(0, limit)
}

function withholds({ action }: Verdict): boolean {
  return action === 'drop' || action === 'hold' || action === 'interstitial'
}

function subjectOf({ id, type = 'content', author, text }: Found): Subject {
  return { type, id, text, ...(author === undefined ? {} : { author }) }
}
