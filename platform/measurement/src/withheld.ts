import type { Cluster } from '@firebreak/statistics'
import { type Share, shareOf } from './curve.ts'
import type { Refresh } from './probe.ts'

/** What the guard costs accounts that have nothing to do with the network. */
export interface BenignWithheld extends Share {
  /** Benign accounts that were proposed to anybody. */
  readonly accounts: number
  /** Benign accounts withheld from more than half of the viewers they were proposed to. */
  readonly mostlyWithheld: number
  readonly mostlyWithheldShare: number
  readonly slices: readonly WithheldSlice[]
}

/** The same for one slice of accounts. */
export interface WithheldSlice extends Share {
  /** What accounts are divided by, e.g. `language`. */
  readonly by: string
  readonly value: string
}

/** Slices that an account belongs to, e.g. `{ language: 'es' }`. */
export type SliceOf = (account: string) => Readonly<Record<string, string>>

/** `viewers`: for each viewer, all that was judged for it. Members of the network are left out: withholding them is the aim. */
export function benignWithheld(
  viewers: readonly (readonly Refresh[])[],
  network: ReadonlySet<string>,
  sliceOf?: SliceOf,
): BenignWithheld {
  const clusters: Cluster[] = []
  const byAccount = new Map<string, { viewers: number; withheldFrom: number }>()
  const slices = new Map<string, Cluster[]>()
  for (const refreshes of viewers) {
    const seen = new Map<string, boolean>()
    const own = { hits: 0, total: 0 }
    const ownSlices = new Map<string, { hits: number; total: number }>()
    for (const { judged } of refreshes) {
      for (const { candidate, kept } of judged) {
        if (network.has(candidate.owner)) continue
        count(own, kept)
        seen.set(candidate.owner, (seen.get(candidate.owner) ?? false) || !kept)
        for (const [by, value] of Object.entries(sliceOf?.(candidate.owner) ?? {}))
          count(
            entry(ownSlices, `${by}\n${value}`, () => ({ hits: 0, total: 0 })),
            kept,
          )
      }
    }
    clusters.push(own)
    for (const [key, cluster] of ownSlices) entry(slices, key, () => []).push(cluster)
    for (const [account, withheld] of seen) {
      const sum = entry(byAccount, account, () => ({ viewers: 0, withheldFrom: 0 }))
      sum.viewers++
      if (withheld) sum.withheldFrom++
    }
  }
  const mostly = [...byAccount.values()].filter((sum) => sum.withheldFrom * 2 > sum.viewers).length
  return {
    ...shareOf(clusters),
    accounts: byAccount.size,
    mostlyWithheld: mostly,
    mostlyWithheldShare: byAccount.size === 0 ? Number.NaN : mostly / byAccount.size,
    slices: [...slices]
      .map(([key, parts]) => {
        const [by, value] = key.split('\n') as [string, string]
        return { by, value, ...shareOf(parts) }
      })
      .sort((a, b) => a.by.localeCompare(b.by) || a.value.localeCompare(b.value)),
  }
}

function count(sum: { hits: number; total: number }, kept: boolean): void {
  sum.total++
  if (!kept) sum.hits++
}

function entry<V>(map: Map<string, V>, key: string, make: () => V): V {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
