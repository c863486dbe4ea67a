import type { Random } from '@firebreak/kernel'
import type { FusedAdjacency } from '../fused/adjacency.ts'
import type { Candidates } from '../rank/candidates.ts'
import { scratchOf } from '../rank/scratch.ts'
import { degreePeers } from './degree-peers.ts'

const PEERS = 200

/** How near each seed is to each other one, against strangers of the same degree. */
export interface SeedTies {
  /** log((1 + strangers at least as near) / (1 + strangers)), mean of both directions: 0 = like a stranger, −5.3 = nearest of 200. */
  readonly exceedance: readonly Float64Array[]
  /** log of PageRank over its expectation (degree share), mean of both directions; 0 when never reached. */
  readonly lift: readonly Float64Array[]
}

/**
 * The null test's measurements: is each seed nearer to the others than random accounts as well connected as it is?
 * Cost: seeds × (pushed accounts + seeds × 200).
 */
export function seedTies(graph: FusedAdjacency, candidates: Candidates, random: Random): SeedTies {
  const k = candidates.seedCount
  const { mass, volume, totalVolume } = scratchOf(graph)
  const exceedance = Array.from({ length: k }, () => new Float64Array(k))
  const lift = Array.from({ length: k }, () => new Float64Array(k))
  const peers = Array.from({ length: k }, (_, s) => degreePeers(graph, candidates.nodes[s] as number, PEERS, random))
  candidates.pageRanks.forEach(({ nodes, scores }, s) => {
    for (let i = 0; i < nodes.length; i++) mass[nodes[i] as number] = scores[i] as number
    for (let t = 0; t < k; t++) {
      if (t === s) continue
      const target = candidates.nodes[t] as number
      const own = mass[target] as number
      const log = Math.log(peerShare(own, mass, peers[t] as Uint32Array, candidates.nodes[s] as number))
      const ratio = own > 0 ? Math.log((own * totalVolume) / Math.max(1e-9, volume[target] as number)) : 0
      for (const [a, b] of [
        [s, t],
        [t, s],
      ] as const) {
        ;(exceedance[a] as Float64Array)[b]! += log / 2
        ;(lift[a] as Float64Array)[b]! += ratio / 2
      }
    }
    for (let i = 0; i < nodes.length; i++) mass[nodes[i] as number] = 0
  })
  return { exceedance, lift }
}

function peerShare(own: number, mass: Float64Array, peers: Uint32Array, self: number): number {
  if (own <= 0) return 1
  let above = 1
  for (const peer of peers) if (peer !== self && (mass[peer] as number) >= own) above++
  return above / (peers.length + 1)
}
