import type { Surface } from '@firebreak/policy'
import { DISGUISES } from '@firebreak/text'

/** A place where a platform shows or takes text, as it asks about it. */
export interface Place {
  readonly name: string
  readonly surface: Surface
  readonly type: string
}

/** Every public place with a text. Private ones are asked only where a legal basis opens them, so no suite can expect an answer there. */
export const PLACES: readonly Place[] = [
  { name: 'search', surface: 'search', type: 'query' },
  { name: 'prefix while typing', surface: 'autocomplete', type: 'prefix' },
  { name: 'suggestion', surface: 'autocomplete', type: 'query' },
  { name: 'trending', surface: 'trending', type: 'hashtag' },
  { name: 'hashtag page', surface: 'hashtag_page', type: 'hashtag' },
  { name: 'related tag', surface: 'hashtag_page', type: 'query' },
  { name: 'bio', surface: 'profile', type: 'account' },
  { name: 'handle', surface: 'profile', type: 'handle' },
  { name: 'comment', surface: 'comment', type: 'content' },
  { name: 'upload', surface: 'upload', type: 'content' },
  { name: 'recommended content', surface: 'recommend_content', type: 'content' },
  { name: 'recommended account', surface: 'recommend_accounts', type: 'account' },
  { name: 'sign-up name', surface: 'signup', type: 'handle' },
  { name: 'link', surface: 'link_open', type: 'url' },
]

/** One question: a term in one disguise in one place. `term` is its number in the list given, so that results need not repeat it. */
export interface ParityCase {
  readonly place: string
  readonly term: number
  readonly disguise: string
  readonly text: string
}

/** A text that no list holds: what blocks it blocks everything. */
export const CONTROL = { disguise: 'control', text: 'tomato soup for four' } as const
/** What stands for a control in `term`. */
export const NO_TERM = -1

/** Every term in every disguise in every place, and one control a place. */
export function parityCases(terms: readonly string[], places: readonly string[]): ParityCase[] {
  return places.flatMap((place) => [
    { place, term: NO_TERM, ...CONTROL },
    ...terms.flatMap((written, term) =>
      DISGUISES.map(({ name, of }) => ({ place, term, disguise: name, text: of(written) })),
    ),
  ])
}
