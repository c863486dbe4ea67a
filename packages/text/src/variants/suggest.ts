import type { Post } from './post.ts'
import { accountLift, migration, ownWords, proximity, type Ranker, spelling } from './rankers.ts'
import { similarity, spellingCore } from './similarity.ts'
import { type Tally, tally } from './tally.ts'

/** Why a tag is suggested; counts are of posts unless they say accounts. */
export interface VariantEvidence {
  /** Accounts that used the blocked term before the block, and how many of them use this one after it; `tookUp`: never before. */
  readonly seeds: number
  readonly accounts: number
  readonly tookUp: number
  readonly before: number
  readonly after: number
  /** Share of all other accounts that ever used it. */
  readonly others: number
  /** z of the migration: the seeds' rise beyond everybody's. */
  readonly migration: number
  /** Likeness of spelling, 0 to 1. */
  readonly spelling: number
  /** When a seed first used it after the block, and last (milliseconds since 1970). */
  readonly firstAt: number
  readonly lastAt: number
}

export interface VariantSuggestion {
  readonly variant: string
  /** Fused score, comparable within one answer only. */
  readonly score: number
  readonly evidence: VariantEvidence
}

export interface VariantQuery {
  /** The blocked term, and other spellings that were blocked with it. */
  readonly blocked: string
  readonly alsoBlocked?: (tag: string) => boolean
  /** When it was blocked, milliseconds since 1970. */
  readonly at: number
  /** Default 20. */
  readonly limit?: number
}

/** Views of a tag and how much each counts in the fusion (weights chosen on worlds that the published figures do not use). */
const VIEWS: readonly (readonly [Ranker, number])[] = [
  [migration, 2],
  [accountLift, 2],
  [ownWords, 0.5],
  [spelling, 1],
  [proximity, 0.1],
]
/** Cormack, Clarke & Büttcher 2009, doi:10.1145/1571941.1572114; smaller than their 60 because only the top counts here. */
const RRF_K = 20
const LEAST_ACCOUNTS = 2

/**
 * What the accounts that used a term moved to after it was blocked, best first, each with its evidence. Reciprocal-rank fusion of
 * five views (rankers.ts). Suggestions are for a person to accept or reject, never to act on: ordinary words can be repurposed.
 * Empty when nobody used the term before. Cost: O(uses + tags · accounts per tag); 250,000 posts take about two seconds.
 */
export function suggestVariants(posts: Iterable<Post>, query: VariantQuery): VariantSuggestion[] {
  const blocked = query.blocked.replace(/^#/, '').toLowerCase()
  const joined = blocked.replace(/\s+/g, '')
  const isBlocked = (tag: string): boolean =>
    tag === blocked || tag.replace(/^#/, '') === joined || (query.alsoBlocked?.(tag) ?? false)
  const counts = tally(posts, isBlocked, query.at)
  if (counts.seedAccounts === 0) return []
  const eligible = counts.tags.flatMap((_tag, i) => (isEligible(counts, i) ? [i] : []))
  const scores = fused(counts, joined, eligible)
  const moved = migration(counts, joined)
  return eligible
    .sort((a, b) => scores[b]! - scores[a]! || (counts.tags[a]! < counts.tags[b]! ? -1 : 1))
    .slice(0, query.limit ?? 20)
    .map((tag) => ({
      variant: counts.tags[tag]!,
      score: scores[tag]!,
      evidence: { ...evidenceOf(counts, tag), migration: moved[tag]!, spelling: likeness(counts.tags[tag]!, joined) },
    }))
}

/** Used by several seeds after the block, and not less than before it. */
function isEligible({ seedUsers, newUsers }: Tally, tag: number): boolean {
  return seedUsers[tag]! >= LEAST_ACCOUNTS && newUsers[tag]! >= LEAST_ACCOUNTS
}

function fused(counts: Tally, blocked: string, eligible: readonly number[]): Float64Array {
  const scores = new Float64Array(counts.tags.length)
  for (const [ranker, weight] of VIEWS) {
    // Rounded, so that the order of additions cannot decide between equals.
    const values = ranker(counts, blocked).map((value) => Math.round(value * 1e9))
    const order = eligible
      .filter((tag) => !Number.isNaN(values[tag]!))
      .sort((a, b) => values[b]! - values[a]! || (counts.tags[a]! < counts.tags[b]! ? -1 : 1))
    for (const [rank, tag] of order.entries()) scores[tag]! += weight / (RRF_K + rank + 1)
  }
  return scores
}

function likeness(tag: string, blocked: string): number {
  return similarity(spellingCore(tag), spellingCore(blocked))
}

function evidenceOf(counts: Tally, tag: number): Omit<VariantEvidence, 'migration' | 'spelling'> {
  return {
    seeds: counts.seedAccounts,
    accounts: counts.seedUsers[tag]!,
    tookUp: counts.newUsers[tag]!,
    before: counts.seedBefore[tag]!,
    after: counts.seedAfter[tag]!,
    others: counts.restUsers[tag]! / Math.max(1, counts.restAccounts),
    firstAt: counts.firstAfter[tag]!,
    lastAt: counts.last[tag]!,
  }
}
