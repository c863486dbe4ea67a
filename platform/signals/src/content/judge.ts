import type { HashKind } from '../banks/kinds.ts'
import type { AggregateOpinion } from '../banks/opinions.ts'
import type { BankState } from '../matching/bank-state.ts'

/** An equal medium is in a bank that the operator answers for: the guard may drop the content at once. */
export const KNOWN_MEDIA = 'known-media'
/** Something says that a person should look: a near match, a bank not adopted, a lead, a dispute. */
export const KNOWN_MEDIA_LOOK = 'known-media-look'

/** What signals may say about media: of contents only. There is no value for an account, and none that sanctions. */
export type ContentLabelValue = typeof KNOWN_MEDIA | typeof KNOWN_MEDIA_LOOK | 'triage-look'

/** A match of a medium with what is known of the entry now. */
export interface MatchFact {
  readonly bank: Pick<BankState, 'name' | 'settings'>
  readonly entry: number
  readonly kind: HashKind
  readonly distance: number
  readonly opinion: AggregateOpinion
  readonly positives: number
  readonly quarantined: boolean
}

/** What the matches of one medium amount to. */
export interface MediaJudgement {
  readonly value: typeof KNOWN_MEDIA | typeof KNOWN_MEDIA_LOOK
  /** Names of the banks, without entry or distance. */
  readonly banks: readonly string[]
  readonly exact: boolean
  /** Most independent owners who say so of one entry. */
  readonly positives: number
}

/**
 * Whether a match says anything. Quarantine takes away likenesses only: what equals the entry still asks for a look, or one who sends
 * the same picture often enough could free it.
 */
export function isLive({
  opinion,
  quarantined,
  distance,
}: Pick<MatchFact, 'opinion' | 'quarantined' | 'distance'>): boolean {
  return opinion !== 'NEGATIVE_CLASS' && (!quarantined || distance === 0)
}

/**
 * Null: nothing to say. A bank of fine media vetoes; only an equal digest stands against a mere likeness to something fine.
 * Acting at once needs an equal medium, an adopted bank and an undisputed positive opinion of an entry that is not quarantined. Everything else is a look.
 */
export function judgeMedium(matches: readonly MatchFact[]): MediaJudgement | null {
  const live = matches.filter(isLive)
  const vetoes = live.filter(({ bank, quarantined }) => bank.settings.negative && !quarantined)
  const said = live.filter(({ bank }) => !bank.settings.negative)
  const standing = vetoes.length === 0 ? said : vetoes.some(isDigest) ? [] : said.filter(isDigest)
  if (standing.length === 0) return null
  const acting = standing.filter(acts)
  const chosen = acting.length > 0 ? acting : standing
  return {
    value: acting.length > 0 ? KNOWN_MEDIA : KNOWN_MEDIA_LOOK,
    banks: [...new Set(chosen.map(({ bank }) => bank.name))].sort(),
    exact: chosen.some(isExact),
    positives: Math.max(...chosen.map(({ positives }) => positives)),
  }
}

/**
 * What all media of a content amount to together: the strongest. `reviewed`: what a person found, if one looked; found fine, only
 * an equal medium still says otherwise.
 */
export function judgeContent(
  media: readonly (MediaJudgement | null)[],
  reviewed: boolean | null = null,
): MediaJudgement | null {
  const said = media.filter((one) => one !== null).filter(({ value }) => reviewed !== false || value === KNOWN_MEDIA)
  return said.find(({ value }) => value === KNOWN_MEDIA) ?? said[0] ?? null
}

function isDigest({ kind }: MatchFact): boolean {
  return kind !== 'pdq'
}

function isExact({ kind, distance, bank }: MatchFact): boolean {
  return kind !== 'pdq' || (distance === 0 && bank.settings.exactPdq)
}

function acts(match: MatchFact): boolean {
  return isExact(match) && !match.quarantined && match.bank.settings.adopted && match.opinion === 'POSITIVE_CLASS'
}
