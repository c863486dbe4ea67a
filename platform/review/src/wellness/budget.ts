/** What one thing shown costs: its seconds, heavier with severity. A minute of the gravest costs as much as eight of the lightest. */
const WEIGHT = [0, 1, 1, 2, 4, 8] as const

/** Seconds that count at most for one view, and what a view costs whose length is not known. */
const MOST_SECONDS = 600
const UNKNOWN_SECONDS = 20

/** Limits of a day, in points. */
export interface Budgets {
  /** Points a day from which lighter work and a break are offered. */
  readonly soft: number
  /** Points a day from which nothing grave is given any more. */
  readonly hard: number
}

/** Half an hour and an hour a day of the lightest; an eighth of that of the gravest. */
export const DEFAULT_BUDGETS: Budgets = { soft: 1_800, hard: 3_600 }

/** Points of one view. */
export function exposureOf(seconds: number | null, severity: number): number {
  return Math.min(MOST_SECONDS, Math.max(0, seconds ?? UNKNOWN_SECONDS)) * (WEIGHT[severity] ?? 8)
}

/** Where a day stands against its limits. */
export type BudgetState = 'within' | 'soft' | 'hard'

/** Where so many points stand. */
export function budgetState(points: number, { soft, hard }: Budgets): BudgetState {
  return points >= hard ? 'hard' : points >= soft ? 'soft' : 'within'
}

/** The gravest work still offered: over the hard budget only what is light. */
export function mostSeverityFor(state: BudgetState): number {
  return state === 'hard' ? 2 : 5
}

/** Whether after a grave job a light one should come: two in a row are enough once the soft budget is reached. */
export function wantsLight(state: BudgetState, lastSeverities: readonly number[]): boolean {
  return state === 'soft' && lastSeverities.length >= 2 && lastSeverities.slice(0, 2).every((severity) => severity >= 4)
}
