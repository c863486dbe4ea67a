import type { FusedAdjacency } from '../fused/adjacency.ts'
import { degreeOf, type Sparse, scratchOf, takeSparse } from './scratch.ts'

/**
 * Adamic–Adar similarity to one account: shared neighbours, rare ones counting more (1 / log degree), plus a direct edge
 * counted as one middling shared neighbour. Neighbours with more than `hubLimit` contacts say nothing and are not
 * expanded. Cost: the summed degree of the account's neighbours, hubs left out.
 */
export function adamicAdar(graph: FusedAdjacency, seed: number, hubLimit: number): Sparse {
  const { offsets, arcs, weights } = graph
  const { mass } = scratchOf(graph)
  const touched: number[] = []
  for (let a = offsets[seed] as number, end = offsets[seed + 1] as number; a < end; a++) {
    const via = (arcs[a] as number) >>> 2
    const strength = weights === null ? 1 : (weights[a] as number)
    const degree = degreeOf(graph, via)
    if (mass[via] === 0) touched.push(via)
    mass[via]! += strength * 0.3
    if (degree > hubLimit) continue
    const rarity = strength / Math.log(Math.max(2, degree))
    for (let b = offsets[via] as number, stop = offsets[via + 1] as number; b < stop; b++) {
      const v = (arcs[b] as number) >>> 2
      if (v === seed) continue
      if (mass[v] === 0) touched.push(v)
      mass[v]! += weights === null ? rarity : rarity * Math.min(1, weights[b] as number)
    }
  }
  return takeSparse(mass, touched)
}
