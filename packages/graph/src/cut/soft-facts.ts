import { GROWTH } from '../rank/grown-core.ts'
import { logRelative } from '../rank/order.ts'
import { CANDIDATE_FACTS, candidateFacts, putTies } from './candidate-facts.ts'
import { type CoreTies, coreTies } from './core.ts'
import { PERCOLATION_FACTS, PERCOLATION_SHAPE, type PercolationFacts } from './percolation-facts.ts'
import type { Reading } from './query-facts.ts'

/** What the second model reads on top: ties into the soft core that the first model believes in. */
export const SOFT_FACTS = [
  ...CANDIDATE_FACTS,
  'first',
  'firstRank',
  'softTies',
  'softTiesPerDegree',
  'softTiesPerSize',
  'softTiesPerMember',
  'softTieLift',
  'softItems',
  'softIdentifiers',
  'softSize',
  'softDensity',
  'softOutside',
  'softTop10',
  'softTop30',
  ...GROWTH.map((size) => `grown${size}` as const),
  ...GROWTH.map((size) => `grownSlope${size}` as const),
  ...PERCOLATION_FACTS,
  ...PERCOLATION_SHAPE,
  'seedExceedance',
  'worstSeedExceedance',
] as const

/** The soft core: each candidate with the first model's probability, active seeds with 1. */
export interface SoftCore {
  readonly first: Float64Array
  readonly ties: CoreTies
  /** size (log), density (log), outside, mean of the ten and thirty most probable. */
  readonly shape: readonly number[]
  /** Log nearness to the grown core after each round, and how far it falls from the tenth to the last of the core. */
  readonly grown: readonly Float64Array[]
  readonly grownSlopes: readonly number[]
  readonly percolation: PercolationFacts
}

export function softCore(
  reading: Reading,
  first: Float64Array,
  rounds: readonly Float64Array[],
  percolation: PercolationFacts,
): SoftCore {
  const { local, active, fused } = reading
  const membership = first.slice()
  for (const s of active) membership[s] = 1
  const ties = coreTies(local, membership)
  const best = Float64Array.from(fused.order, (u) => first[u] as number)
    .sort()
    .reverse()
  const mean = (n: number): number => best.slice(0, n).reduce((a, b) => a + b, 0) / n
  const outside = ties.volume > 0 ? 1 - Math.min(1, (ties.meanTies * ties.size) / ties.volume) : 1
  const shape = [
    Math.log(ties.size),
    Math.log(1e-3 + ties.meanTies / Math.max(1, ties.size - 1)),
    outside,
    mean(10),
    mean(30),
  ]
  const skip = new Set(active)
  const later = rounds.slice(1)
  return {
    first,
    ties,
    shape,
    grown: later.map((round) => logRelative(round, skip)),
    grownSlopes: later.map((round, i) => fall(round, skip, GROWTH[i] as number)),
    percolation,
  }
}

function fall(round: Float64Array, skip: ReadonlySet<number>, size: number): number {
  const others = round
    .filter((x, i) => x > 0 && !skip.has(i))
    .sort()
    .reverse()
  const tenth = others[Math.min(9, others.length - 1)] ?? 1
  return Math.log(tenth / (others[Math.min(size, others.length) - 1] ?? 1))
}

/** Fact rows for the second model. `seeds`: mean and worst log exceedance of the seeds (0, 0 for a lone seed). */
export function softFacts(
  reading: Reading,
  soft: SoftCore,
  candidates: ArrayLike<number>,
  seeds: readonly [number, number],
): Float32Array {
  const base = candidateFacts(reading, candidates)
  const narrow = CANDIDATE_FACTS.length
  const width = SOFT_FACTS.length
  const rows = new Float32Array(candidates.length * width)
  const rankOf = ranks(soft.first)
  for (let i = 0; i < candidates.length; i++) {
    const u = candidates[i] as number
    rows.set(base.subarray(i * narrow, (i + 1) * narrow), i * width)
    let at = i * width + narrow
    const put = (value: number): void => {
      rows[at++] = value
    }
    put(soft.first[u] as number)
    put(Math.log1p(rankOf[u] as number))
    putTies(reading, soft.ties, u, put)
    put(Math.log1p(soft.ties.byItem[u] as number))
    put(Math.log1p(soft.ties.byIdentifier[u] as number))
    for (const value of soft.shape) put(value)
    for (const row of soft.grown) put(row[u] as number)
    for (const value of soft.grownSlopes) put(value)
    for (let f = 0; f < PERCOLATION_FACTS.length; f++)
      put(soft.percolation.rows[u * PERCOLATION_FACTS.length + f] as number)
    for (const value of soft.percolation.shape) put(value)
    for (const value of seeds) put(value)
  }
  return rows
}

function ranks(scores: Float64Array): Float64Array {
  const order = Array.from(scores, (_, i) => i).sort((a, b) => (scores[b] as number) - (scores[a] as number) || a - b)
  const rank = new Float64Array(scores.length)
  order.forEach((u, i) => {
    rank[u] = i
  })
  return rank
}
