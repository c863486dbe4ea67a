import { type Percolation, percolate } from '../rank/percolation.ts'
import { candidateFacts } from './candidate-facts.ts'
import { type Examination, readWith, widened } from './examine.ts'
import { percolationFacts } from './percolation-facts.ts'
import type { Reading } from './query-facts.ts'
import { type SoftCore, softCore } from './soft-facts.ts'
import type { Trees } from './trees.ts'

/** The candidates as seen from some of the seeds: what the first model says, the soft core it makes, and the group that grows from it. */
export interface Belief {
  readonly reading: Reading
  readonly soft: SoftCore
  readonly percolation: Percolation
}

/** The group grows from the seeds, everybody whom the first model gives at least this, and at least so many of its best. */
const START = 0.5
const LEAST_START = 5
const MOST_START = 100

/** Whoever came in later than this has hardly more ties than chance gives, and is no candidate for that. */
const LEAST_LEVEL = 6

/** The first model's probabilities, the soft core and the percolation that starts from the likeliest. */
export function believe(exam: Examination, active: readonly number[], model: Trees): Belief {
  const reading = readWith(exam, active)
  const first = firstOf(reading, model)
  return completed(exam, reading, first, percolate(exam.graph, startOf(exam, active, reading, first)))
}

/** The same belief with everybody who percolated among the candidates. */
export function widenedBelief(
  exam: Examination,
  active: readonly number[],
  belief: Belief,
  model: Trees,
): { exam: Examination; belief: Belief } {
  const { nodes, levels } = belief.percolation
  const wide = widened(
    exam,
    nodes.filter((_, i) => (levels[i] as number) >= LEAST_LEVEL),
  )
  if (wide === exam) return { exam, belief }
  const reading = readWith(wide, active)
  return { exam: wide, belief: completed(wide, reading, firstOf(reading, model), belief.percolation) }
}

function completed(exam: Examination, reading: Reading, first: Float64Array, percolation: Percolation): Belief {
  const facts = percolationFacts(exam.graph, exam.local.nodes, percolation)
  return { reading, soft: softCore(reading, first, exam.candidates.grown, facts), percolation }
}

function firstOf(reading: Reading, model: Trees): Float64Array {
  const { order } = reading.fused
  const first = new Float64Array(reading.local.size)
  model.probabilities(candidateFacts(reading, order)).forEach((p, i) => {
    first[order[i] as number] = p
  })
  return first
}

function startOf({ local }: Examination, active: readonly number[], { fused }: Reading, first: Float64Array): number[] {
  const likeliest = Array.from(fused.order).sort((a, b) => (first[b] as number) - (first[a] as number) || a - b)
  const start = likeliest.slice(0, MOST_START).filter((u, i) => i < LEAST_START || (first[u] as number) >= START)
  return [...active, ...start].map((u) => local.nodes[u] as number)
}
