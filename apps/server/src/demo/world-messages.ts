import type { TruthScore } from '../networks/network-document.ts'
import type { ProbeOutcome } from '../probes/probe-outcome.ts'

/** What the demo tells its visitor to begin with; what a real operator would know as well. */
export interface WorldFacts {
  readonly accounts: number
  readonly seeds: readonly string[]
  readonly unrelatedSeeds: readonly string[]
  readonly protectedAccounts: readonly string[]
}

/** One question of the guard, asked from inside the world's thread. */
export interface GuardQuestion {
  readonly surface: 'recommend_accounts' | 'recommend_content'
  readonly viewer: string
  readonly recent: readonly string[]
  readonly candidates: readonly { readonly id: string; readonly author: string }[]
}

export type WorldQuestion =
  | { readonly kind: 'facts' }
  | { readonly kind: 'events'; readonly count: number }
  | { readonly kind: 'score'; readonly seeds: readonly string[]; readonly members: readonly string[] }
  | { readonly kind: 'probe'; readonly recommender: string }

export interface WorldAnswers {
  facts: WorldFacts
  /** Empty at the end. */
  events: readonly unknown[]
  score: TruthScore
  probe: ProbeOutcome
}

export type ToWorld =
  | { readonly id: number; readonly question: WorldQuestion }
  | { readonly verdicts: number; readonly kept: readonly boolean[] }

export type FromWorld =
  | { readonly id: number; readonly answer: unknown }
  | { readonly id: number; readonly failed: string }
  | { readonly id: number; readonly progress: readonly [done: number, total: number] }
  | { readonly judge: number; readonly question: GuardQuestion }
