import { randomInt, seededRandom } from '@firebreak/kernel'
import { type BuiltGraph, buildGraph } from './build.ts'
import { stranger } from './corpus.ts'
import { type Judged, judge } from './judge.ts'
import { meanOf } from './protocol.ts'
import { laid } from './rings-table.ts'
import { type TestGraph, testGraphs } from './test-graphs.ts'

/** Three unrelated seeds: how often more than five accounts are named, and how often true rings are refused. */
export function* nullTable(quick: boolean, graphs: readonly TestGraph[] | null): Generator<string> {
  const count = quick ? 40 : 150
  yield '## Null queries: three unrelated random seeds'
  yield '| graph | queries | more than 5 named | mean P(network) | most named |\n|---|---|---|---|---|'
  for (const { dataset } of testGraphs(
    graphs ?? (quick ? ['circles'] : ['dblp', 'amazon', 'circles', 'school', 'coauthors']),
  )) {
    yield nullRow(dataset.name, buildGraph(dataset), count)
    if (dataset.name === 'amazon' || dataset.name.includes('coauthors')) continue
    for (const fused of [false, true]) {
      const { built } = laid(dataset, fused, quick ? 3 : 10)
      yield nullRow(`${dataset.name} with rings, ${fused ? 'fused' : 'follow'}`, built, count)
    }
  }
}

function nullRow(name: string, built: BuiltGraph, count: number): string {
  const random = seededRandom(`null/${name}`)
  const judged: Judged[] = []
  for (let i = 0; i < count; i++) {
    const seeds = new Set<number>()
    while (seeds.size < 3) seeds.add(stranger(built, seeds, random))
    judged.push(judge(built.fused, { seeds: [...seeds], truth: new Set() }, {}, false))
  }
  const named = judged.filter((j) => j.size > 5).length / count
  const probability = meanOf(judged.map((j) => j.networkProbability)).mean
  const most = Math.max(...judged.map((j) => j.size))
  return `| ${name} | ${count} | ${(100 * named).toFixed(1)} % | ${probability.toFixed(3)} | ${most} |`
}

/** One of k seeds, replaced by a stranger. */
export function withStranger(
  built: BuiltGraph,
  seeds: readonly number[],
  truth: ReadonlySet<number>,
  random: () => number,
): { seeds: number[]; truth: Set<number>; wrong: number } {
  const wrong = randomInt(random, seeds.length)
  const all = new Set([...truth, ...seeds])
  const mixed = seeds.slice()
  mixed[wrong] = stranger(built, all, random)
  const rest = new Set(truth)
  rest.add(seeds[wrong] as number)
  return { seeds: mixed, truth: rest, wrong }
}
