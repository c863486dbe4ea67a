import { type Random, sample, seededRandom } from '@firebreak/kernel'

/** One question: these seeds; the truth is the rest of their community (empty for a null query). */
export interface Query {
  readonly seeds: readonly number[]
  readonly truth: ReadonlySet<number>
}

/**
 * The fixed query list of the protocol: distinct communities of 15–300 members with at least k + 10 of them, each asked
 * once with k random members as seeds; the truth is members − seeds. Same seed text, same list.
 */
export function queryList(
  communities: readonly (readonly number[])[],
  k: number,
  seed: string,
  limit = Infinity,
): Query[] {
  const random = seededRandom(`${seed}/${k}`)
  const kept = distinct(communities).filter((c) => c.length >= Math.max(15, k + 10) && c.length <= 300)
  const asked = kept.length > limit ? sample(random, kept, limit) : kept
  return asked.map((members) => communityQuery(members, k, random))
}

/** k random members as seeds, the others as truth. */
export function communityQuery(members: readonly number[], k: number, random: Random): Query {
  const seeds = sample(random, members, k)
  const truth = new Set(members)
  for (const s of seeds) truth.delete(s)
  return { seeds, truth }
}

function distinct(communities: readonly (readonly number[])[]): number[][] {
  const seen = new Map<string, number[]>()
  for (const members of communities) {
    const sorted = [...new Set(members)].sort((a, b) => a - b)
    seen.set(sorted.join(','), sorted)
  }
  return [...seen.values()]
}

/** Precision at the true size: of the first |truth| ranked accounts, the share that belongs. */
export function rPrecision(ranked: ArrayLike<number>, truth: ReadonlySet<number>): number {
  let hit = 0
  for (let i = 0; i < truth.size && i < ranked.length; i++) if (truth.has(ranked[i] as number)) hit++
  return truth.size === 0 ? 0 : hit / truth.size
}

/** F1, precision and recall of the first `size` ranked accounts. */
export function prefixScore(
  ranked: ArrayLike<number>,
  truth: ReadonlySet<number>,
  size: number,
): { f1: number; precision: number; recall: number } {
  let hit = 0
  const n = Math.min(size, ranked.length)
  for (let i = 0; i < n; i++) if (truth.has(ranked[i] as number)) hit++
  const precision = n === 0 ? 0 : hit / n
  const recall = truth.size === 0 ? 0 : hit / truth.size
  return { f1: n + truth.size === 0 ? 0 : (2 * hit) / (n + truth.size), precision, recall }
}

/** The best F1 that any prefix of the order reaches. */
export function bestPrefixF1(ranked: ArrayLike<number>, truth: ReadonlySet<number>): number {
  let hit = 0
  let best = 0
  for (let i = 0; i < ranked.length; i++) {
    if (truth.has(ranked[i] as number)) best = Math.max(best, (2 * ++hit) / (i + 1 + truth.size))
  }
  return best
}

/** Mean with its standard error. */
export function meanOf(values: readonly number[]): { mean: number; se: number; n: number } {
  const n = values.length
  const mean = values.reduce((a, b) => a + b, 0) / Math.max(1, n)
  const variance = values.reduce((a, b) => a + (b - mean) ** 2, 0) / Math.max(1, n - 1)
  return { mean, se: Math.sqrt(variance / Math.max(1, n)), n }
}

/** Mean difference on the same queries with its 95 % interval (normal approximation; n ≥ 100 in the protocol). */
export function pairedDifference(
  a: readonly number[],
  b: readonly number[],
): { mean: number; low: number; high: number } {
  const { mean, se } = meanOf(a.map((x, i) => x - (b[i] as number)))
  return { mean, low: mean - 1.96 * se, high: mean + 1.96 * se }
}

/** A claim "this account belongs, with probability p" and whether it was true. */
export interface Claim {
  readonly p: number
  readonly right: boolean
}

/** Expected calibration error over ten equal bins, of the claims with p > `above`. */
export function calibrationError(claims: readonly Claim[], above = 0.1): number {
  const bins = Array.from({ length: 10 }, () => ({ n: 0, p: 0, right: 0 }))
  let total = 0
  for (const c of claims) {
    if (c.p <= above) continue
    const bin = bins[Math.min(9, Math.floor(c.p * 10))] as { n: number; p: number; right: number }
    bin.n++
    bin.p += c.p
    bin.right += c.right ? 1 : 0
    total++
  }
  return bins.reduce((sum, b) => sum + Math.abs(b.p - b.right), 0) / Math.max(1, total)
}

/** Share of right claims among those with p ≥ `atLeast`; NaN when there are none. */
export function precisionAbove(claims: readonly Claim[], atLeast = 0.9): number {
  const sure = claims.filter((c) => c.p >= atLeast)
  return sure.length === 0 ? Number.NaN : sure.filter((c) => c.right).length / sure.length
}
