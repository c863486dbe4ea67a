import { buildGraph } from './build.ts'
import { inGraph } from './communities-table.ts'
import { judge } from './judge.ts'
import { queryList } from './protocol.ts'
import { type TestGraph, testGraphs } from './test-graphs.ts'

/** Time of one whole query (views, trees, null test, cut), k = 3, after a warm-up. */
export function* speedTable(quick: boolean, graphs: readonly TestGraph[] | null): Generator<string> {
  yield '## Time of a query, k = 3'
  yield '| graph | accounts | edges | p50 | p95 |\n|---|---|---|---|---|'
  for (const { dataset } of testGraphs(graphs ?? (quick ? ['circles'] : ['dblp', 'circles', 'school']))) {
    const built = buildGraph(dataset)
    const times = queryList(dataset.communities, 3, 'speed', 80)
      .map((q) => inGraph(built, q))
      .filter((q) => q.seeds.length === 3)
      .map((q) => judge(built.fused, q, {}, false).milliseconds)
      .slice(10)
      .sort((a, b) => a - b)
    const at = (share: number): string => `${(times[Math.floor(share * times.length)] ?? Number.NaN).toFixed(0)} ms`
    yield `| ${dataset.name} | ${built.fused.nodeCount} | ${built.fused.arcs.length / 2} | ${at(0.5)} | ${at(0.95)} |`
  }
}
