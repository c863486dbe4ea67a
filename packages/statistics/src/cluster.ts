import { type Random, randomInt } from '@firebreak/kernel'
import { studentQuantile } from './beta.ts'
import { quantile } from './mean.ts'
import { clopperPearson, type Interval } from './proportion.ts'

/** One cluster (a probe, a query): how many of its observations were hits. */
export interface Cluster {
  readonly hits: number
  readonly total: number
}

/**
 * A pooled share Σ hits / Σ total whose observations come in clusters, with a cluster-robust interval: the ratio
 * estimator's linearised variance between clusters (Cochran 1977, Sampling Techniques, §6.3 and §9A.1), Student's t with
 * clusters − 1 degrees of freedom. That variance is 0 where all clusters say the same (a perfect guard), so the interval
 * is never narrower than Clopper–Pearson's over the single observations. That floor takes hits as independent: where
 * they would come in bursts, use more clusters. One cluster: 0 to 1.
 */
export function clusteredShare(clusters: readonly Cluster[], confidence = 0.95): Interval {
  const used = clusters.filter((c) => c.total > 0)
  const n = used.length
  const total = used.reduce((sum, c) => sum + c.total, 0)
  if (total === 0) return { value: Number.NaN, low: 0, high: 1 }
  const hits = used.reduce((sum, c) => sum + c.hits, 0)
  const value = hits / total
  if (n < 2) return { value, low: 0, high: 1 }
  const squares = used.reduce((sum, c) => sum + (c.hits - value * c.total) ** 2, 0)
  const standardError = Math.sqrt(((n / (n - 1)) * squares) / (total * total))
  const half = studentQuantile(1 - (1 - confidence) / 2, n - 1) * standardError
  const exact = clopperPearson(hits, total, confidence)
  return {
    value,
    low: Math.max(0, Math.min(value - half, exact.low)),
    high: Math.min(1, Math.max(value + half, exact.high)),
  }
}

/**
 * Percentile bootstrap over clusters (Efron and Tibshirani 1993, ch. 13): whole clusters are drawn anew, so that
 * dependence within them is kept. `rounds` draws, each O(clusters).
 */
export function clusterBootstrap(
  clusters: readonly Cluster[],
  random: Random,
  options: { readonly rounds?: number; readonly confidence?: number } = {},
): Interval {
  const { rounds = 2_000, confidence = 0.95 } = options
  const used = clusters.filter((c) => c.total > 0)
  const share = (hits: number, total: number) => (total === 0 ? Number.NaN : hits / total)
  const sum = (pick: (c: Cluster) => number) => used.reduce((s, c) => s + pick(c), 0)
  const value = share(
    sum((c) => c.hits),
    sum((c) => c.total),
  )
  if (used.length === 0) return { value, low: 0, high: 1 }
  const draws = Array.from({ length: rounds }, () => {
    let hits = 0
    let total = 0
    for (let i = 0; i < used.length; i++) {
      const cluster = used[randomInt(random, used.length)]!
      hits += cluster.hits
      total += cluster.total
    }
    return share(hits, total)
  })
  const tail = (1 - confidence) / 2
  return { value, low: quantile(draws, tail), high: quantile(draws, 1 - tail) }
}
