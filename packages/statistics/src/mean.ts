import { studentQuantile } from './beta.ts'
import type { Interval } from './proportion.ts'

/** A mean with its standard error; the interval is Student's (95 % unless told). */
export interface MeanEstimate extends Interval {
  readonly standardError: number
  readonly count: number
}

/** Mean ± standard error of independent values. One value: an infinite interval; none: NaN. */
export function meanOf(values: readonly number[], confidence = 0.95): MeanEstimate {
  const count = values.length
  if (count === 0) return { value: Number.NaN, low: Number.NaN, high: Number.NaN, standardError: Number.NaN, count }
  const value = values.reduce((sum, x) => sum + x, 0) / count
  if (count === 1)
    return { value, low: Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY, standardError: Number.NaN, count }
  const squares = values.reduce((sum, x) => sum + (x - value) ** 2, 0)
  const standardError = Math.sqrt(squares / (count - 1) / count)
  const half = studentQuantile(1 - (1 - confidence) / 2, count - 1) * standardError
  return { value, low: value - half, high: value + half, standardError, count }
}

/** Mean of the differences a − b of paired values (same query, two methods): far narrower than two separate intervals. */
export function pairedDifference(a: readonly number[], b: readonly number[], confidence = 0.95): MeanEstimate {
  if (a.length !== b.length) throw new RangeError(`${a.length} values cannot be paired with ${b.length}`)
  return meanOf(
    a.map((x, i) => x - b[i]!),
    confidence,
  )
}

/** The quantile `p` in [0, 1], linear between order statistics (Hyndman and Fan 1996, type 7, doi:10.2307/2684934); NaN of nothing. */
export function quantile(values: readonly number[], p: number): number {
  if (values.length === 0) return Number.NaN
  const sorted = values.toSorted((a, b) => a - b)
  const place = p * (sorted.length - 1)
  const below = sorted[Math.floor(place)]!
  const above = sorted[Math.ceil(place)]!
  return below + (above - below) * (place - Math.floor(place))
}

/** The middle value; the mean of the two middle ones of an even number; NaN of nothing. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}
