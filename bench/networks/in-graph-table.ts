import communityModel from '../../packages/graph/src/cut/community.model.json' with { type: 'json' }
import { MODELS, type Models } from '../../packages/graph/src/cut/models.ts'
import { SOFT_FACTS } from '../../packages/graph/src/cut/soft-facts.ts'
import { type TreeModel, Trees } from '../../packages/graph/src/cut/trees.ts'
import { buildGraph } from './build.ts'
import { inGraph } from './communities-table.ts'
import { type Judged, judge } from './judge.ts'
import { meanOf, queryList } from './protocol.ts'
import { SUMMARY_HEAD, summaryRow } from './summary.ts'
import { type TestGraph, testGraphs } from './test-graphs.ts'

/** How community probabilities may be read: slope and shift of their log odds. */
const SLOPES = [0.6, 0.8, 1]
const SHIFTS = [-2, -1.2, -0.5, 0]

/**
 * What a deployment gains that tunes on its own graph: the reading of community probabilities is chosen by mean F1 on one half of
 * the communities and reported on the other, both ways round. Nothing else is tuned; the order is that of transfer.
 */
export function* inGraphTable(quick: boolean, graphs: readonly TestGraph[] | null): Generator<string> {
  yield '## In-graph: tuned on one half of the communities, reported on the other, k = 3'
  yield SUMMARY_HEAD
  for (const name of graphs ?? (['dblp'] as const)) {
    for (const { dataset } of testGraphs([name])) {
      const built = buildGraph(dataset)
      const queries = queryList(dataset.communities, 3, 'report', quick ? 60 : 150)
        .map((query) => inGraph(built, query))
        .filter(({ seeds }) => seeds.length === 3)
      const asReleased = queries.map((query) => judge(built.fused, query))
      const tried = readings().map((models) => queries.map((query) => judge(built.fused, query, { models })))
      yield summaryRow(`${name}, as released`, asReleased)
      yield summaryRow(`${name}, tuned on the other half`, [...chosen(tried, 0), ...chosen(tried, 1)])
    }
  }
}

function readings(): Models[] {
  return SLOPES.flatMap((slope) =>
    SHIFTS.map((shift) => {
      const community = { ...(communityModel as unknown as TreeModel), scale: [slope, shift] }
      return { ...MODELS, community: new Trees(community, SOFT_FACTS) }
    }),
  )
}

/** One half's answers under the reading that was best on the other half. */
function chosen(tried: readonly (readonly Judged[])[], half: 0 | 1): Judged[] {
  const part = (answers: readonly Judged[], which: number) => answers.filter((_, i) => i % 2 === which)
  const scores = tried.map((answers) => meanOf(part(answers, 1 - half).map(({ f1 }) => f1)).mean)
  return part(tried[scores.indexOf(Math.max(...scores))]!, half)
}
