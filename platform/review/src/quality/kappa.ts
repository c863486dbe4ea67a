/** Agreement of two raters over the same items, corrected for chance. */
export interface Agreement {
  readonly items: number
  /** Share of items on which both said the same. */
  readonly observed: number
  readonly kappa: number
  /** Interval of kappa, cut to [−1, 1]. */
  readonly low: number
  readonly high: number
}

/** Normal quantile of a two-sided 95 % interval. */
const Z = 1.959964

/**
 * Cohen's kappa with the large-sample standard error of Fleiss, Cohen & Everitt 1969 (10.1037/h0028106, eq. 13). Null without items,
 * or when both raters only ever used one and the same answer: chance explains everything, and nothing can be said.
 * O(items + answers²).
 */
export function cohensKappa(pairs: readonly (readonly [a: string, b: string])[]): Agreement | null {
  const n = pairs.length
  if (n === 0) return null
  const rows = new Map<string, number>()
  const columns = new Map<string, number>()
  const cells = new Map<string, { a: string; b: string; count: number }>()
  for (const [a, b] of pairs) {
    rows.set(a, (rows.get(a) ?? 0) + 1)
    columns.set(b, (columns.get(b) ?? 0) + 1)
    const key = JSON.stringify([a, b])
    const cell = cells.get(key)
    if (cell === undefined) cells.set(key, { a, b, count: 1 })
    else cell.count++
  }
  const row = (answer: string) => (rows.get(answer) ?? 0) / n
  const column = (answer: string) => (columns.get(answer) ?? 0) / n
  let observed = 0
  for (const { a, b, count } of cells.values()) if (a === b) observed += count / n
  let chance = 0
  for (const answer of rows.keys()) chance += row(answer) * column(answer)
  if (1 - chance < 1e-12) return null
  const kappa = (observed - chance) / (1 - chance)
  let diagonal = 0
  let off = 0
  for (const { a, b, count } of cells.values()) {
    const p = count / n
    if (a === b) diagonal += p * (1 - chance - (row(a) + column(a)) * (1 - observed)) ** 2
    else off += p * (column(a) + row(b)) ** 2
  }
  const rest = (observed * chance - 2 * chance + observed) ** 2
  const variance = (diagonal + (1 - observed) ** 2 * off - rest) / (n * (1 - chance) ** 4)
  const half = Z * Math.sqrt(Math.max(0, variance))
  return { items: n, observed, kappa, low: Math.max(-1, kappa - half), high: Math.min(1, kappa + half) }
}
