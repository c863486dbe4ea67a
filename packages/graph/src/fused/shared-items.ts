import type { Graph } from '../graph/graph.ts'
import { SHARED } from './relation-weights.ts'

/** Pairs of accounts that sharing may add per edge between accounts, and in any case. */
const PAIRS_PER_EDGE = 4
const PAIRS_ALWAYS = 20_000_000

/**
 * Per relation, the largest crowd whose sharing of an item still counts (0 for relations between accounts). Less where so many items are that their pairs would outgrow the graph itself:
 * the largest crowds say least and go first.
 */
export function sharedItems(graph: Graph): number[] {
  const budget = Math.max(PAIRS_ALWAYS, PAIRS_PER_EDGE * graph.edgeCount)
  const pairsBySize = new Float64Array(SHARED.mostByItem + 1)
  graph.relationRows.forEach((rows, relation) => {
    if (!graph.leadsToItem[relation]) return
    const most = mostSharers(graph, rows.name)
    for (let item = graph.accountCount; item < graph.nodeCount; item++) {
      const size = rows.offsets[item + 1]! - rows.offsets[item]!
      if (size > 1 && size <= most) pairsBySize[size]! += size * (size - 1)
    }
  })
  let pairs = 0
  let largest = 1
  while (largest < SHARED.mostByItem && pairs + pairsBySize[largest + 1]! <= budget) pairs += pairsBySize[++largest]!
  return graph.relationRows.map((rows, relation) =>
    graph.leadsToItem[relation] ? Math.min(mostSharers(graph, rows.name), largest) : 0,
  )
}

/** The largest crowd in which sharing an item of this relation still says something. */
export function mostSharers(graph: Graph, relation: string): number {
  if (relation === 'identifier') return SHARED.mostByIdentifier
  return Math.round(Math.min(SHARED.mostByItem, Math.max(SHARED.leastByItem, graph.accountCount * SHARED.mostShare)))
}
