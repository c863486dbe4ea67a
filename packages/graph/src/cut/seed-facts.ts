import { CANDIDATE_FACTS, candidateFacts } from './candidate-facts.ts'
import { type Examination, readWith, seedPositions } from './examine.ts'
import { QUERY_FACTS, type Reading } from './query-facts.ts'
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

/** What the seed model reads about one seed, the others being the seeds. */
export const SEED_FACTS = [
  'own',
  'othersMean',
  'othersBest',
  'othersWorst',
  'nearest',
  'meanExceedance',
  'farthest',
  'othersNearest',
  'othersMeanExceedance',
  'bestLift',
  'meanLift',
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
  const { exceedance, lift } = exam.ties
  const value = (matrix: readonly Float64Array[], a: number, b: number): number =>
    (matrix[a] as Float64Array)[b] as number
  active.forEach((seed, i) => {
    const others = active.filter((s) => s !== seed)
    const far = others.map((o) => value(exceedance, seed, o))
    const lifts = others.map((o) => value(lift, seed, o))
    const pairs = others.flatMap((a, x) => others.slice(x + 1).map((b) => value(exceedance, a, b)))
    const views_ = views.filter((_, j) => j !== i).map((v) => v.own)
    const view = views[i] as SeedView
    rows.set(
      [
        view.own,
        mean(views_),
        Math.max(...views_),
        Math.min(...views_),
        Math.min(...far),
        mean(far),
        Math.max(...far),
        pairs.length > 0 ? Math.min(...pairs) : 0,
        mean(pairs),
        Math.max(...lifts),
        mean(lifts),
        ...view.carried,
        ...view.reading.facts,
      ],
      i * SEED_FACTS.length,
    )
  })
  return rows
}

/** What the network model reads about the query: do these seeds have a network at all? */
export const NETWORK_FACTS = [
  'ownWorst',
  'ownMean',
  'ownBest',
  'nearestPair',
  'meanPair',
  'farthestPair',
  'worstLift',
  'meanLift',
  'bestLift',
  'softSize',
  'softDensity',
  'softOutside',
  'softTop10',
  'softTop30',
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
  const { exceedance, lift } = exam.ties
  const pairsOf = (matrix: readonly Float64Array[]): number[] =>
    active.flatMap((a, i) => active.slice(i + 1).map((b) => (matrix[a] as Float64Array)[b] as number))
  const pairs = pairsOf(exceedance)
  const lifts = pairsOf(lift)
  const own = views.length > 0 ? views.map((v) => v.own) : [1]
  return Float32Array.of(
    Math.min(...own),
    mean(own),
    Math.max(...own),
    ...(pairs.length > 0 ? [Math.min(...pairs), mean(pairs), Math.max(...pairs)] : [0, 0, 0]),
    ...(lifts.length > 0 ? [Math.min(...lifts), mean(lifts), Math.max(...lifts)] : [0, 0, 0]),
    ...soft.shape,
    ...reading.facts,
  )
}

/** Mean and worst log exceedance over the pairs of active seeds; 0, 0 for a lone seed. */
export function seedExceedance(exam: Examination, active: readonly number[]): [number, number] {
  const values = active.flatMap((a, i) =>
    active.slice(i + 1).map((b) => (exam.ties.exceedance[a] as Float64Array)[b] as number),
  )
  return values.length > 0 ? [mean(values), Math.max(...values)] : [0, 0]
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((a, b) => a + b, 0) / values.length
}
