import type { Random } from '@firebreak/kernel'
import type { FusedAdjacency } from '../fused/adjacency.ts'
import type { Candidates } from '../rank/candidates.ts'
import { type Sparse, scratchOf } from '../rank/scratch.ts'
import { degreePeers } from './degree-peers.ts'

const PEERS = 200

/** How near each seed is to each other one, against strangers of the same degree; once per view. */
export interface SeedTies {
  readonly pageRank: PairTies
  readonly coNeighbours: PairTies
}

export interface PairTies {
  /** log((1 + strangers at least as near) / (1 + strangers)), mean of both directions: 0 = like a stranger, −5.3 = nearest of 200. */
  readonly exceedance: readonly Float64Array[]
  /** log of nearness over the strangers' mean (bounded), mean of both directions; 0 when never reached. */
  readonly lift: readonly Float64Array[]
}

/**
 * The null test's measurements: is each seed nearer to the others than random accounts as well connected as it is?
 * Cost: seeds × (pushed accounts + seeds × 200).
 */
export function seedTies(graph: FusedAdjacency, candidates: Candidates, random: Random): SeedTies {
  const seeds = Array.from(candidates.nodes.subarray(0, candidates.seedCount))
  const peers = seeds.map((s) => degreePeers(graph, s, PEERS, random))
  const { pageRank, coNeighbours } = candidates.whole
  return {
    pageRank: pairTies(graph, seeds, peers, pageRank),
    coNeighbours: pairTies(graph, seeds, peers, coNeighbours),
  }
}

function pairTies(
  graph: FusedAdjacency,
  seeds: readonly number[],
  peers: readonly Uint32Array[],
  views: readonly Sparse[],
): PairTies {
  const { mass } = scratchOf(graph)
  const exceedance = seeds.map(() => new Float64Array(seeds.length))
  const lift = seeds.map(() => new Float64Array(seeds.length))
  views.forEach(({ nodes, scores }, s) => {
    for (let i = 0; i < nodes.length; i++) mass[nodes[i] as number] = scores[i] as number
    seeds.forEach((target, t) => {
      if (t === s) return
      const own = mass[target] as number
      const { share, mean } = against(own, mass, peers[t] as Uint32Array, seeds[s] as number)
      const ratio = own > 0 ? Math.min(8, Math.log(own / Math.max(1e-12, mean))) : 0
      for (const [a, b] of [
        [s, t],
        [t, s],
      ] as const) {
        ;(exceedance[a] as Float64Array)[b]! += Math.log(share) / 2
        ;(lift[a] as Float64Array)[b]! += ratio / 2
      }
    })
    for (let i = 0; i < nodes.length; i++) mass[nodes[i] as number] = 0
  })
  return { exceedance, lift }
}

function against(own: number, mass: Float64Array, peers: Uint32Array, self: number): { share: number; mean: number } {
  let above = 1
  let sum = 0
  for (const peer of peers) {
    if (peer === self) continue
    const theirs = mass[peer] as number
    sum += theirs
    if (theirs >= own) above++
  }
  return { share: own > 0 ? above / (peers.length + 1) : 1, mean: sum / peers.length }
}
