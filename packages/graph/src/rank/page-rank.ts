import type { FusedAdjacency } from '../fused/adjacency.ts'
import { type Sparse, scratchOf, takeSparse } from './scratch.ts'

/**
 * Personalised PageRank from one account by forward push (Andersen, Chung, Lang 2006, doi:10.1109/FOCS.2006.44): a walk
 * that returns home with probability `alpha` a step. Error ≤ epsilon × weighted degree per account; a seed without
 * neighbours keeps all mass. Cost: O(1 / (alpha × epsilon)) arcs whatever the graph's size.
 */
export function pushPageRank(graph: FusedAdjacency, seed: number, alpha: number, epsilon: number): Sparse {
  const { offsets, arcs, weights } = graph
  const { mass, residual, queued, volume } = scratchOf(graph)
  const touched: number[] = [seed]
  const queue: number[] = [seed]
  residual[seed] = 1
  queued[seed] = 1
  for (let head = 0; head < queue.length; head++) {
    const u = queue[head] as number
    queued[u] = 0
    const held = residual[u] as number
    residual[u] = 0
    const degree = volume[u] as number
    if (degree === 0) {
      mass[u]! += held
      continue
    }
    mass[u]! += alpha * held
    const share = ((1 - alpha) * held) / degree
    for (let a = offsets[u] as number, end = offsets[u + 1] as number; a < end; a++) {
      const v = (arcs[a] as number) >>> 2
      const before = residual[v] as number
      const after = before + (weights === null ? share : share * (weights[a] as number))
      residual[v] = after
      if (before === 0 && mass[v] === 0) touched.push(v)
      if (queued[v] === 0 && after > epsilon * (volume[v] as number)) {
        queued[v] = 1
        queue.push(v)
      }
    }
  }
  for (const u of touched) residual[u] = 0
  return takeSparse(mass, touched)
}
