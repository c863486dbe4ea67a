import type { FusedAdjacency } from '../fused/adjacency.ts'
import type { Graph } from '../graph/graph.ts'
import type { Audience } from '../roles/audience.ts'
import { type Behaviour, behaviourOf, isOneSided, looksLikeVictim } from '../roles/behaviour.ts'
import { Group } from '../roles/group.ts'
import { carriesItself, OwnConduct } from './own-conduct.ts'

/** Watchers per account of the core from which on acting without any answer is what its audience does. */
const AUDIENCE_AROUND = 2
/** An account that so many of the audience watch as well does not merely belong to it. */
const WATCHED = 5
/** The core and the best ranked outside make up this many possible approachers: a cut that stops early must not hide who wrote to whom. */
const APPROACHERS = 500

/**
 * The members that their own conduct carries (decision D8): of those that ranking put inside, the ones that are
 * no victims, do more than watch where everybody watches, and whose own acts lead, over others like them, to a seed: a
 * circle of friends that the network frames one by one acts on itself only. `ranked`: everybody near, best first. Whoever
 * somebody near writes to without an answer is held to be a victim though the approacher stands outside. Cost: the rows of all.
 */
export function admit(
  graph: Graph,
  adjacency: FusedAdjacency,
  seeds: readonly number[],
  inside: readonly number[],
  ranked: readonly number[],
  audienceOf: (core: Group) => Audience,
): number[] {
  const core = new Group([...seeds, ...inside])
  const isVictim = victimTest(graph, core, ranked)
  const conduct = new OwnConduct(adjacency, core, core.has)
  const audience = audienceOf(core)
  const crowded = audience.count >= AUDIENCE_AROUND * core.size
  const isWatched = (node: number) => (audience.watchersOf.get(node) ?? 0) >= WATCHED
  const fit = inside.filter((node) => {
    const seen = behaviourOf(graph, node, core.has)
    return !isVictim(node, seen) && !(crowded && isOneSided(seen) && !isWatched(node))
  })
  const reached = reachSeeds(seeds, fit, conduct)
  return fit.filter((node) => reached.has(node))
}

/**
 * Whether an account looks like a victim of the core or of the nearest around it; or acts on nobody of the core while
 * anybody near writes to it in vain. Whoever merely watches the core approaches nobody for it.
 */
function victimTest(graph: Graph, core: Group, ranked: readonly number[]): (node: number, seen: Behaviour) => boolean {
  const outside = ranked.filter((node) => !core.has(node) && !isOneSided(behaviourOf(graph, node, core.has)))
  const nearest = new Group([...core, ...outside.slice(0, Math.max(0, APPROACHERS - core.size))])
  const anybody = new Group([...core, ...outside])
  return (node, seen) => {
    if (looksLikeVictim(seen) || looksLikeVictim(behaviourOf(graph, node, nearest.has))) return true
    const isSilent = seen.watches + seen.mutual + seen.speaksTo + seen.contacts === 0
    return isSilent && looksLikeVictim(behaviourOf(graph, node, anybody.has))
  }
}

/**
 * Seeds, then again and again whoever acts enough on those already there for what it receives from all. Acts on others
 * count only once those are there themselves, so that a framed circle cannot lift itself.
 */
function reachSeeds(seeds: readonly number[], fit: readonly number[], conduct: OwnConduct): Set<number> {
  const actors = new Map<number, number[]>()
  const acts = new Map<number, number>()
  const whole = new Map(fit.map((node) => [node, conduct.of(node)]))
  for (const node of fit)
    for (const target of conduct.targetsOf(node)) {
      const known = actors.get(target)
      if (known) known.push(node)
      else actors.set(target, [node])
    }
  const reached = new Set(seeds)
  for (const node of reached)
    for (const actor of actors.get(node) ?? []) {
      acts.set(actor, (acts.get(actor) ?? 0) + 1)
      if (carriesItself({ ...whole.get(actor)!, acts: acts.get(actor)! })) reached.add(actor)
    }
  return reached
}
