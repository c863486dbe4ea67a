import type { Graph } from './graph/graph.ts'
import { believedBits } from './graph/listing-order.ts'
import { ACTED, BOTH_ACTED, type RelationRows, weightAt } from './graph/relation-rows.ts'
import type { Group } from './roles/group.ts'
import type { NetworkEdge } from './types.ts'

/** The edges within a group, one per pair and relation; a shared item joins its sharers to the first of them. */
export function edgesWithin(graph: Graph, group: Group): NetworkEdge[] {
  const edges: NetworkEdge[] = []
  graph.relationRows.forEach((rows, relation) => {
    if (graph.leadsToItem[relation]) edges.push(...sharedWithin(graph, rows, group))
    else
      for (const node of group)
        for (let i = rows.offsets[node]!; i < rows.offsets[node + 1]!; i++) {
          const other = rows.arcs[i]! >>> 2
          const bits = believedBits(graph.listing, relation, node, rows.arcs[i]!)
          const isFirst = bits === BOTH_ACTED ? node < other : (bits & ACTED) !== 0
          if (group.has(other) && isFirst)
            edges.push({
              source: graph.idOf(node),
              target: graph.idOf(other),
              relation: rows.name,
              weight: weightAt(rows, i),
              directed: bits !== BOTH_ACTED,
            })
        }
  })
  return edges
}

/** In order of the accounts, whatever the items are called. */
function sharedWithin(graph: Graph, rows: RelationRows, group: Group): NetworkEdge[] {
  const firstSharer = new Map<number, number>()
  const joined = new Map<string, readonly [number, number]>()
  for (const node of group)
    for (let i = rows.offsets[node]!; i < rows.offsets[node + 1]!; i++) {
      const item = rows.arcs[i]! >>> 2
      const first = firstSharer.get(item)
      if (first === undefined) firstSharer.set(item, node)
      else joined.set(`${first} ${node}`, [first, node])
    }
  const pairs = [...joined.values()].sort((a, b) => a[0] - b[0] || a[1] - b[1])
  return pairs.map(([first, node]) => {
    const ends = { source: graph.idOf(first), target: graph.idOf(node) }
    return { ...ends, relation: rows.name, weight: 1, directed: false }
  })
}
