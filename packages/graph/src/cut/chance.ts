import type { Examination } from './examine.ts'
import { pairExceedance } from './seed-facts.ts'

/** Mean and best −log exceedance (natural log) between which the benefit of the doubt rises from 0 to 1. */
const MEAN = { none: 0.9, full: 1.7 } as const
const BEST = { none: 2.5, full: 3.5 } as const

/**
 * The exact part of the null test, whatever the models think: how far the seeds' mutual nearness goes beyond strangers of
 * the same degree, 0 (as chance would have it) to 1. Either all pairs are rather near, or one pair is very near. A lone
 * seed cannot be tested: 1. It keeps the learned answer honest on graphs unlike any in training.
 */
export function beyondChance(exam: Examination, active: readonly number[]): number {
  const pairs = pairExceedance(exam, active)
  if (pairs.length === 0) return 1
  const mean = pairs.reduce((a, b) => a + b, 0) / pairs.length
  return Math.max(ramp(-mean, MEAN), ramp(-Math.min(...pairs), BEST))
}

/** 0 up to `none`, 1 from `full` on, straight in between. */
export function ramp(x: number, { none, full }: { none: number; full: number }): number {
  return Math.min(1, Math.max(0, (x - none) / (full - none)))
}
