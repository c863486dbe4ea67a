/** Precision, recall and F1 of a returned set against the truth. */
export interface Detection {
  readonly truePositives: number
  readonly falsePositives: number
  readonly falseNegatives: number
  /** NaN when nothing was returned. */
  readonly precision: number
  /** NaN when there was nothing to find. */
  readonly recall: number
  /** Harmonic mean; 0 when nothing is right. */
  readonly f1: number
}

/** Counts each returned item once. Cost: O(returned). */
export function detection<T>(returned: Iterable<T>, truth: ReadonlySet<T>): Detection {
  const distinct = new Set(returned)
  let truePositives = 0
  for (const item of distinct) if (truth.has(item)) truePositives++
  const falsePositives = distinct.size - truePositives
  const falseNegatives = truth.size - truePositives
  const all = 2 * truePositives + falsePositives + falseNegatives
  return {
    truePositives,
    falsePositives,
    falseNegatives,
    precision: distinct.size === 0 ? Number.NaN : truePositives / distinct.size,
    recall: truth.size === 0 ? Number.NaN : truePositives / truth.size,
    f1: all === 0 ? Number.NaN : (2 * truePositives) / all,
  }
}

/** Share of the first `truth.size` of an order that is right: precision at the true size (R-precision). */
export function precisionAtTrueSize<T>(order: readonly T[], truth: ReadonlySet<T>): number {
  if (truth.size === 0) return Number.NaN
  return order.slice(0, truth.size).filter((item) => truth.has(item)).length / truth.size
}
