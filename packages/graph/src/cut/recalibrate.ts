/** An investigator's word on an account that was given this probability. */
export interface Marked {
  readonly probability: number
  readonly member: boolean
}

/** A correction of probabilities: logit p → slope × logit p + shift. Order is kept: the slope is never negative. */
export interface Recalibration {
  readonly slope: number
  readonly shift: number
}

/** Marks that the starting point (no correction) is worth: a handful of marks moves probabilities a little. */
const PRIOR = 10

/**
 * Learns from a deployment's marks how its probabilities should be read (Platt 1999), drawn towards "as they are" until
 * there are many marks. Without marks: no correction. Cost: O(marks).
 */
export function recalibrationFrom(marks: readonly Marked[]): Recalibration {
  let slope = 1
  let shift = 0
  for (let round = 0; round < 50; round++) {
    // Newton's method on the penalised log likelihood; gradient g, hessian h.
    let g0 = PRIOR * (slope - 1)
    let g1 = (PRIOR / 4) * shift
    let h00 = PRIOR
    let h01 = 0
    let h11 = PRIOR / 4
    for (const { probability, member } of marks) {
      const x = logit(probability)
      const p = 1 / (1 + Math.exp(-(slope * x + shift)))
      const error = p - (member ? 1 : 0)
      const spread = p * (1 - p)
      g0 += error * x
      g1 += error
      h00 += spread * x * x
      h01 += spread * x
      h11 += spread
    }
    const determinant = h00 * h11 - h01 * h01
    const stepSlope = (h11 * g0 - h01 * g1) / determinant
    const stepShift = (h00 * g1 - h01 * g0) / determinant
    slope = Math.max(0, slope - stepSlope)
    shift -= stepShift
    if (Math.abs(stepSlope) + Math.abs(stepShift) < 1e-9) break
  }
  return { slope, shift }
}

/** Applies a correction to one probability. */
export function recalibrated(probability: number, { slope, shift }: Recalibration): number {
  return 1 / (1 + Math.exp(-(slope * logit(probability) + shift)))
}

function logit(p: number): number {
  const bounded = Math.min(1 - 1e-6, Math.max(1e-6, p))
  return Math.log(bounded / (1 - bounded))
}
