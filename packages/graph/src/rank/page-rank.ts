import type { FusedAdjacency } from '../fused/adjacency.ts'
import { type Sparse, scratchOf } from './scratch.ts'

/**
 * Personalised PageRank from one account by forward push (Andersen, Chung, Lang 2006, doi:10.1109/FOCS.2006.44): a walk
 * that returns home with probability `alpha` a step. Error ≤ epsilon × weighted degree per account; a seed without
 * neighbours keeps all mass. Cost: O(1 / (alpha × epsilon)) arcs whatever the graph's size.
 */
export function pushPageRank(graph: FusedAdjacency, seed: number, alpha: number, epsilon: number): Sparse {
  const { offsets, arcs, weights } = graph
  const { walk } = scratchOf(graph)
  const touched: number[] = [seed]
  const queue: number[] = [seed]
  walk[4 * seed + RESIDUAL] = 1
  walk[4 * seed + QUEUED] = 1
  for (let head = 0; head < queue.length; head++) {
    const u = queue[head] as number
    const own = 4 * u
    walk[own + QUEUED] = 0
    const held = walk[own + RESIDUAL] as number
    walk[own + RESIDUAL] = 0
    const degree = walk[own + VOLUME] as number
    if (degree === 0) {
      walk[own]! += held
      continue
    }
    walk[own]! += alpha * held
    const share = ((1 - alpha) * held) / degree
    for (let a = offsets[u] as number, end = offsets[u + 1] as number; a < end; a++) {
      const v = (arcs[a] as number) >>> 2
      const at = 4 * v
      const before = walk[at + RESIDUAL] as number
      const after = before + (weights === null ? share : share * (weights[a] as number))
      walk[at + RESIDUAL] = after
      if (before === 0 && walk[at] === 0) touched.push(v)
      if (after > epsilon * (walk[at + VOLUME] as number) && walk[at + QUEUED] === 0) {
        walk[at + QUEUED] = 1
        queue.push(v)
      }
    }
  }
  return takeWalk(walk, touched)
}

/** Places of an account's numbers in the scratch; its mass is the first. */
const RESIDUAL = 1
const VOLUME = 2
const QUEUED = 3

/** Copies the mass of those touched and clears what the walk left behind. */
function takeWalk(walk: Float64Array, touched: readonly number[]): Sparse {
  const nodes = new Uint32Array(touched.length)
  const scores = new Float64Array(touched.length)
  let n = 0
  for (let i = 0; i < touched.length; i++) {
    const u = touched[i] as number
    const mass = walk[4 * u] as number
    walk[4 * u + RESIDUAL] = 0
    if (mass === 0) continue
    walk[4 * u] = 0
    nodes[n] = u
    scores[n++] = mass
  }
  return { nodes: nodes.subarray(0, n), scores: scores.subarray(0, n) }
}
