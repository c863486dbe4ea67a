import type { Interstitial } from './text-facts.ts'

/** What a surface should do, mildest first. */
export const ACTIONS = ['allow', 'downrank', 'caution', 'interstitial', 'drop', 'hold'] as const
/** One of `ACTIONS`. */
export type Action = (typeof ACTIONS)[number]

/** The only words an answer gives away without the scope `explain`: they name no network, label, distance or term. */
export const PUBLIC_REASONS = ['none', 'not-eligible', 'limited-reach', 'not-available', 'unchecked'] as const
/** One of `PUBLIC_REASONS`. */
export type PublicReason = (typeof PUBLIC_REASONS)[number]

/** A verdict as the platform sees it. `factor` multiplies a rank (with downrank only); `interstitial` comes with that action only. */
export interface Verdict {
  readonly action: Action
  readonly reason: PublicReason
  readonly factor?: number
  readonly interstitial?: Interstitial
}

/** A verdict with what led to it, for people and keys that may see it. */
export interface ExplainedVerdict extends Verdict {
  readonly rule: string | null
  readonly internalReason: string
}

/** Takes the inside away: an allowed, an unknown and an unlabelled subject leave the same shape behind. */
export function publicVerdict(verdict: ExplainedVerdict): Verdict {
  const { action, reason, factor, interstitial } = verdict
  if (interstitial !== undefined) return { action, reason, interstitial }
  return factor === undefined ? { action, reason } : { action, reason, factor }
}

/** The stricter of two verdicts, the first of equals. */
export function stricter(a: ExplainedVerdict, b: ExplainedVerdict): ExplainedVerdict {
  return ACTIONS.indexOf(b.action) > ACTIONS.indexOf(a.action) ? b : a
}
