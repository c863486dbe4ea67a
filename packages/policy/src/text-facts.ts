import { REACH, type Surface } from './surfaces.ts'
import type { ExplainedVerdict } from './verdict.ts'

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

const SAYS = 'The text holds a term or link of a list in force, whose entry says what to do.'
const withheld = (action: 'drop' | 'hold', rule: string): ExplainedVerdict => ({
  action,
  reason: 'not-available',
  rule,
  internalReason: SAYS,
})
const DROPPED = withheld('drop', 'text-listed')
const HELD = withheld('hold', 'text-held')
const NOT_PROPOSED = withheld('drop', 'text-not-proposed')
const CAUTION: ExplainedVerdict = {
  action: 'caution',
  reason: 'limited-reach',
  rule: 'text-caution',
  internalReason: SAYS,
}

/** The default verdict on what a text holds: nothing listed is proposed to anybody; where it was asked for, the entry's action decides. */
export function textVerdict(surface: Surface, text: TextFacts, downrankFactor: number): ExplainedVerdict | null {
  const action = strictestAction(text)
  if (action === null) return null
  if (action === 'hold') return HELD
  if (REACH[surface] === 'amplifies' || action === 'drop') return action === 'drop' ? DROPPED : NOT_PROPOSED
  if (action === 'no-complete') return null
  if (action === 'caution') return CAUTION
  if (action === 'downrank')
    return { action, reason: 'limited-reach', factor: downrankFactor, rule: 'text-ranked-lower', internalReason: SAYS }
  const kind = action === 'interstitial' ? 'warn' : action
  return {
    action: 'interstitial',
    reason: 'not-available',
    interstitial: text.interstitial ?? { kind, variant: 'default' },
    rule: 'text-interstitial',
    internalReason: SAYS,
  }
}
