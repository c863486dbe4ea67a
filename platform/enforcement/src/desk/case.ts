/** An investigation: under which policy and on what legal basis, whose it is, and until when. Plans live inside one. */
export interface CaseRecord {
  readonly name: string
  readonly policy: string
  readonly legalBasis: string
  readonly owner: string
  readonly openedAt: string
  readonly expiresAt: string
  /** The network it is about, if any. */
  readonly networkId: string | null
  readonly closedAt: string | null
}

export interface Case extends CaseRecord {
  readonly id: string
}

export const CASE = 'case'
export const PLAN = 'plan'
export const DECISION_PLAN = 'decision-plan'
