import type { Exposure, LabelFact, ListFacts, Standing } from '../facts.ts'
import type { Policy } from '../policy.ts'
import type { Surface } from '../surfaces.ts'
import type { TextAction, TextFacts } from '../text-facts.ts'

/** `unknown` is an answer of its own: a rule has to say what it does with it. */
export type AgeBand = 'minor' | 'adult' | 'unknown'

/** Somebody or something a rule looks at. The two methods serve `related` and `countIn`; undefined means: not known. */
export interface Party {
  readonly type: string
  /** In force at the time of the question. */
  readonly labels: readonly LabelFact[]
  readonly standing: Standing
  readonly actedOnMembers: boolean
  /** The viewer acted on an account near enough to a network. */
  readonly contacted: boolean
  readonly age: AgeBand
  relatedTo?(other: Party): boolean | undefined
  countIn?(counter: string, windowMs: number, other?: Party): number | undefined
}

/** What lists say of the text; `action` is the strictest that exact and folded hits and links ask for, '' when none does. */
export interface TextParty extends Pick<TextFacts, 'terms' | 'links' | 'interstitial'> {
  readonly action: TextAction | ''
}

/** Everything a rule can read. Properties may be computed when asked for; each is read a few times at most. */
export interface RuleFacts {
  readonly surface: Surface
  readonly context: { readonly jurisdiction?: string | undefined; readonly locale?: string | undefined }
  readonly policy: Policy
  readonly viewer: Party
  readonly exposure: Exposure
  readonly list: ListFacts
  readonly subject: Party
  /** Who made the content; the account itself for an account. Undefined: not told. */
  readonly author: Party | undefined
  /** Undefined: there is a text that nobody looked at. */
  readonly text: TextParty | undefined
  /** The place that asks, for `countIn`. */
  readonly here: Pick<Party, 'countIn'>
}

/** A subject that came without a text. */
export const NO_TEXT: TextParty = Object.freeze({ terms: [], links: [], action: '' })

/** Nobody in particular: what a question without a viewer is judged for. */
export const NOBODY: Party = Object.freeze({
  type: 'account',
  labels: [],
  standing: 'none',
  actedOnMembers: false,
  contacted: false,
  age: 'unknown',
})

/** The lowest age and the highest that a band such as `13-17`, `18+`, `under13`, `minor` names decide; anything else is unknown. */
export function ageBandOf(band: string | undefined): AgeBand {
  if (band === undefined) return 'unknown'
  const text = band.trim().toLowerCase()
  if (text === 'minor' || text === 'child' || text === 'teen') return 'minor'
  if (text === 'adult') return 'adult'
  const range = /^(?:age\s*)?(\d{1,3})\s*(?:-|–|to)\s*(\d{1,3})$/.exec(text)
  if (range) return Number(range[2]) < 18 ? 'minor' : Number(range[1]) >= 18 ? 'adult' : 'unknown'
  const from = /^(?:over\s*|>=?\s*)?(\d{1,3})\s*(?:\+|plus)?$/.exec(text)
  if (from) return Number(from[1]) >= 18 ? 'adult' : 'unknown'
  const below = /^(?:under|below|<)\s*(\d{1,3})$/.exec(text)
  return below && Number(below[1]) <= 18 ? 'minor' : 'unknown'
}
