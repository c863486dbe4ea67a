import type { FusedAdjacency } from '../fused/adjacency.ts'
import { SUPPORT } from '../fused/adjacency.ts'
import type { Graph } from '../graph/graph.ts'
import { believedBits } from '../graph/listing-order.ts'
import { ACTED, WAS_ACTED_ON } from '../graph/relation-rows.ts'
import type { Group } from './group.ts'

export interface Audience {
  /** Accounts outside the core that follow or like someone in it, get nothing back and share nothing. */
  readonly count: number
  /** Per account of the core: how many of those watch it. */
  readonly watchersOf: ReadonlyMap<number, number>
}

const WATCHING = new Set(['follow', 'like'])

/** Counts the audience over the whole graph. Cost: the core's rows + the rows of its followers. */
export function findAudience(graph: Graph, adjacency: FusedAdjacency, core: Group): Audience {
  const watched = new Map<number, number[]>()
  const takesPart = new Set<number>()
  graph.relationRows.forEach((rows, relation) => {
    if (graph.leadsToItem[relation] || rows.name === 'block') return
    for (const member of core)
      for (let i = rows.offsets[member]!; i < rows.offsets[member + 1]!; i++) {
        const other = rows.arcs[i]! >>> 2
        if (core.has(other)) continue
        const bits = believedBits(graph.listing, relation, member, rows.arcs[i]!)
        if (bits & ACTED || !WATCHING.has(rows.name)) takesPart.add(other)
        else if (bits & WAS_ACTED_ON) watched.set(other, [...(watched.get(other) ?? []), member])
      }
  })
  const watchersOf = new Map<number, number>()
  let count = 0
  for (const [account, members] of watched) {
    if (takesPart.has(account) || sharesWith(adjacency, account, core)) continue
    count++
    for (const member of new Set(members)) watchersOf.set(member, (watchersOf.get(member) ?? 0) + 1)
  }
  return { count, watchersOf }
}

function sharesWith({ offsets, arcs, kinds }: FusedAdjacency, account: number, core: Group): boolean {
  if (kinds === null) return false
  for (let a = offsets[account]!; a < offsets[account + 1]!; a++)
    if (kinds[a]! & (SUPPORT.item | SUPPORT.identifier) && core.has(arcs[a]! >>> 2)) return true
  return false
}
