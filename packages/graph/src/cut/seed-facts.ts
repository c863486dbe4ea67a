import { CANDIDATE_FACTS, candidateFacts } from './candidate-facts.ts'
import { type Examination, readWith, seedPositions } from './examine.ts'
import { PERCOLATION_SHAPE } from './percolation-facts.ts'
import { QUERY_FACTS, type Reading } from './query-facts.ts'
import type { PairTies } from './seed-ties.ts'
import type { SoftCore } from './soft-facts.ts'
import type { Trees } from './trees.ts'

const CARRIED = [
  'fused',
  'rank',
  'coNeighbours.together',
  'tiesPerMember30',
  'tieLift30',
  'tieLift10',
  'degree',
] as const
const CARRIED_AT = CARRIED.map((name) => CANDIDATE_FACTS.indexOf(name))

const TIE_VIEWS = ['pageRank', 'coNeighbours'] as const
const PAIR_FACTS = [
  'nearest',
  'meanPair',
  'farthest',
  'othersNearest',
  'othersMeanPair',
  'bestLift',
  'meanLift',
] as const

/** What the seed model reads about one seed, the others being the seeds. */
export const SEED_FACTS = [
  'own',
  'othersMean',
  'othersBest',
  'othersWorst',
  ...TIE_VIEWS.flatMap((v) => PAIR_FACTS.map((f) => `${f}.${v}` as const)),
  ...CARRIED,
  ...QUERY_FACTS,
] as const

/** One seed examined as if it were a candidate of the others. */
export interface SeedView {
  /** The first model's probability for it. */
  readonly own: number
  readonly carried: readonly number[]
  readonly reading: Reading
}

/** Leaves each of the `active` seeds out once. Cost: seeds × one reading. Needs at least two active seeds. */
export function viewSeeds(exam: Examination, first: Trees, active: readonly number[]): SeedView[] {
  return active.map((seed) => {
    const reading = readWith(
      exam,
      active.filter((s) => s !== seed),
    )
    const row = candidateFacts(reading, [seed])
    return {
      own: first.probabilities(row)[0] as number,
      carried: CARRIED_AT.map((at) => row[at] as number),
      reading,
    }
  })
}

/** Fact rows for the seed model, one per active seed. */
export function seedFacts(exam: Examination, views: readonly SeedView[], active: readonly number[]): Float32Array {
  const rows = new Float32Array(active.length * SEED_FACTS.length)
  active.forEach((seed, i) => {
    const others = active.filter((s) => s !== seed)
    const theirs = views.filter((_, j) => j !== i).map((v) => v.own)
    const view = views[i] as SeedView
    rows.set(
      [
        view.own,
        mean(theirs),
        Math.max(...theirs),
        Math.min(...theirs),
        ...TIE_VIEWS.flatMap((v) => pairFacts(exam.ties[v], seed, others)),
        ...view.carried,
        ...view.reading.facts,
      ],
      i * SEED_FACTS.length,
    )
  })
  return rows
}

function pairFacts({ exceedance, lift }: PairTies, seed: number, others: readonly number[]): number[] {
  const far = others.map((o) => at(exceedance, seed, o))
  const lifts = others.map((o) => at(lift, seed, o))
  const pairs = pairValues(exceedance, others)
  return [
    Math.min(...far),
    mean(far),
    Math.max(...far),
    pairs.length > 0 ? Math.min(...pairs) : 0,
    mean(pairs),
    Math.max(...lifts),
    mean(lifts),
  ]
}

function at(matrix: readonly Float64Array[], a: number, b: number): number {
  return (matrix[a] as Float64Array)[b] as number
}

function pairValues(matrix: readonly Float64Array[], active: readonly number[]): number[] {
  return active.flatMap((a, i) => active.slice(i + 1).map((b) => at(matrix, a, b)))
}

const SPREAD_FACTS = ['nearestPair', 'meanPair', 'farthestPair', 'worstLift', 'meanLift', 'bestLift'] as const

/** What the network model reads about the query: do these seeds have a network at all? */
export const NETWORK_FACTS = [
  'ownWorst',
  'ownMean',
  'ownBest',
  ...TIE_VIEWS.flatMap((v) => SPREAD_FACTS.map((f) => `${f}.${v}` as const)),
  'softSize',
  'softDensity',
  'softOutside',
  'softTop10',
  'softTop30',
  ...PERCOLATION_SHAPE,
  'severalRelations',
  ...QUERY_FACTS,
] as const

/** One fact row for the network model. */
export function networkFacts(
  exam: Examination,
  views: readonly SeedView[],
  reading: Reading,
  soft: SoftCore,
  active: readonly number[] = seedPositions(exam),
): Float32Array {
  const own = views.length > 0 ? views.map((v) => v.own) : [1]
  return Float32Array.of(
    Math.min(...own),
    mean(own),
    Math.max(...own),
    ...TIE_VIEWS.flatMap((v) => [
      ...spread(pairValues(exam.ties[v].exceedance, active)),
      ...spread(pairValues(exam.ties[v].lift, active)),
    ]),
    ...soft.shape,
    ...soft.percolation.shape,
    exam.graph.kinds === null ? 0 : 1,
    ...reading.facts,
  )
}

function spread(values: readonly number[]): number[] {
  return values.length > 0 ? [Math.min(...values), mean(values), Math.max(...values)] : [0, 0, 0]
}

/** Log exceedance of every pair of active seeds, by the view in which they are nearer. */
export function pairExceedance(exam: Examination, active: readonly number[]): number[] {
  const nearby = pairValues(exam.ties.coNeighbours.exceedance, active)
  return pairValues(exam.ties.pageRank.exceedance, active).map((x, i) => Math.min(x, nearby[i] as number))
}

/** Mean and worst log exceedance over the pairs of active seeds; 0, 0 for a lone seed. */
export function seedExceedance(exam: Examination, active: readonly number[]): [number, number] {
  const values = pairExceedance(exam, active)
  return values.length > 0 ? [mean(values), Math.max(...values)] : [0, 0]
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length
}
