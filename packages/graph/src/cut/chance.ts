import { LEVELS, percolate } from '../rank/percolation.ts'
import { logit } from './decide.ts'
import { type Examination, readWith } from './examine.ts'
import { pairExceedance } from './seed-facts.ts'

/** Mean −log exceedance of the pairs (natural log), and the best of them: the benefit of the doubt rises in between. */
const MEAN = { none: 1.1, full: 1.8 } as const
const BEST = { none: 3, full: 3.8 } as const
/** Seeds that the seed model finds to belong together this well need no more. */
const FIT = { none: 0.7, full: 0.9 } as const
/** Mean −log of the share of all accounts that is in the group grown from the other seeds by the time a seed comes in. */
const TIED = { none: 2.3, full: 3.4 } as const
/** The group grows from the other seeds and this many of their nearest. */
const NEAREST = 20

/**
 * The exact part of the null test, whatever the models think: how far the seeds' mutual nearness goes beyond strangers of
 * the same degree, 0 (as chance would have it) to 1. Either all pairs are near, or one pair is very near, or every seed fits
 * (`worstFit`), or each is among the few who come into the group that grows from the others. A lone seed cannot be tested: 1. It keeps the answer honest on graphs unlike any in training.
 */
export function beyondChance(
  exam: Examination,
  active: readonly number[],
  worstFit: number,
  tied: () => number,
): number {
  const pairs = pairExceedance(exam, active)
  if (pairs.length === 0) return 1
  const mean = -pairs.reduce((a, b) => a + b, 0) / pairs.length
  // More pairs, more luck: the bar for the best one rises with their number.
  const best = -Math.min(...pairs) - Math.log(Math.max(1, pairs.length / 3)) / 2
  const near = Math.max(ramp(mean, MEAN), ramp(best, BEST), ramp(worstFit, FIT))
  return near === 1 ? 1 : Math.max(near, ramp(tied(), TIED))
}

/** Below this mean hardly any seed comes into the group of the others. */
const APART = 0.5
/** Log odds by which seeds that stay apart are less likely a network. */
const APART_COSTS = 2.5

/**
 * The network probability after the test whether the seeds stay apart: none of them fits well and none comes into the group that grows
 * from the others. Asked only where several relations are known: in a dense list of contacts communities stay apart as well.
 */
export function lessIfApart(
  { graph }: Examination,
  active: readonly number[],
  probability: number,
  worstFit: number,
  tied: () => number,
): number {
  if (active.length < 2 || graph.kinds === null || worstFit >= FIT.none || tied() >= APART) return probability
  return 1 / (1 + Math.exp(APART_COSTS - logit(probability)))
}

/** How surprising it is, on average, that a seed comes into the group that grows from the others; 0 where it does not. */
export function meanTied(exam: Examination, active: readonly number[]): number {
  const { nodes } = exam.local
  const surprise = active.map((seed) => {
    const others = active.filter((s) => s !== seed)
    const nearest = Array.from(readWith(exam, others).fused.order).filter((u) => u !== seed)
    const start = [...others, ...nearest.slice(0, NEAREST)].map((u) => nodes[u] as number)
    const group = percolate(exam.graph, start)
    const entry = group.nodes.indexOf(nodes[seed] as number)
    if (entry === -1) return 0
    const size = group.sizes[LEVELS.indexOf(group.levels[entry] as (typeof LEVELS)[number])] as number
    return Math.log(exam.graph.nodeCount / size)
  })
  return surprise.reduce((sum, x) => sum + x, 0) / surprise.length
}

/** 0 up to `none`, 1 from `full` on, straight in between. */
function ramp(x: number, { none, full }: { none: number; full: number }): number {
  return Math.min(1, Math.max(0, (x - none) / (full - none)))
}
