import type { FusedAdjacency } from '../fused/adjacency.ts'
import type { Graph } from '../graph/graph.ts'
import { behaviourOf, isOneSided, looksLikeVictim } from '../roles/behaviour.ts'
import { Group } from '../roles/group.ts'
import { carriesItself, OwnConduct } from './own-conduct.ts'

/** Watchers per account of the core from which on acting without any answer is what its audience does. */
const AUDIENCE_AROUND = 2
const ROUNDS = 4

/**
 * The members that their own conduct carries (decision D8): of those that ranking put inside, the ones that act on the
 * rest themselves, are no victims, and do more than watch where everybody watches. Each removal can take the ground
 * from under others, so it repeats until nothing changes. Marked members stay.
 */
export function admit(
  graph: Graph,
  adjacency: FusedAdjacency,
  seeds: readonly number[],
  inside: readonly number[],
  watchersPerCore: (core: Group) => number,
): number[] {
  let members = [...inside]
  for (let round = 0; round < ROUNDS; round++) {
    const core = new Group([...seeds, ...members])
    const conduct = new OwnConduct(adjacency, core, core.has)
    const crowded = watchersPerCore(core) >= AUDIENCE_AROUND
    const kept = members.filter((node) => {
      if (!carriesItself(conduct.of(node))) return false
      const seen = behaviourOf(graph, node, core.has)
      return !looksLikeVictim(seen) && !(crowded && isOneSided(seen))
    })
    if (kept.length === members.length) break
    members = kept
  }
  return members
}
