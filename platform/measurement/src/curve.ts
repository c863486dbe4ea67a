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

/**
 * Network share of the slots, refresh by refresh and in all; probes are the clusters. A slot that the guard left empty is
 * a slot without network, so that both arms stand on the same slots; `filled` says how many were not left empty.
 */
export function curveOf(
  probes: readonly (readonly Refresh[])[],
  network: ReadonlySet<string>,
): { points: CurvePoint[]; total: Share; filled: number } {
  const refreshes = Math.max(0, ...probes.map((probe) => probe.length))
  const points = Array.from({ length: refreshes }, (_, i) => ({
    refresh: i + 1,
    ...shareOf(probes.map((probe) => slots(probe.slice(i, i + 1), network))),
  }))
  const total = shareOf(probes.map((probe) => slots(probe, network)))
  const shown = probes.flat().reduce((sum, refresh) => sum + refresh.shown.length, 0)
  return { points, total, filled: total.slots === 0 ? Number.NaN : shown / total.slots }
}

export function shareOf(clusters: readonly Cluster[]): Share {
  const { value, low, high } = clusteredShare(clusters)
  return { share: value, low, high, slots: clusters.reduce((sum, c) => sum + c.total, 0) }
}

function slots(refreshes: readonly Refresh[], network: ReadonlySet<string>): Cluster {
  let hits = 0
  let total = 0
  for (const { slots: offered, shown } of refreshes) {
    total += offered
    for (const { owner } of shown) if (network.has(owner)) hits++
  }
  return { hits, total }
}
