/** A score that a person's decision followed. */
export interface Reviewed {
  readonly score: number
  readonly confirmed: boolean
}

/** From scores to probabilities: a step function through these points (isotonic), or a logistic curve (Platt). */
export type CalibrationModel =
  | {
      readonly kind: 'isotonic'
      readonly scores: readonly number[]
      readonly probabilities: readonly number[]
      readonly items: number
    }
  | { readonly kind: 'platt'; readonly slope: number; readonly intercept: number; readonly items: number }

/** Fewer reviewed items, or fewer of either outcome, say nothing that should be called a probability. */
export const LEAST_ITEMS = 50
export const LEAST_OF_EACH = 10
/** From here on there is enough to follow any rising curve; before, two numbers are fitted. */
const ISOTONIC_FROM = 500

/** A model of P(confirmed | score); null while too little was reviewed. Cost: O(n log n). */
export function calibrate(items: readonly Reviewed[]): CalibrationModel | null {
  const confirmed = items.filter((item) => item.confirmed).length
  if (items.length < LEAST_ITEMS || confirmed < LEAST_OF_EACH || items.length - confirmed < LEAST_OF_EACH) return null
  return items.length < ISOTONIC_FROM ? platt(items) : isotonic(items)
}

/** The probability that a model gives a score, kept away from 0 and 1: nothing reviewed proves certainty. */
export function probabilityOf(model: CalibrationModel, score: number): number {
  const raw = model.kind === 'platt' ? logistic(model.slope * score + model.intercept) : interpolated(model, score)
  const edge = 1 / (model.items + 2)
  return Math.min(1 - edge, Math.max(edge, raw))
}

/** Pool-adjacent-violators (Ayer et al. 1955; Zadrozny and Elkan 2002): the best rising step function by squares. */
export function isotonic(items: readonly Reviewed[]): CalibrationModel {
  // Equal scores are one block from the start: no order among them can be meant.
  const equal = [...Map.groupBy(items, ({ score }) => score)].sort(([a], [b]) => a - b)
  const blocks: { sum: number; count: number; from: number; to: number }[] = []
  for (const [score, group] of equal) {
    blocks.push({ sum: group.filter(({ confirmed }) => confirmed).length, count: group.length, from: score, to: score })
    for (;;) {
      const [before, now] = [blocks.at(-2), blocks.at(-1)]
      if (before === undefined || now === undefined || before.sum * now.count < now.sum * before.count) break
      const [sum, count] = [before.sum + now.sum, before.count + now.count]
      blocks.splice(-2, 2, { sum, count, from: before.from, to: now.to })
    }
  }
  const points = blocks.flatMap(({ sum, count, from, to }) =>
    from === to ? [[from, sum / count] as const] : [[from, sum / count] as const, [to, sum / count] as const],
  )
  return {
    kind: 'isotonic',
    scores: points.map(([s]) => s),
    probabilities: points.map(([, p]) => p),
    items: items.length,
  }
}

/** Platt's method with his smoothed targets, by Newton's steps (Lin, Lin and Weng 2007). */
export function platt(items: readonly Reviewed[]): CalibrationModel {
  const yes = items.filter(({ confirmed }) => confirmed).length
  const no = items.length - yes
  const [high, low] = [(yes + 1) / (yes + 2), 1 / (no + 2)]
  let [slope, intercept] = [0, Math.log((yes + 1) / (no + 1))]
  const lossOf = (a: number, b: number) =>
    items.reduce((sum, { score, confirmed }) => {
      const f = a * score + b
      const t = confirmed ? high : low
      return sum + Math.log1p(Math.exp(-Math.abs(f))) + Math.max(f, 0) - t * f
    }, 0)
  let loss = lossOf(slope, intercept)
  for (let round = 0; round < 100; round++) {
    let [g1, g2, h11, h22, h12] = [0, 0, 1e-12, 1e-12, 0]
    for (const { score, confirmed } of items) {
      const p = logistic(slope * score + intercept)
      const d = p - (confirmed ? high : low)
      const w = p * (1 - p)
      g1 += d * score
      g2 += d
      h11 += w * score * score
      h22 += w
      h12 += w * score
    }
    if (Math.abs(g1) < 1e-6 && Math.abs(g2) < 1e-6) break
    const det = h11 * h22 - h12 * h12
    const [da, db] = [-(h22 * g1 - h12 * g2) / det, -(h11 * g2 - h12 * g1) / det]
    let step = 1
    while (step > 1e-10 && lossOf(slope + step * da, intercept + step * db) > loss) step /= 2
    slope += step * da
    intercept += step * db
    const now = lossOf(slope, intercept)
    if (loss - now < 1e-12) break
    loss = now
  }
  // A classifier whose higher scores are confirmed less often is not turned round behind its operator's back.
  return {
    kind: 'platt',
    slope: Math.max(0, slope),
    intercept: slope < 0 ? Math.log((yes + 1) / (no + 1)) : intercept,
    items: items.length,
  }
}

/** How far stated probabilities are from what people decided. */
export interface Reliability {
  readonly items: number
  /** Mean squared error of the stated probabilities (Brier 1950). */
  readonly brier: number
  /** Expected calibration error over ten bins. */
  readonly error: number
  readonly bins: readonly {
    readonly from: number
    readonly to: number
    readonly count: number
    readonly stated: number
    readonly confirmed: number
  }[]
}

/** Reliability of a detector on reviewed items, each judged by a model that never saw it (five folds, by position). Null while too little was reviewed. */
export function reliability(items: readonly Reviewed[], folds = 5): Reliability | null {
  const stated: { p: number; confirmed: boolean }[] = []
  for (let fold = 0; fold < folds; fold++) {
    const model = calibrate(items.filter((_, i) => i % folds !== fold))
    if (model === null) return null
    for (const [i, item] of items.entries())
      if (i % folds === fold) stated.push({ p: probabilityOf(model, item.score), confirmed: item.confirmed })
  }
  const bins = Array.from({ length: 10 }, (_, b) => {
    const inside = stated.filter(({ p }) => Math.min(9, Math.floor(p * 10)) === b)
    const mean = (of: (one: (typeof inside)[number]) => number) =>
      inside.reduce((sum, one) => sum + of(one), 0) / inside.length
    return {
      from: b / 10,
      to: (b + 1) / 10,
      count: inside.length,
      stated: mean(({ p }) => p),
      confirmed: mean((one) => (one.confirmed ? 1 : 0)),
    }
  }).filter(({ count }) => count > 0)
  return {
    items: stated.length,
    brier: stated.reduce((sum, { p, confirmed }) => sum + (p - (confirmed ? 1 : 0)) ** 2, 0) / stated.length,
    error: bins.reduce((sum, bin) => sum + bin.count * Math.abs(bin.stated - bin.confirmed), 0) / stated.length,
    bins,
  }
}

function logistic(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x))
}

function interpolated(
  { scores, probabilities }: Extract<CalibrationModel, { kind: 'isotonic' }>,
  score: number,
): number {
  let low = 0
  let high = scores.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (scores[middle]! <= score) low = middle + 1
    else high = middle
  }
  if (low === 0) return probabilities[0]!
  if (low === scores.length) return probabilities.at(-1)!
  const [s0, s1] = [scores[low - 1]!, scores[low]!]
  const share = s1 === s0 ? 0 : (score - s0) / (s1 - s0)
  return probabilities[low - 1]! + share * (probabilities[low]! - probabilities[low - 1]!)
}
