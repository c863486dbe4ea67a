import { betaQuantile, normalQuantile } from './beta.ts'

/** An estimate with the ends of its interval. */
export interface Interval {
  readonly value: number
  readonly low: number
  readonly high: number
}

const CONFIDENCE = 0.95

/**
 * Wilson's score interval for a proportion (Wilson 1927, doi:10.1080/01621459.1927.10502953). Good average coverage also
 * for small counts; use Clopper–Pearson where coverage must never fall below the nominal. No trials: 0 to 1.
 */
export function wilson(successes: number, trials: number, confidence = CONFIDENCE): Interval {
  checkCounts(successes, trials)
  if (trials === 0) return { value: Number.NaN, low: 0, high: 1 }
  const z = normalQuantile(1 - (1 - confidence) / 2)
  const p = successes / trials
  const scale = 1 + (z * z) / trials
  const centre = (p + (z * z) / (2 * trials)) / scale
  const half = (z / scale) * Math.sqrt((p * (1 - p)) / trials + (z * z) / (4 * trials * trials))
  return {
    value: p,
    low: successes === 0 ? 0 : Math.max(0, centre - half),
    high: successes === trials ? 1 : Math.min(1, centre + half),
  }
}

/**
 * The exact interval of Clopper and Pearson (1934, doi:10.1093/biomet/26.4.404): coverage is never below the nominal,
 * often above. No trials: 0 to 1.
 */
export function clopperPearson(successes: number, trials: number, confidence = CONFIDENCE): Interval {
  checkCounts(successes, trials)
  if (trials === 0) return { value: Number.NaN, low: 0, high: 1 }
  const tail = (1 - confidence) / 2
  return {
    value: successes / trials,
    low: successes === 0 ? 0 : betaQuantile(tail, successes, trials - successes + 1),
    high: successes === trials ? 1 : betaQuantile(1 - tail, successes + 1, trials - successes),
  }
}

function checkCounts(successes: number, trials: number): void {
  if (!(successes >= 0 && successes <= trials)) throw new RangeError(`${successes} of ${trials} is no proportion`)
}
