import type { Random } from '@firebreak/kernel'
import type { FusedAdjacency } from './fused/adjacency.ts'

/** What ranking says about one account: nodes in place of ids. */
export interface RankedNode {
  readonly node: number
  readonly score: number
  readonly probability: number
  readonly member: boolean
}

/** Ranking and cut of one query, before conduct and roles have their say. */
export interface Ranking {
  readonly isNetwork: boolean
  readonly networkProbability: number
  /** One sentence without ids. */
  readonly reason: string
  readonly seeds: readonly { readonly node: number; readonly fits: boolean; readonly fit: number }[]
  /** Best first, seeds left out. */
  readonly ranked: readonly RankedNode[]
  readonly cut: { readonly threshold: number; readonly size: number; readonly borderline: readonly number[] }
}

/** Ranks what lies around distinct seeds of the graph. Pure: the same seeds and random numbers give the same answer. */
export type RankNetwork = (
  adjacency: FusedAdjacency,
  seeds: readonly number[],
  options: { readonly benign: readonly number[]; readonly random: Random },
) => Ranking
