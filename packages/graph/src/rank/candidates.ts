import type { FusedAdjacency } from '../fused/adjacency.ts'
import { adamicAdar } from './co-neighbours.ts'
import { greatest } from './greatest.ts'
import { best, GROWTH, growCore } from './grown-core.ts'
import { heatKernel } from './heat.ts'
import { itemsOnly } from './items-only.ts'
import { pushPageRank } from './page-rank.ts'
import { degreeOf, type Sparse, scratchOf } from './scratch.ts'

/** The cheap views of nearness, computed once per seed on the whole graph. */
export const VIEWS = ['pageRank', 'heat', 'coNeighbours', 'items'] as const
export type View = (typeof VIEWS)[number]

/** Restart, resolution and reach of the views: chosen on the amazon graph and generated graphs. */
const ALPHA = 0.1
const EPSILON = 1e-5
const TIME = 3
const HUB_LIMIT = 1_000

/** Power of the degree that each view's scores are divided by: dense views favour the popular, PageRank needs none. */
const PENALTY: Record<View, number> = { pageRank: 0, heat: 0.5, coNeighbours: 0.5, items: 0 }

/** Everything near the seeds: seeds first, then candidates, with each view's score from each seed. */
export interface Candidates {
  readonly nodes: Uint32Array
  readonly seedCount: number
  /** scores[view][seed][candidate], degree penalty applied. */
  readonly scores: Record<View, Float64Array[]>
  /** Nearness to a core that grows from all seeds, one row per round of `growCore`. */
  readonly grown: readonly Float64Array[]
  /** Every view of each seed over the whole graph. */
  readonly whole: Record<View, readonly Sparse[]>
  /** The rounds of growing over the whole graph. */
  readonly rounds: readonly Sparse[]
}

/** Accounts taken from the first and from the last round of growing. */
const FROM_GROWTH = [250, 900] as const

const NOTHING: Sparse = { nodes: new Uint32Array(), scores: new Float64Array() }

/** Collects the `perView` best accounts of every view. Cost: seeds × (three pushes + two hops) + growing the core. */
export function findCandidates(graph: FusedAdjacency, seeds: readonly number[], perView: number): Candidates {
  const shared = itemsOnly(graph)
  const sparse = {
    pageRank: seeds.map((s) => pushPageRank(graph, s, ALPHA, EPSILON)),
    heat: seeds.map((s) => heatKernel(graph, s, TIME, EPSILON)),
    coNeighbours: seeds.map((s) => adamicAdar(graph, s, HUB_LIMIT)),
    items: seeds.map((s) => (shared === null ? NOTHING : pushPageRank(shared, s, ALPHA, EPSILON))),
  }
  const { place } = scratchOf(graph)
  const nodes: number[] = [...seeds]
  for (const s of seeds) place[s] = 1
  for (const view of VIEWS) {
    for (const u of strongest(graph, sparse[view], PENALTY[view], perView + seeds.length)) {
      if (place[u] !== 0) continue
      place[u] = 1
      nodes.push(u)
    }
  }
  const { rounds } = growCore(graph, seeds)
  const isSeed = new Set(seeds)
  for (const [round, count] of [
    [1, FROM_GROWTH[0]],
    [GROWTH.length, FROM_GROWTH[1]],
  ] as const) {
    for (const u of best(rounds[round] as Sparse, isSeed, count)) {
      if (place[u] !== 0) continue
      place[u] = 1
      nodes.push(u)
    }
  }
  for (const u of nodes) place[u] = 0
  return scored(graph, Uint32Array.from(nodes), seeds.length, sparse, rounds)
}

/** The same candidates and these after them, seen by the same views. Cost: O(what the views reached). */
export function withMore(graph: FusedAdjacency, candidates: Candidates, more: readonly number[]): Candidates {
  const nodes = Uint32Array.from([...candidates.nodes, ...more])
  return scored(graph, nodes, candidates.seedCount, candidates.whole, candidates.rounds)
}

function scored(
  graph: FusedAdjacency,
  nodes: Uint32Array,
  seedCount: number,
  whole: Candidates['whole'],
  rounds: readonly Sparse[],
): Candidates {
  const { place } = scratchOf(graph)
  for (let i = 0; i < nodes.length; i++) place[nodes[i] as number] = i + 1
  const grown = rounds.map((view) => onCandidates(graph, place, nodes.length, view, 0))
  const scores = {} as Record<View, Float64Array[]>
  for (const view of VIEWS)
    scores[view] = whole[view].map((s) => onCandidates(graph, place, nodes.length, s, PENALTY[view]))
  for (const u of nodes) place[u] = 0
  return { nodes, seedCount, scores, grown, whole, rounds }
}

function onCandidates(
  graph: FusedAdjacency,
  place: Uint32Array,
  size: number,
  sparse: Sparse,
  penalty: number,
): Float64Array {
  const row = new Float64Array(size)
  for (let i = 0; i < sparse.nodes.length; i++) {
    const u = sparse.nodes[i] as number
    const at = place[u] as number
    if (at > 0) row[at - 1] = penalised(graph, u, sparse.scores[i] as number, penalty)
  }
  return row
}

function penalised(graph: FusedAdjacency, node: number, score: number, penalty: number): number {
  return penalty === 0 ? score : score / Math.sqrt(Math.max(1, degreeOf(graph, node)))
}

/** The `count` accounts with the greatest summed score. */
function strongest(graph: FusedAdjacency, perSeed: readonly Sparse[], penalty: number, count: number): number[] {
  const { mass } = scratchOf(graph)
  const touched = new Uint32Array(perSeed.reduce((sum, { nodes }) => sum + nodes.length, 0))
  let size = 0
  for (const { nodes, scores } of perSeed) {
    for (let i = 0; i < nodes.length; i++) {
      const u = nodes[i] as number
      const before = mass[u] as number
      if (before === 0) touched[size++] = u
      mass[u] = before + (scores[i] as number)
    }
  }
  const total = new Float64Array(size)
  for (let i = 0; i < size; i++) {
    const u = touched[i] as number
    total[i] = penalised(graph, u, mass[u] as number, penalty)
    mass[u] = 0
  }
  return greatest(total, count).map((i) => touched[i] as number)
}
