/** One statement with a probability and how it turned out. */
export interface Forecast {
  readonly probability: number
  readonly outcome: boolean
}

/** Forecasts between two probabilities, what they said and what came true. */
export interface CalibrationBin {
  readonly from: number
  readonly to: number
  readonly count: number
  /** Mean of the probabilities stated. */
  readonly stated: number
  /** Share that came true. */
  readonly observed: number
}

/** How far stated probabilities are from what comes true. */
export interface Calibration {
  /** Expected calibration error: mean over forecasts of |stated − observed| of their bin (Naeini et al. 2015); NaN of nothing. */
  readonly error: number
  readonly bins: readonly CalibrationBin[]
}

/** Calibration in equal-width bins over (`above`, 1]; forecasts at or below `above` are left out. Empty bins are not listed. */
export function calibration(
  forecasts: readonly Forecast[],
  options: { readonly bins?: number; readonly above?: number } = {},
): Calibration {
  const { bins = 10, above = -1 } = options
  const floor = Math.max(0, above)
  const width = (1 - floor) / bins
  const sums = Array.from({ length: bins }, () => ({ count: 0, stated: 0, came: 0 }))
  for (const { probability, outcome } of forecasts) {
    if (probability <= above) continue
    const sum = sums[Math.min(bins - 1, Math.floor((probability - floor) / width))]!
    sum.count++
    sum.stated += probability
    if (outcome) sum.came++
  }
  const total = sums.reduce((all, sum) => all + sum.count, 0)
  const gaps = sums.reduce((all, sum) => all + Math.abs(sum.stated - sum.came), 0)
  return {
    error: total === 0 ? Number.NaN : gaps / total,
    bins: sums.flatMap((sum, i) =>
      sum.count === 0
        ? []
        : [
            {
              from: floor + i * width,
              to: floor + (i + 1) * width,
              count: sum.count,
              stated: sum.stated / sum.count,
              observed: sum.came / sum.count,
            },
          ],
    ),
  }
}
