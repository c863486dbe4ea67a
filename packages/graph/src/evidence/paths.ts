import type { FusedAdjacency } from '../fused/adjacency.ts'
import type { Graph } from '../graph/graph.ts'
import { BOTH_ACTED, WAS_ACTED_ON } from '../graph/relation-rows.ts'
import type { EvidencePath } from '../types.ts'
import { type Tie, tiesBetween } from './ties.ts'

interface SeedTie {
  readonly seed: number
  readonly weight: number
}

/** Longer rows are not searched for a way over a third account: everybody is two steps from everybody through them. */
const LONG_ROW = 5_000

/**
 * Finds the strongest ways from an account to the seeds: direct acts and shared items first, else over one account in
 * between, preferably one inside the cut. Prepared once per query, then cheap per row.
 */
export class PathFinder {
  readonly #graph: Graph
  readonly #adjacency: FusedAdjacency
  readonly #seeds: readonly number[]
  readonly #inside: (node: number) => boolean
  /** Neighbours of seeds → their strongest tie with one. */
  readonly #nextToSeed = new Map<number, SeedTie>()

  constructor(graph: Graph, adjacency: FusedAdjacency, seeds: readonly number[], inside: (node: number) => boolean) {
    this.#graph = graph
    this.#adjacency = adjacency
    this.#seeds = seeds
    this.#inside = inside
    const { offsets, arcs, weights } = adjacency
    for (const seed of seeds)
      for (let a = offsets[seed]!, end = offsets[seed + 1]!; a < end; a++) {
        const weight = weights ? weights[a]! : 1
        const node = arcs[a]! >>> 2
        if (weight > (this.#nextToSeed.get(node)?.weight ?? 0)) this.#nextToSeed.set(node, { seed, weight })
      }
  }

  /** At most `count` paths, strongest first. Cost: the account's row + count × relations. */
  pathsOf(node: number, count: number): EvidencePath[] {
    const paths: EvidencePath[] = []
    for (const seed of this.#seeds) {
      const ties = tiesBetween(this.#graph, node, seed)
      for (const tie of ties.slice(0, 2)) paths.push(this.#direct(seed, tie))
    }
    paths.sort((a, b) => b.weight - a.weight)
    if (paths.length < count) paths.push(...this.#overOthers(node, count - paths.length))
    return paths.slice(0, count)
  }

  #direct(seed: number, tie: Tie): EvidencePath {
    const via = tie.item === null ? null : this.#graph.idOf(tie.item)
    return { seed: this.#graph.idOf(seed), via, relations: [step(tie)], weight: tie.weight }
  }

  #overOthers(node: number, count: number): EvidencePath[] {
    const { offsets, arcs, weights } = this.#adjacency
    if (offsets[node + 1]! - offsets[node]! > LONG_ROW) return []
    const found: { via: number; seed: number; weight: number }[] = []
    for (let a = offsets[node]!, end = offsets[node + 1]!; a < end; a++) {
      const via = arcs[a]! >>> 2
      const toSeed = this.#nextToSeed.get(via)
      if (!toSeed || toSeed.seed === node || this.#seeds.includes(via)) continue
      const crowd = Math.sqrt(offsets[via + 1]! - offsets[via]!)
      const weight = (((weights ? weights[a]! : 1) * toSeed.weight) / crowd) * (this.#inside(via) ? 1 : 0.25)
      found.push({ via, seed: toSeed.seed, weight })
    }
    found.sort((a, b) => b.weight - a.weight || a.via - b.via)
    return found.slice(0, count).map(({ via, seed, weight }) => {
      const [there] = tiesBetween(this.#graph, node, via)
      const [onwards] = tiesBetween(this.#graph, via, seed)
      const relations = [there, onwards].map((tie) => (tie ? step(tie) : 'near'))
      return { seed: this.#graph.idOf(seed), via: this.#graph.idOf(via), relations, weight }
    })
  }
}

/** `follow` it acted, `<follow` the other side did, `=follow` both did, `+hashtag` both are tied to one item. */
function step(tie: Tie): string {
  if (tie.item !== null) return `+${tie.relation}`
  if (tie.bits === BOTH_ACTED) return `=${tie.relation}`
  return tie.bits === WAS_ACTED_ON ? `<${tie.relation}` : tie.relation
}
