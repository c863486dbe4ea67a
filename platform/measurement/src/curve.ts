import { type Cluster, clusteredShare } from '@firebreak/statistics'
import type { Refresh } from './probe.ts'

/** A share in 0..1 with its 95 % interval; `slots` observations. NaN without slots. */
export interface Share {
  readonly share: number
  readonly low: number
  readonly high: number
  readonly slots: number
}

/** One point of a contagion curve. */
export interface CurvePoint extends Share {
  /** 1 for the first look after the contact. */
  readonly refresh: number
}

/** Network share of the slots shown, refresh by refresh and in all; probes are the clusters. */
export function curveOf(
  probes: readonly (readonly Refresh[])[],
  network: ReadonlySet<string>,
): { points: CurvePoint[]; total: Share } {
  const refreshes = Math.max(0, ...probes.map((probe) => probe.length))
  const points = Array.from({ length: refreshes }, (_, i) => ({
    refresh: i + 1,
    ...shareOf(probes.map((probe) => slots(probe.slice(i, i + 1), network))),
  }))
  return { points, total: shareOf(probes.map((probe) => slots(probe, network))) }
}

export function shareOf(clusters: readonly Cluster[]): Share {
  const { value, low, high } = clusteredShare(clusters)
  return { share: value, low, high, slots: clusters.reduce((sum, c) => sum + c.total, 0) }
}

function slots(refreshes: readonly Refresh[], network: ReadonlySet<string>): Cluster {
  let hits = 0
  let total = 0
  for (const { shown } of refreshes) {
    total += shown.length
    for (const { owner } of shown) if (network.has(owner)) hits++
  }
  return { hits, total }
}
