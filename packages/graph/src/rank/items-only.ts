import { type FusedAdjacency, SUPPORT } from '../fused/adjacency.ts'

const known = new WeakMap<FusedAdjacency, FusedAdjacency | null>()

/**
 * The part of an adjacency that rests on shared items and identifiers: on platforms with many relations the clearest
 * single sign of coordination, because nobody can share an item by accident with the whole network. Null when there is
 * no such arc. Built once per graph, O(edges).
 */
export function itemsOnly(graph: FusedAdjacency): FusedAdjacency | null {
  let part = known.get(graph)
  if (part === undefined) {
    part = graph.kinds === null ? null : filtered(graph, graph.kinds)
    known.set(graph, part)
  }
  return part
}

function filtered(graph: FusedAdjacency, kinds: Uint8Array): FusedAdjacency | null {
  const wanted = SUPPORT.item | SUPPORT.identifier
  let count = 0
  for (const kind of kinds) if ((kind & wanted) !== 0) count++
  if (count === 0) return null
  const offsets = new Uint32Array(graph.nodeCount + 1)
  const arcs = new Uint32Array(count)
  const weights = graph.weights === null ? null : new Float32Array(count)
  let at = 0
  for (let u = 0; u < graph.nodeCount; u++) {
    for (let a = graph.offsets[u] as number; a < (graph.offsets[u + 1] as number); a++) {
      if (((kinds[a] as number) & wanted) === 0) continue
      arcs[at] = graph.arcs[a] as number
      if (weights) weights[at] = (graph.weights as Float32Array)[a] as number
      at++
    }
    offsets[u + 1] = at
  }
  return { nodeCount: graph.nodeCount, offsets, arcs, weights, kinds: null, listing: null }
}
