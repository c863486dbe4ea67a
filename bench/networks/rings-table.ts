import { sample, seededRandom } from '@firebreak/kernel'
import { type BuiltGraph, buildGraph } from './build.ts'
import type { Dataset } from './datasets.ts'
import { type Judged, judge } from './judge.ts'
import { FAMILIES, layRings, type Ring } from './rings.ts'
import { SUMMARY_HEAD, summaryRow } from './summary.ts'
import { type TestGraph, testGraphs } from './test-graphs.ts'

const RINGS = 10
const ASKED = 2

/** Rings of every family laid over graphs, follows alone and all relations fused, three seeds each. */
export function* ringsTable(quick: boolean, graphs: readonly TestGraph[] | null): Generator<string> {
  yield '## Rings laid over a background, k = 3'
  yield SUMMARY_HEAD
  for (const { dataset, transfer } of testGraphs(graphs ?? (quick ? ['circles'] : ['dblp', 'circles', 'school']))) {
    for (const fused of [false, true]) {
      const { built, rings } = laid(dataset, fused, quick ? 3 : RINGS)
      for (const family of FAMILIES) {
        const judged = rings.filter((r) => r.family === family).flatMap((ring) => askRing(built, ring))
        yield summaryRow(`${family}, ${dataset.name} ${fused ? 'fused' : 'follow'} (background ${transfer})`, judged)
      }
      const sparse = rings
        .filter((r) => r.family === 'existing' && r.internalDegree < 6)
        .flatMap((r) => askRing(built, r))
      if (sparse.length > 0)
        yield summaryRow(`existing, internal degree < 6, ${dataset.name} ${fused ? 'fused' : 'follow'}`, sparse)
    }
  }
}

/** All families laid over one dataset. */
export function laid(
  dataset: Dataset,
  fused: boolean,
  perFamily: number,
): { built: BuiltGraph; rings: readonly Ring[] } {
  const { edges, rings } = layRings(dataset, FAMILIES, perFamily, fused, 'report')
  return { built: buildGraph(dataset, edges), rings }
}

function askRing(built: BuiltGraph, ring: Ring): Judged[] {
  const random = seededRandom(`ask/${ring.members[0]}`)
  const members = ring.members.map((m) => built.nodeOf[m] ?? -1).filter((n) => n >= 0)
  return Array.from({ length: ASKED }, () => {
    const seeds = sample(random, members, 3)
    return judge(built.fused, { seeds, truth: new Set(members.filter((m) => !seeds.includes(m))) })
  })
}
