import { hammingDistance, PDQ_DISTANCE, PDQ_QUALITY, parseHash } from '../hash.ts'
import type { VpdqFeature } from './features.ts'

/** When two videos count as the same. Percentages are of the distinct frames that are good enough to be compared. */
export interface VpdqRule {
  /** Frames match up to this distance, inclusive. */
  readonly distance: number
  /** Frames below this quality are left out on both sides. */
  readonly quality: number
  /** At least this share of the questioned video must be found in the compared one. */
  readonly queryPercent: number
  /** At least this share of the compared video (the bank entry) must be found in the questioned one. */
  readonly comparedPercent: number
}

/**
 * As python-threatexchange matches: most of the questioned video is known. A known clip inside a longer video needs the
 * other direction (`queryPercent: 0, comparedPercent: 80`), which the vpdq README shows.
 */
export const VPDQ_RULE: VpdqRule = {
  distance: PDQ_DISTANCE,
  quality: PDQ_QUALITY,
  queryPercent: 80,
  comparedPercent: 0,
}

/** How much of two videos is alike, and whether that is enough under the rule. */
export interface VpdqMatch {
  readonly match: boolean
  /** Share of the questioned video's frames found in the compared one, 0 to 100. */
  readonly queryPercent: number
  /** Share of the compared video's frames found in the questioned one, 0 to 100. */
  readonly comparedPercent: number
}

/**
 * Compares two videos frame by frame as bags (order and time play no part), after leaving out low quality and repeated
 * hashes. Both percentages are 0, and nothing matches, where a side has no frame left. Cost: frames × frames.
 */
export function matchVpdq(
  query: readonly VpdqFeature[],
  compared: readonly VpdqFeature[],
  rule: Partial<VpdqRule> = {},
): VpdqMatch {
  const { distance, quality, queryPercent, comparedPercent } = { ...VPDQ_RULE, ...rule }
  const left = distinctHashes(query, quality)
  const right = distinctHashes(compared, quality)
  if (left.length === 0 || right.length === 0) return { match: false, queryPercent: 0, comparedPercent: 0 }
  const percents = { queryPercent: share(left, right, distance), comparedPercent: share(right, left, distance) }
  const match = percents.queryPercent >= queryPercent && percents.comparedPercent >= comparedPercent
  return { match: match && (percents.queryPercent > 0 || percents.comparedPercent > 0), ...percents }
}

/** The frames of a video worth matching: quality at least `quality`, each hash once. An index over videos holds these. */
export function distinctHashes(features: readonly VpdqFeature[], quality: number = PDQ_QUALITY): Uint8Array[] {
  const hashes = new Set(features.filter((feature) => feature.quality >= quality).map(({ hash }) => hash))
  return [...hashes].map(parseHash)
}

function share(some: readonly Uint8Array[], others: readonly Uint8Array[], distance: number): number {
  const found = some.filter((hash) => others.some((other) => hammingDistance(hash, other) <= distance))
  return (found.length * 100) / some.length
}
