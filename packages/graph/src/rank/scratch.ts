import type { FusedAdjacency } from '../fused/adjacency.ts'

/** A sparse vector: scores of the few accounts a view reached. */
export interface Sparse {
  readonly nodes: Uint32Array
  readonly scores: Float64Array
}

/**
 * Dense working arrays of one adjacency, reused by every query so that a query allocates in proportion to what it
 * reaches, not to the graph. All entries are zero between uses; whoever writes clears.
 */
export interface Scratch {
  readonly mass: Float64Array
  readonly residual: Float64Array
  readonly reached: Uint8Array
  /** Four numbers an account, next to each other because walks read them together: mass, residual, volume, in the queue. */
  readonly walk: Float64Array
  readonly volume: Float64Array
  /** Sum of `volume`. */
  readonly totalVolume: number
  /** Local number + 1 of a candidate while its query runs. */
  readonly place: Uint32Array
}

const scratches = new WeakMap<FusedAdjacency, Scratch>()

/** The scratch of this adjacency. First call: O(nodes + edges) for the weighted degrees; later calls: O(1). */
export function scratchOf(graph: FusedAdjacency): Scratch {
  let scratch = scratches.get(graph)
  if (scratch === undefined) {
    const volume = volumes(graph)
    scratch = {
      mass: new Float64Array(graph.nodeCount),
      residual: new Float64Array(graph.nodeCount),
      reached: new Uint8Array(graph.nodeCount),
      walk: walkOf(volume),
      volume,
      totalVolume: volume.reduce((a, b) => a + b, 0),
      place: new Uint32Array(graph.nodeCount),
    }
    scratches.set(graph, scratch)
  }
  return scratch
}

function walkOf(volume: Float64Array): Float64Array {
  const walk = new Float64Array(4 * volume.length)
  for (let u = 0; u < volume.length; u++) walk[4 * u + 2] = volume[u] as number
  return walk
}

function volumes(graph: FusedAdjacency): Float64Array {
  const { nodeCount, offsets, weights } = graph
  const volume = new Float64Array(nodeCount)
  for (let u = 0; u < nodeCount; u++) {
    const from = offsets[u] as number
    const to = offsets[u + 1] as number
    if (weights === null) volume[u] = to - from
    else for (let a = from; a < to; a++) volume[u]! += weights[a] as number
  }
  return volume
}

/** Number of neighbours. */
export function degreeOf(graph: FusedAdjacency, node: number): number {
  return (graph.offsets[node + 1] as number) - (graph.offsets[node] as number)
}

/** Copies the non-zero entries at `touched` out of a dense array and zeroes it. */
export function takeSparse(dense: Float64Array, touched: readonly number[]): Sparse {
  const nodes = new Uint32Array(touched.length)
  const scores = new Float64Array(touched.length)
  let n = 0
  for (const u of touched) {
    const value = dense[u] as number
    if (value === 0) continue
    nodes[n] = u
    scores[n++] = value
    dense[u] = 0
  }
  return { nodes: nodes.subarray(0, n), scores: scores.subarray(0, n) }
}
