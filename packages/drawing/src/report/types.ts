import type { NetworkLayout, NetworkRole } from '../types.ts'

export interface ReportSeed {
  readonly account: string
  /** Whether the graph holds the account at all. */
  readonly known: boolean
  readonly fits: boolean
  /** How well it fits the other seeds, 0 to 1. */
  readonly fit: number
}

export interface ReportAccount {
  readonly account: string
  readonly score: number
  readonly probability: number
  readonly member: boolean
  readonly role: NetworkRole
  readonly sentence: string
}

/** The part of a mapped network that a report shows; the graph package's `NetworkMap` fits as it is. */
export interface ReportMap {
  readonly isNetwork: boolean
  readonly networkProbability: number
  readonly reason: string
  readonly seeds: readonly ReportSeed[]
  /** Ranked; seeds are not listed. */
  readonly accounts: readonly ReportAccount[]
  readonly audienceCount: number
  readonly cut: { readonly threshold: number; readonly size: number }
}

export interface ReportInput {
  readonly map: ReportMap
  readonly drawing: NetworkLayout
  readonly title: string
  /** Only said on the page: the caller hands over pseudonyms already, also inside sentences and `drawing`. */
  readonly pseudonymous: boolean
  /** Seeds as the page lists them; by default those of the map. */
  readonly seeds?: readonly ReportSeed[]
  /** A last line for the footer, such as user and case. */
  readonly watermark?: string
  /** When the map was made, as the page should say it. */
  readonly madeAt?: string
  /** Accounts ranked in all, when `map.accounts` was cut short. */
  readonly total?: number
}
