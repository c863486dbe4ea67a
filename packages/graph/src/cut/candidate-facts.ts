import { FUSED_VIEWS } from '../rank/order.ts'
import type { CoreTies } from './core.ts'
import { CORES, QUERY_FACTS, type Reading } from './query-facts.ts'

const TIE_FACTS = ['ties', 'tiesPerDegree', 'tiesPerSize', 'tiesPerMember', 'tieLift'] as const

/** What the first model reads about one candidate: scale-free wherever possible, so that it holds on other graphs. */
export const CANDIDATE_FACTS = [
  'fused',
  'rank',
  ...FUSED_VIEWS.map((v) => `${v}.together`),
  'pageRank.each',
  'coNeighbours.each',
  'pageRank.farthest',
  'embedded.farthest',
  'pageRankLift',
  'seedTies',
  ...CORES.flatMap((c) => TIE_FACTS.map((t) => `${t}${c}`)),
  'degree',
  'degreeToCore',
  'items30',
  'identifiers30',
  'mutual30',
  'ownShare30',
  'tiesPerLocal30',
  'embedding',
  ...QUERY_FACTS,
] as const

/** Fact rows of the given candidates (local numbers), `CANDIDATE_FACTS.length` numbers each. Cost: O(rows × facts). */
export function candidateFacts(reading: Reading, candidates: ArrayLike<number>): Float32Array {
  const width = CANDIDATE_FACTS.length
  const rows = new Float32Array(candidates.length * width)
  const rank = new Float64Array(reading.local.size)
  reading.fused.order.forEach((u, i) => {
    rank[u] = i
  })
  const direct = seedTiesOf(reading)
  for (let i = 0; i < candidates.length; i++) writeRow(reading, candidates[i] as number, rank, direct, rows, i * width)
  return rows
}

function writeRow(
  reading: Reading,
  u: number,
  rank: Float64Array,
  direct: Float64Array,
  rows: Float32Array,
  start: number,
): void {
  const { local, fused, cores } = reading
  const { views } = fused
  let at = start
  const put = (value: number): void => {
    rows[at++] = value
  }
  put(fused.score[u] as number)
  put(Math.log1p(rank[u] as number))
  for (const view of FUSED_VIEWS) put(views[view].together[u] as number)
  put(views.pageRank.each[u] as number)
  put(views.coNeighbours.each[u] as number)
  put(views.pageRank.farthest[u] as number)
  put(views.embedded.farthest[u] as number)
  put(pageRankLift(reading, u))
  put((direct[u] as number) / reading.active.length)
  for (const core of cores) putTies(reading, core, u, put)
  put(Math.log1p(local.degree[u] as number))
  put(Math.log(((local.degree[u] as number) + 1) / (reading.coreDegree + 1)))
  put(Math.log1p((cores[1] as CoreTies).byItem[u] as number))
  put(Math.log1p((cores[1] as CoreTies).byIdentifier[u] as number))
  const middle = cores[1] as CoreTies
  put(Math.log1p(middle.mutual[u] as number))
  put((middle.own[u] as number) / Math.max(1e-6, middle.ties[u] as number))
  put((middle.ties[u] as number) / Math.max(1e-6, localVolume(reading, u)))
  put(embedding(reading, u))
  rows.set(reading.facts, at)
}

function pageRankLift(reading: Reading, u: number): number {
  let mass = 0
  for (const s of reading.active) mass += (reading.scores.pageRank[s] as Float64Array)[u] as number
  const expected = (reading.active.length * (reading.local.volume[u] as number)) / reading.totalVolume
  return mass > 0 ? Math.log(mass / Math.max(1e-12, expected)) : -5
}

/** Five ways to say how strongly a candidate is tied to a core. */
export function putTies(reading: Reading, core: CoreTies, u: number, put: (value: number) => void): void {
  const { local } = reading
  const ties = core.ties[u] as number
  const expected = ((local.volume[u] as number) * core.volume) / reading.totalVolume
  put(Math.log1p(ties))
  put(ties / Math.max(1, local.volume[u] as number))
  put(Math.log(1e-3 + ties / Math.max(1, core.size)))
  put(Math.log(0.01 + ties / Math.max(0.1, core.meanTies)))
  put(Math.log((ties + 0.1) / (expected + 0.1)))
}

/** Ties straight to the active seeds. */
function seedTiesOf(reading: Reading): Float64Array {
  const { local, active } = reading
  const direct = new Float64Array(local.size)
  for (const s of active) {
    for (let a = local.offsets[s] as number; a < (local.offsets[s + 1] as number); a++) {
      // Seen from the seed's row: bit 2 means that the candidate acted; an unanswered act of the seed counts half.
      const weight = (local.acted[a] as number) & 2 ? 1 : 0.5
      direct[local.neighbours[a] as number]! += weight * Math.min(1, local.weights[a] as number)
    }
  }
  return direct
}

function localVolume({ local }: Reading, u: number): number {
  let sum = 0
  for (let a = local.offsets[u] as number; a < (local.offsets[u + 1] as number); a++) sum += local.weights[a] as number
  return sum
}

/** Mean share of a candidate's contacts that its tie to a neighbour in the middle core has in common with it. */
function embedding(reading: Reading, u: number): number {
  const { local, fused } = reading
  const bar = fused.score[fused.order[Math.min(29, fused.order.length - 1)] as number] ?? 0
  const from = local.offsets[u] as number
  const to = local.offsets[u + 1] as number
  let sum = 0
  let count = 0
  for (let a = from; a < to; a++) {
    if ((fused.score[local.neighbours[a] as number] as number) < bar) continue
    sum += (local.triangles[a] as number) / Math.max(1, to - from - 1)
    count++
  }
  return count > 0 ? sum / count : 0
}
