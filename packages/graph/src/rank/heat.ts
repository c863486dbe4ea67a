import type { FusedAdjacency } from '../fused/adjacency.ts'
import { type Sparse, scratchOf, takeSparse } from './scratch.ts'

/**
 * Heat kernel from one account: walk lengths are Poisson with mean `time`, so short walks count more than in PageRank.
 * The Taylor series of the walk, dropping at each step the mass below `epsilon` × weighted degree
 * (in the spirit of Kloster and Gleich 2014, doi:10.1145/2623330.2623706). Cost: O(time / epsilon) arcs.
 */
export function heatKernel(graph: FusedAdjacency, seed: number, time: number, epsilon: number): Sparse {
  const { offsets, arcs, weights } = graph
  const { mass, residual, reached, volume } = scratchOf(graph)
  const touched: number[] = [seed]
  reached[seed] = 1
  let frontier: number[] = [seed]
  let held = Float64Array.of(1)
  let poisson = Math.exp(-time)
  let left = 1 - poisson
  mass[seed] = poisson
  for (let step = 1; left > 0.01 && frontier.length > 0; step++) {
    const next: number[] = []
    for (let i = 0; i < frontier.length; i++) {
      const u = frontier[i] as number
      const degree = volume[u] as number
      const value = held[i] as number
      if (value <= (epsilon * degree) / left || degree === 0) continue
      const share = value / degree
      for (let a = offsets[u] as number, end = offsets[u + 1] as number; a < end; a++) {
        const v = (arcs[a] as number) >>> 2
        if (residual[v] === 0) next.push(v)
        residual[v]! += weights === null ? share : share * (weights[a] as number)
      }
    }
    poisson *= time / step
    left -= poisson
    held = new Float64Array(next.length)
    for (let i = 0; i < next.length; i++) {
      const v = next[i] as number
      const value = residual[v] as number
      held[i] = value
      residual[v] = 0
      mass[v]! += poisson * value
      if (reached[v] === 0) {
        reached[v] = 1
        touched.push(v)
      }
    }
    frontier = next
  }
  for (const u of touched) reached[u] = 0
  return takeSparse(mass, touched)
}
