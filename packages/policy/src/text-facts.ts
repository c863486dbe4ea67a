/** A lexicon entry found in a subject's text. `action` is the entry's own (`TEXT_ACTIONS`); anything else only marks for review. */
export interface TermFact {
  readonly entry: string
  readonly list: string
  /** A fuzzy hit is for people to look at; it never decides. */
  readonly tier: 'exact' | 'folded' | 'fuzzy'
  readonly action: string
}

/** A link found in a subject's text, as far as a list or its kind says something about it. */
export interface LinkFact {
  readonly list: string
  readonly kind: 'listed' | 'shortener' | 'wrapper' | 'invite' | 'payment'
  readonly action: string
}

/** What lexicon and link lists say of a text. `interstitial`: the variant drawn for this viewer, shown when a warning is due. */
export interface TextFacts {
  readonly terms: readonly TermFact[]
  readonly links: readonly LinkFact[]
  readonly interstitial?: Interstitial
}

/** The screen between a person and what they asked for: which kind, and which of its texts. */
export interface Interstitial {
  readonly kind: 'stop' | 'warn' | 'resources'
  readonly variant: string
}

/** Actions of lexicon entries that the default rules carry out, mildest first. `no-complete` matters where texts are proposed only. */
export const TEXT_ACTIONS = [
  'no-complete',
  'downrank',
  'caution',
  'resources',
  'warn',
  'interstitial',
  'stop',
  'drop',
  'hold',
] as const
/** One of `TEXT_ACTIONS`. */
export type TextAction = (typeof TEXT_ACTIONS)[number]

const NONE = -1
const rank = (action: string): number => (TEXT_ACTIONS as readonly string[]).indexOf(action)

/** The strictest action that exact and folded hits and links ask for; null when none does. Linear in the hits. */
export function strictestAction(text: TextFacts): TextAction | null {
  let strictest = NONE
  for (const hit of text.terms) if (hit.tier !== 'fuzzy') strictest = Math.max(strictest, rank(hit.action))
  for (const link of text.links) strictest = Math.max(strictest, rank(link.action))
  return TEXT_ACTIONS[strictest] ?? null
}
