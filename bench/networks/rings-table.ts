import { sample, seededRandom } from '@firebreak/kernel'
import { type BuiltGraph, buildGraph } from './build.ts'
import type { Dataset } from './datasets.ts'
import { type Judged, judge } from './judge.ts'
import { FAMILIES, layRings, type Ring, UNSEEN_FAMILIES } from './rings.ts'
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
    const truth = new Set(members.filter((m) => !seeds.includes(m)))
    return judge(built.fused, { seeds, truth })
  })
}

/**
 * Families that training never saw, made of existing accounts, all relations fused.
 */
export function* unseenTable(quick: boolean, graphs: readonly TestGraph[] | null): Generator<string> {
  yield '## Rings of an unseen family, made of existing accounts, fused, k = 3'
  yield SUMMARY_HEAD
  for (const { dataset, transfer } of testGraphs(graphs ?? (quick ? ['circles'] : ['dblp', 'circles', 'overlap']))) {
    const all: Judged[] = []
    const sparse: Judged[] = []
    for (const family of UNSEEN_FAMILIES) {
      const { edges, rings } = layRings(dataset, [family], quick ? 5 : 20, true, 'unseen', { grownUpEvery: 1 })
      const built = buildGraph(dataset, edges)
      const judged = rings.map((ring) => ({ ring, answers: askRing(built, ring) }))
      const of = (kept: typeof judged): Judged[] => kept.flatMap(({ answers }) => answers)
      yield summaryRow(`${family} of existing accounts, ${dataset.name} (background ${transfer})`, of(judged))
      all.push(...of(judged))
      sparse.push(...of(judged.filter(({ ring }) => ring.internalDegree < 6)))
    }
    yield summaryRow(`all, ${dataset.name}`, all)
    if (sparse.length > 0) yield summaryRow(`internal degree < 6, ${dataset.name}`, sparse)
  }
}

/** Rings of the size that the reference figures are about: 40 to 400 members, the known families. */
export function* largerRingsTable(quick: boolean, graphs: readonly TestGraph[] | null): Generator<string> {
  yield '## Rings of 40 to 400 members, fused, k = 3'
  yield SUMMARY_HEAD
  for (const { dataset, transfer } of testGraphs(graphs ?? (quick ? ['circles'] : ['dblp', 'circles']))) {
    const { edges, rings } = layRings(dataset, FAMILIES, quick ? 3 : RINGS, true, 'larger', { least: 40, most: 400 })
    const built = buildGraph(dataset, edges)
    for (const family of FAMILIES)
      yield summaryRow(
        `${family}, ${dataset.name} (background ${transfer})`,
        rings.filter((r) => r.family === family).flatMap((ring) => askRing(built, ring)),
      )
  }
}
