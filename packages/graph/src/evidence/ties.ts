import { accountWeight, BACKUP, SHARED, sharedWeight } from '../fused/relation-weights.ts'
import { mostSharers } from '../fused/shared-items.ts'
import type { Graph } from '../graph/graph.ts'
import { believedBits } from '../graph/listing-order.ts'
import { ACTED, BOTH_ACTED, type RelationRows } from '../graph/relation-rows.ts'

/** One thing that ties two accounts directly, as the first of them would say it. */
export interface Tie {
  readonly relation: string
  /** 1 the first acted, 2 the second did, 3 both or nobody can say. */
  readonly bits: number
  /** The shared item, null for an act. */
  readonly item: number | null
  readonly weight: number
}

/** Not a relation of the input: two accounts write to the same others, who do not answer. */
export const TOGETHER = 'same-contacts'

/** Everything that ties two accounts, strongest first. Cost: relations × log of the row + the first one's items. */
export function tiesBetween(graph: Graph, first: number, second: number): Tie[] {
  const ties: Tie[] = []
  graph.relationRows.forEach((rows, relation) => {
    if (graph.leadsToItem[relation]) sharedBetween(graph, rows, first, second, ties)
    else if (rows.name !== 'block') {
      if (rows.name === 'contact') reachOutTogether(rows, first, second, ties)
      const at = findArc(rows, first, second)
      if (at < 0) return
      const bits = believedBits(graph.listing, relation, first, rows.arcs[at]!)
      ties.push({ relation: rows.name, bits, item: null, weight: weightOf(rows.name, bits) })
    }
  })
  return ties.sort((a, b) => b.weight - a.weight)
}

/** Index of the arc first → second in a relation's rows, -1 if there is none. */
export function findArc(rows: RelationRows, first: number, second: number): number {
  let low = rows.offsets[first]!
  let high = rows.offsets[first + 1]! - 1
  while (low <= high) {
    const middle = (low + high) >>> 1
    const node = rows.arcs[middle]! >>> 2
    if (node === second) return middle
    if (node < second) low = middle + 1
    else high = middle - 1
  }
  return -1
}

function sharedBetween(graph: Graph, rows: RelationRows, first: number, second: number, ties: Tie[]): void {
  const most = mostSharers(graph, rows.name)
  for (let i = rows.offsets[first]!; i < rows.offsets[first + 1]!; i++) {
    const item = rows.arcs[i]! >>> 2
    const size = rows.offsets[item + 1]! - rows.offsets[item]!
    if (size > most || graph.isAccount(item) || findArc(rows, item, second) < 0) continue
    ties.push({ relation: rows.name, bits: BOTH_ACTED, item, weight: sharedWeight(rows.name, size) })
  }
}

/** Writing to the same accounts, none of which answers; those are likely victims and are never named. */
function reachOutTogether(rows: RelationRows, first: number, second: number, ties: Tie[]): void {
  let weight = 0
  for (let i = rows.offsets[first]!; i < rows.offsets[first + 1]!; i++) {
    if ((rows.arcs[i]! & BOTH_ACTED) !== ACTED) continue
    const target = rows.arcs[i]! >>> 2
    const size = rows.offsets[target + 1]! - rows.offsets[target]!
    const back = size > SHARED.mostByIdentifier ? -1 : findArc(rows, target, second)
    if (back >= 0 && (rows.arcs[back]! & ACTED) === 0) weight += sharedWeight('contact', size)
  }
  if (weight > 0) ties.push({ relation: TOGETHER, bits: BOTH_ACTED, item: null, weight })
}

/** What one does oneself tells more than what is done to one. */
function weightOf(relation: string, bits: number): number {
  const full = relation === 'backup' ? (bits === BOTH_ACTED ? BACKUP.supported : BACKUP.alone) : 0
  const base = full || Math.max(0.1, accountWeight(relation).weight)
  return bits === BOTH_ACTED ? 1.5 * base : bits & ACTED ? base : 0.5 * base
}
