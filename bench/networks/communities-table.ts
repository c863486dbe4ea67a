import { type BuiltGraph, buildGraph } from './build.ts'
import { type Judged, judge } from './judge.ts'
import { type Query, queryList } from './protocol.ts'
import { SUMMARY_HEAD, summaryRow } from './summary.ts'
import { TEST_GRAPHS, type TestGraph, testGraphs } from './test-graphs.ts'

/** Query lists of generated graphs are cut to this length; of real ones everything is asked. */
const GENERATED = 150

/** Communities of people as truth: ranking, cut, calibration for k = 1, 3, 10. */
export function* communitiesTable(quick: boolean, graphs: readonly TestGraph[] | null): Generator<string> {
  yield '## Communities (members − seeds as truth)'
  yield SUMMARY_HEAD
  for (const name of graphs ?? (quick ? (['dblp'] as const) : TEST_GRAPHS)) {
    for (const { dataset, transfer } of testGraphs([name])) {
      const built = buildGraph(dataset)
      for (const k of quick ? [3] : [1, 3, 10]) {
        const queries = queryList(
          dataset.communities,
          k,
          'report',
          quick ? 60 : name === 'dblp' || name === 'amazon' ? undefined : GENERATED,
        )
        yield summaryRow(
          `${name} k=${k} (${transfer})`,
          queries.flatMap((q) => ask(built, q)),
        )
      }
    }
  }
}

/** Members without any contact are not in the graph: a query that loses a seed so is not asked. */
function ask(built: BuiltGraph, query: Query): Judged[] {
  const known = inGraph(built, query)
  return known.seeds.length < query.seeds.length ? [] : [judge(built.fused, known)]
}

/** A query in the numbers of the built graph. */
export function inGraph(built: BuiltGraph, { seeds, truth }: Query): Query {
  const known = (members: Iterable<number>): number[] =>
    [...members].map((m) => built.nodeOf[m] ?? -1).filter((n) => n >= 0)
  return { seeds: known(seeds), truth: new Set(known(truth)) }
}
