import { findArc } from '../evidence/ties.ts'
import type { Graph } from '../graph/graph.ts'
import { ACTED, WAS_ACTED_ON } from '../graph/relation-rows.ts'

const LEAST_CONTACTS = 8
const UNANSWERED = 0.75

/**
 * One account that writes to many who do nothing towards it in turn – the outreach pattern. A coach whose pupils follow
 * and answer is not. Cost: its contacts × log of their rows.
 */
export function reachesOut(graph: Graph, node: number): boolean {
  const rows = graph.rows('contact')
  if (!rows) return false
  let written = 0
  let unanswered = 0
  for (let i = rows.offsets[node]!; i < rows.offsets[node + 1]!; i++) {
    if (!(rows.arcs[i]! & ACTED)) continue
    written++
    if (!answers(graph, node, rows.arcs[i]! >>> 2)) unanswered++
  }
  return written >= LEAST_CONTACTS && unanswered >= UNANSWERED * written
}

function answers(graph: Graph, node: number, other: number): boolean {
  return graph.relationRows.some((rows, relation) => {
    if (graph.leadsToItem[relation] || rows.name === 'block') return false
    const at = findArc(rows, node, other)
    return at >= 0 && (rows.arcs[at]! & WAS_ACTED_ON) !== 0
  })
}
