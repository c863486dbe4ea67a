import { DAY } from '@firebreak/kernel'
import type { Action } from '../plan/actions.ts'

export interface Strike {
  readonly id: string
  readonly account: string
  readonly policy: string
  readonly weight: number
  readonly at: number
  readonly reversedAt: number | null
}

/** How strikes count: for `windowDays` each; reaching a threshold suggests an action to a human, it never carries one out. */
export interface StrikePolicy {
  readonly windowDays: number
  readonly weights: Readonly<Record<string, number>>
  /** Ascending by `from`. */
  readonly thresholds: readonly { readonly from: number; readonly suggest: Action }[]
}

export const DEFAULT_STRIKE_POLICY: StrikePolicy = {
  windowDays: 365,
  weights: {},
  thresholds: [
    { from: 1, suggest: { kind: 'notice', text: 'strike' } },
    { from: 3, suggest: { kind: 'suspend', days: 7 } },
    { from: 5, suggest: { kind: 'suspend', days: 30 } },
    { from: 7, suggest: { kind: 'disable' } },
  ],
}

export interface StrikeStanding {
  readonly total: number
  readonly active: readonly Strike[]
  /** When the total next falls, or null. */
  readonly nextEndsAt: number | null
  readonly suggest: Action | null
}

/** An account's strikes at a moment: what counts, until when, and what the policy suggests. */
export function strikeStanding(strikes: readonly Strike[], policy: StrikePolicy, now: number): StrikeStanding {
  const window = policy.windowDays * DAY
  const active = strikes.filter(({ at, reversedAt }) => reversedAt === null && at <= now && at + window > now)
  const total = active.reduce((sum, { weight }) => sum + weight, 0)
  const reached = policy.thresholds.filter(({ from }) => total >= from).at(-1)
  const ends = active.map(({ at }) => at + window)
  return { total, active, nextEndsAt: ends.length > 0 ? Math.min(...ends) : null, suggest: reached?.suggest ?? null }
}
