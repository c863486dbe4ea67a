import type { FusedAdjacency } from '@firebreak/graph'
import { seededRandom } from '@firebreak/kernel'
import { rankNetwork } from '../../packages/graph/src/cut/rank-network.ts'
import { adamicAdar } from '../../packages/graph/src/rank/co-neighbours.ts'
import { heatKernel } from '../../packages/graph/src/rank/heat.ts'
import { pushPageRank } from '../../packages/graph/src/rank/page-rank.ts'
import { degreeOf, type Sparse } from '../../packages/graph/src/rank/scratch.ts'
import { buildGraph } from './build.ts'
import { inGraph } from './communities-table.ts'
import { type Query, queryList, rPrecision } from './protocol.ts'
import { TEST_GRAPHS, type TestGraph, testGraphs } from './test-graphs.ts'

/** Queries per graph and k. */
const QUERIES = 120

type Single = (graph: FusedAdjacency, seed: number) => Sparse

/** Methods that look at one view only, summed over the seeds; the last number is the power of the degree they are divided by. */
const SINGLES: Readonly<Record<string, readonly [Single, number]>> = {
  PageRank: [(graph, seed) => pushPageRank(graph, seed, 0.1, 1e-5), 0],
  'PageRank / √degree': [(graph, seed) => pushPageRank(graph, seed, 0.1, 1e-5), 0.5],
  'heat kernel / √degree': [(graph, seed) => heatKernel(graph, seed, 3, 1e-5), 0.5],
  'Adamic–Adar': [(graph, seed) => adamicAdar(graph, seed, 1_000), 0],
  'Adamic–Adar / √degree': [(graph, seed) => adamicAdar(graph, seed, 1_000), 0.5],
}

/** One fixed ranker against the best single method of each row, which nobody knows beforehand: the worst gap is the price of never choosing. */
export function* fixedRankerTable(quick: boolean, graphs: readonly TestGraph[] | null): Generator<string> {
  yield '## One fixed ranker against every single method, R-precision'
  yield `| graph, k | queries | ours | ${Object.keys(SINGLES).join(' | ')} | gap to the best |`
  yield `|---|---|---|${'---|'.repeat(Object.keys(SINGLES).length + 1)}`
  let worst = { gap: Number.POSITIVE_INFINITY, row: '' }
  for (const name of graphs ?? (quick ? (['circles'] as const) : TEST_GRAPHS))
    for (const { dataset } of testGraphs([name])) {
      const built = buildGraph(dataset)
      for (const k of [1, 3, 10]) {
        const queries = queryList(dataset.communities, k, 'fixed', quick ? 40 : QUERIES)
          .map((query) => inGraph(built, query))
          .filter((query) => query.seeds.length === k)
        if (queries.length === 0) continue
        const ours = mean(queries.map((query) => rPrecision(ourOrder(built.fused, query), query.truth)))
        const singles = Object.values(SINGLES).map((single) =>
          mean(queries.map((query) => rPrecision(singleOrder(built.fused, query, single), query.truth))),
        )
        const gap = ours - Math.max(...singles)
        if (gap < worst.gap) worst = { gap, row: `${dataset.name}, k = ${k}` }
        yield `| ${dataset.name}, ${k} | ${queries.length} | ${[ours, ...singles, gap].map((x) => x.toFixed(3)).join(' | ')} |`
      }
    }
  yield `Worst gap: ${worst.gap.toFixed(3)} (${worst.row}).`
}

function ourOrder(graph: FusedAdjacency, { seeds }: Query): number[] {
  return rankNetwork(graph, seeds, { random: seededRandom('judge') }).ranked.map(({ node }) => node)
}

function singleOrder(graph: FusedAdjacency, { seeds }: Query, [view, power]: readonly [Single, number]): number[] {
  const sum = new Map<number, number>()
  for (const seed of seeds) {
    const { nodes, scores } = view(graph, seed)
    nodes.forEach((node, i) => {
      sum.set(node, (sum.get(node) ?? 0) + (scores[i] as number))
    })
  }
  for (const seed of seeds) sum.delete(seed)
  const score = ([node, mass]: [number, number]): number => mass / Math.max(1, degreeOf(graph, node)) ** power
  return [...sum]
    .map((entry) => ({ node: entry[0], score: score(entry) }))
    .sort((a, b) => b.score - a.score || a.node - b.node)
    .map(({ node }) => node)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, x) => sum + x, 0) / Math.max(1, values.length)
}
