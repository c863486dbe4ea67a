import type { FusedAdjacency } from '../fused/adjacency.ts'
import { SUPPORT } from '../fused/adjacency.ts'
import type { Graph } from '../graph/graph.ts'
import { believedBits } from '../graph/listing-order.ts'
import { WAS_ACTED_ON } from '../graph/relation-rows.ts'
import { isWatching } from './behaviour.ts'
import type { Group } from './group.ts'

export interface Audience {
  /** Accounts outside the core that follow or like someone in it, get nothing back and share nothing. */
  readonly count: number
  /** Per account of the core: how many of those watch it. */
  readonly watchersOf: ReadonlyMap<number, number>
}

const WATCHES = 1
const TAKES_PART = 2

/** Counts the audience over the whole graph. Cost: the core's rows + the rows of its followers + one byte per node. */
export function findAudience(graph: Graph, adjacency: FusedAdjacency, core: Group): Audience {
  const seen = new Uint8Array(graph.nodeCount)
  const outside: number[] = []
  eachTie(graph, core, (_, other, watches) => {
    if (seen[other] === 0) outside.push(other)
    seen[other]! |= watches ? WATCHES : TAKES_PART
  })
  let count = 0
  for (const account of outside) {
    if (seen[account] === WATCHES && sharesWith(adjacency, account, core)) seen[account]! |= TAKES_PART
    if (seen[account] === WATCHES) count++
  }
  const watchersOf = new Map<number, number>()
  const countedFor = new Map<number, number>()
  eachTie(graph, core, (member, other) => {
    if (seen[other] !== WATCHES || countedFor.get(other) === member) return
    countedFor.set(other, member)
    watchersOf.set(member, (watchersOf.get(member) ?? 0) + 1)
  })
  return { count, watchersOf }
}

/** Visits what passed between each account of the core and accounts outside, all relations of one after the other. */
function eachTie(graph: Graph, core: Group, visit: (member: number, other: number, watches: boolean) => void): void {
  const relations = graph.relationRows.map((rows, relation) => ({ rows, relation }))
  const acts = relations.filter(({ rows, relation }) => !graph.leadsToItem[relation] && rows.name !== 'block')
  for (const member of core)
    for (const { rows, relation } of acts)
      for (let i = rows.offsets[member]!; i < rows.offsets[member + 1]!; i++) {
        const other = rows.arcs[i]! >>> 2
        if (core.has(other)) continue
        const bits = believedBits(graph.listing, relation, member, rows.arcs[i]!)
        visit(member, other, bits === WAS_ACTED_ON && isWatching(rows.name))
      }
}

function sharesWith({ offsets, arcs, kinds }: FusedAdjacency, account: number, core: Group): boolean {
  if (kinds === null) return false
  for (let a = offsets[account]!; a < offsets[account + 1]!; a++)
    if (kinds[a]! & (SUPPORT.item | SUPPORT.identifier) && core.has(arcs[a]! >>> 2)) return true
  return false
}
