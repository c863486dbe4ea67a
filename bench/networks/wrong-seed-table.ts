import { sample, seededRandom } from '@firebreak/kernel'
import { type BuiltGraph, buildGraph } from './build.ts'
import { inGraph } from './communities-table.ts'
import { type Judged, judge } from './judge.ts'
import { withStranger } from './null-table.ts'
import { meanOf, pairedDifference, type Query, queryList } from './protocol.ts'
import { FAMILIES } from './rings.ts'
import { laid } from './rings-table.ts'
import { type TestGraph, testGraphs } from './test-graphs.ts'

/** One seed of three or four belongs to somebody else: what it costs, and whether it is named. */
export function* wrongSeedTable(quick: boolean, graphs: readonly TestGraph[] | null): Generator<string> {
  yield '## One wrong seed'
  yield '| set | k | queries | F1 without it | F1 lost [95 %] | wrong seed named | right seeds named, with and without a wrong one |\n|---|---|---|---|---|---|---|'
  const limit = quick ? 40 : 150
  for (const { dataset } of testGraphs(graphs ?? (quick ? ['circles'] : ['dblp', 'circles', 'school']))) {
    const plain = buildGraph(dataset)
    for (const k of [3, 4]) {
      const queries = queryList(dataset.communities, k, 'wrong', limit)
        .map((q) => inGraph(plain, q))
        .filter((q) => q.seeds.length === k)
      yield wrongRow(`communities of ${dataset.name}`, plain, queries, k)
    }
    for (const fused of [false, true]) {
      const { built, rings } = laid(dataset, fused, quick ? 3 : 10)
      for (const k of [3, 4]) {
        const random = seededRandom(`wrong/${dataset.name}/${fused}/${k}`)
        const queries = rings.map((ring) => {
          const members = ring.members.map((m) => built.nodeOf[m] ?? -1).filter((n) => n >= 0)
          const seeds = sample(random, members, k)
          return { seeds, truth: new Set(members.filter((m) => !seeds.includes(m))) }
        })
        yield wrongRow(
          `rings (${FAMILIES.length} families) on ${dataset.name}, ${fused ? 'fused' : 'follow'}`,
          built,
          queries,
          k,
        )
      }
    }
  }
}

function wrongRow(name: string, built: BuiltGraph, queries: readonly Query[], k: number): string {
  const random = seededRandom(`wrong/${name}/${k}`)
  const clean = queries.map((q) => judge(built.fused, q, {}, false))
  const mixed = queries.map((q) => judge(built.fused, withStranger(built, q.seeds, q.truth, random), {}, false))
  const lost = pairedDifference(
    clean.map((j) => j.f1),
    mixed.map((j) => j.f1),
  )
  const percent = (x: number): string => `${(100 * x).toFixed(1)} %`
  const rightNamed = (list: readonly Judged[]): string =>
    percent(list.reduce((sum, j) => sum + j.rightNamed, 0) / list.reduce((sum, j) => sum + j.rightSeeds, 0))
  const cells = [
    name,
    k,
    queries.length,
    meanOf(clean.map((j) => j.f1)).mean.toFixed(3),
    `${lost.mean.toFixed(3)} [${lost.low.toFixed(3)}, ${lost.high.toFixed(3)}]`,
    percent(meanOf(mixed.map((j) => (j.wrongNamed ? 1 : 0))).mean),
    `${rightNamed(mixed)}, ${rightNamed(clean)}`,
  ]
  return `| ${cells.join(' | ')} |`
}
