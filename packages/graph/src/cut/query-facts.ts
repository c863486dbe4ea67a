import type { FusedAdjacency } from '../fused/adjacency.ts'
import type { LocalGraph } from '../rank/local-graph.ts'
import { type FusedOrder, fuseViews, ranksFromOthers, type ViewScores } from '../rank/order.ts'
import { scratchOf } from '../rank/scratch.ts'
import { type CoreTies, coreTies, topCore } from './core.ts'

/** Sizes of the cores whose shape is measured. */
export const CORES = [10, 30, 100] as const

/** One reading of a query: these seeds active, everybody else (left-out seeds too) a candidate. */
export interface Reading {
  readonly local: LocalGraph
  readonly scores: ViewScores
  readonly active: readonly number[]
  readonly fused: FusedOrder
  readonly cores: readonly CoreTies[]
  readonly totalVolume: number
  /** Facts about the query as a whole, in the order of `QUERY_FACTS`. */
  readonly facts: Float64Array
  /** Median degree of the core of 30. */
  readonly coreDegree: number
}

/** The facts that are also given relative to ordinary neighbourhoods of the same graph. */
export const SHAPE_FACTS = [
  'coreDegree',
  'density10',
  'density30',
  'density100',
  'outside10',
  'outside30',
  'outside100',
  'slope10',
  'slope30',
  'slope100',
  'slope300',
  'closure',
] as const

export const QUERY_FACTS = [
  'seeds',
  'coreDegree',
  'density10',
  'density30',
  'density100',
  'outside10',
  'outside30',
  'outside100',
  'slope10',
  'slope30',
  'slope100',
  'slope300',
  'candidates',
  'closure',
  'seedRank',
  'worstSeedRank',
  'itemShare',
  'identifierShare',
  ...SHAPE_FACTS.map((fact) => `${fact}.relative` as const),
] as const

/**
 * Fuses, measures the cores and the query's facts; `ordinary` are the usual SHAPE_FACTS of this graph.
 * Cost: a few passes over the local arcs.
 */
export function readQuery(
  graph: FusedAdjacency,
  local: LocalGraph,
  scores: ViewScores,
  active: readonly number[],
  ordinary: readonly number[],
): Reading {
  const fused = fuseViews(scores, active)
  const memberships = CORES.map((count) => topCore(local.size, active, fused.order, count))
  const cores = memberships.map((m) => coreTies(local, m))
  const inCore30 = memberships[1] as Float64Array
  const coreDegree = medianDegree(local, inCore30)
  const { totalVolume } = scratchOf(graph)
  const ranks = active.length < 2 ? [0] : seedRanks(scores, active)
  const middle = cores[1] as CoreTies
  const shape = [
    Math.log(coreDegree + 1),
    ...cores.map(density),
    ...cores.map(outside),
    ...[10, 30, 100, 300].map((at) => slope(fused, at)),
    closure(local, inCore30),
  ]
  const facts = Float64Array.of(
    active.length,
    ...shape.slice(0, -1),
    Math.log(local.size),
    shape[shape.length - 1] as number,
    ranks.reduce((a, b) => a + b, 0) / ranks.length,
    Math.max(...ranks),
    shareOf(middle.byItem, middle, inCore30),
    shareOf(middle.byIdentifier, middle, inCore30),
    ...shape.map((fact, i) => fact - (ordinary[i] ?? 0)),
  )
  return { local, scores, active, fused, cores, totalVolume, facts, coreDegree }
}

/** log rank, mean over three views, of each seed when the others look for it. */
function seedRanks(scores: ViewScores, active: readonly number[]): number[] {
  const sum = active.map(() => 0)
  for (const view of ['pageRank', 'embedded', 'coNeighbours'] as const) {
    ranksFromOthers(scores[view], active).forEach((rank, i) => {
      sum[i]! += Math.log1p(rank) / 3
    })
  }
  return sum
}

function density(core: CoreTies): number {
  return Math.log(1e-3 + core.meanTies / Math.max(1, core.size - 1))
}

function outside(core: CoreTies): number {
  return core.volume > 0 ? 1 - Math.min(1, (core.meanTies * core.size) / core.volume) : 1
}

function slope(fused: FusedOrder, at: number): number {
  const { order, score } = fused
  if (order.length === 0) return 0
  const top = order.subarray(0, 5).reduce((sum, i) => sum + (score[i] as number), 0) / Math.min(5, order.length)
  return top - (score[order[Math.min(at, order.length) - 1] as number] as number)
}

function medianDegree(local: LocalGraph, membership: Float64Array): number {
  const degrees: number[] = []
  for (let i = 0; i < local.size; i++) if (membership[i] !== 0) degrees.push(local.degree[i] as number)
  degrees.sort((a, b) => a - b)
  return degrees[degrees.length >> 1] ?? 0
}

/** Share of the core's two-step paths that close, roughly: triangles per arc over the ends' local degrees. */
function closure(local: LocalGraph, membership: Float64Array): number {
  let closed = 0
  let open = 0
  for (let u = 0; u < local.size; u++) {
    if (membership[u] === 0) continue
    const from = local.offsets[u] as number
    const to = local.offsets[u + 1] as number
    for (let a = from; a < to; a++) closed += local.triangles[a] as number
    open += (to - from) * Math.max(0, to - from - 1)
  }
  return open > 0 ? closed / open : 0
}

function shareOf(part: Float64Array, core: CoreTies, membership: Float64Array): number {
  let some = 0
  let all = 0
  for (let i = 0; i < part.length; i++) {
    if (membership[i] === 0) continue
    some += part[i] as number
    all += core.ties[i] as number
  }
  return all > 0 ? some / all : 0
}
