import type { Examination } from './examine.ts'
import { pairExceedance } from './seed-facts.ts'

/** Mean −log exceedance of the pairs (natural log), and the best of them: the benefit of the doubt rises in between. */
const MEAN = { none: 1.1, full: 1.8 } as const
const BEST = { none: 3, full: 3.8 } as const
/** Seeds that the seed model finds to belong together this well need no more. */
const FIT = { none: 0.7, full: 0.9 } as const

/**
 * The exact part of the null test, whatever the models think: how far the seeds' mutual nearness goes beyond strangers of
 * the same degree, 0 (as chance would have it) to 1. Either all pairs are near, or one pair is very near, or every seed fits
 * (`worstFit`). A lone seed cannot be tested: 1. It keeps the answer honest on graphs unlike any in training.
 */
export function beyondChance(exam: Examination, active: readonly number[], worstFit: number): number {
  const pairs = pairExceedance(exam, active)
  if (pairs.length === 0) return 1
  const mean = -pairs.reduce((a, b) => a + b, 0) / pairs.length
  // More pairs, more luck: the bar for the best one rises with their number.
  const best = -Math.min(...pairs) - Math.log(Math.max(1, pairs.length / 3)) / 2
  return Math.max(ramp(mean, MEAN), ramp(best, BEST), ramp(worstFit, FIT))
}

/** 0 up to `none`, 1 from `full` on, straight in between. */
function ramp(x: number, { none, full }: { none: number; full: number }): number {
  return Math.min(1, Math.max(0, (x - none) / (full - none)))
}
