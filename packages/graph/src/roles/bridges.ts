import type { FusedAdjacency } from '../fused/adjacency.ts'
import type { Group } from './group.ts'

const ROUNDS = 8
const LEAST_TIES = 4

/**
 * Members that hold parts of the core together: after label propagation inside the core (Raghavan, Albert, Kumara 2007,
 * doi:10.1103/PhysRevE.76.036106; fixed order, so the same core gives the same parts), at least two ties to each of two
 * parts and no part with half of its ties. Cost: rounds × the core's rows.
 */
export function findBridges(adjacency: FusedAdjacency, core: Group): Set<number> {
  const ties = new Map<number, { node: number; weight: number }[]>()
  for (const node of core) ties.set(node, tiesInside(adjacency, node, core))
  const part = new Map<number, number>([...core].map((node) => [node, node]))
  for (let round = 0; round < ROUNDS; round++) {
    let moved = false
    for (const [node, own] of ties) {
      const best = strongestPart(own, part, part.get(node)!)
      if (best !== part.get(node)) moved = true
      part.set(node, best)
    }
    if (!moved) break
  }
  const bridges = new Set<number>()
  for (const [node, own] of ties) if (spansParts(own, part)) bridges.add(node)
  return bridges
}

function tiesInside({ offsets, arcs, weights }: FusedAdjacency, node: number, core: Group) {
  const ties: { node: number; weight: number }[] = []
  for (let a = offsets[node]!; a < offsets[node + 1]!; a++)
    if (core.has(arcs[a]! >>> 2)) ties.push({ node: arcs[a]! >>> 2, weight: weights ? weights[a]! : 1 })
  return ties
}

function strongestPart(
  ties: readonly { node: number; weight: number }[],
  part: ReadonlyMap<number, number>,
  own: number,
): number {
  const pull = new Map<number, number>()
  for (const { node, weight } of ties) pull.set(part.get(node)!, (pull.get(part.get(node)!) ?? 0) + weight)
  let best = own
  for (const [candidate, weight] of pull) {
    const held = pull.get(best) ?? 0
    if (weight > held || (weight === held && candidate < best && pull.has(best))) best = candidate
  }
  return best
}

function spansParts(ties: readonly { node: number }[], part: ReadonlyMap<number, number>): boolean {
  if (ties.length < LEAST_TIES) return false
  const counts = new Map<number, number>()
  for (const { node } of ties) counts.set(part.get(node)!, (counts.get(part.get(node)!) ?? 0) + 1)
  const sorted = [...counts.values()].sort((a, b) => b - a)
  return sorted.length >= 2 && sorted[0]! < 0.5 * ties.length && sorted[1]! >= 2
}
