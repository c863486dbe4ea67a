import type { Action, LimitVisibility } from './actions.ts'

/** Something an account did itself. What others do to it, or that it is near somebody, is none. */
export const CONDUCT_KINDS = ['content-match', 'decision', 'content', 'outreach', 'backup-claim'] as const
export type ConductKind = (typeof CONDUCT_KINDS)[number]

export interface ConductEvidence {
  readonly id: string
  readonly kind: ConductKind
  /** ISO time of the act. */
  readonly at: string
  readonly sentence: string
  /** What to open to see it: an event, a content, a decision. */
  readonly ref: string
}

export type OwnConduct = readonly [ConductEvidence, ...ConductEvidence[]]

/** A member for its place in the network alone: only its visibility can be limited. */
export interface AssociationMember {
  readonly account: string
  readonly grounds: 'association'
  readonly actions: readonly [LimitVisibility]
  readonly reason: string
  /** Kinds of link that tie it to the network; the person is told these, never to whom. */
  readonly linkKinds: readonly string[]
  readonly probability: number
}

/** A member for what it did: each piece of evidence must be opened by a human before the plan is approved. */
export interface ConductMember {
  readonly account: string
  readonly grounds: 'conduct'
  readonly conduct: OwnConduct
  readonly actions: readonly [Action, ...Action[]]
  readonly reason: string
  /** Kinds of link that tie it to the network; the person is told these, never to whom. */
  readonly linkKinds: readonly string[]
  readonly probability: number
}

/** A sanction cannot be written for a member without own conduct: there is no such type. */
export type PlanMember = AssociationMember | ConductMember

/** Why somebody near the network is not in the plan. Likely victims are only ever counted. */
export type Exclusion = 'outside-cut' | 'audience' | 'bystander' | 'victim' | 'protected' | 'already-standing'

export interface BlastRadius {
  /** Followers of the members, each counted once a member. */
  readonly followers: number
  /** Accounts assured to be minors among whom the members acted on; null when ages are not known here. */
  readonly minorsTouched: number | null
  readonly openAppeals: number
  readonly protectedMembers: number
}

/** Who would change sides if the cut were a tenth stricter or wider. */
export interface Dissent {
  readonly leaveIfStricter: readonly string[]
  readonly joinIfWider: readonly string[]
}

export type PlanState = 'draft' | 'rehearsed' | 'approved' | 'executing' | 'done' | 'cancelled' | 'undone'

export interface Schedule {
  /** `at-once`: everything at `from`, as fast as `perMinute` allows. `window`: each at a random moment between `from` and `to`. */
  readonly mode: 'at-once' | 'window'
  readonly from: string
  readonly to?: string
  readonly perMinute: number
}

/** What will be done, to whom and why: read first, then rehearsed, approved and carried out, or not. */
export interface Plan {
  readonly id: string
  readonly caseId: string
  readonly policy: string
  readonly createdAt: string
  readonly createdBy: string
  readonly state: PlanState
  readonly members: readonly PlanMember[]
  /** The accounts it was drafted for by name, or null when it is the case's network. */
  readonly accounts: readonly string[] | null
  readonly excluded: Readonly<Record<Exclusion, number>>
  readonly blast: BlastRadius
  readonly dissent: Dissent
  readonly schedule: Schedule
  /** Digest of the facts the members were chosen on; another digest later means the plan is stale. */
  readonly factsDigest: string
  /** Members that the operator protects (press, support): the plan then needs two approvers beside its author. */
  readonly protectedMembers: readonly string[]
  readonly rehearsal: Rehearsal | null
  readonly approvals: readonly { readonly by: string; readonly at: string }[]
}

export interface Rehearsal {
  readonly at: string
  readonly by: string
  readonly steps: number
  readonly wouldFail: readonly { readonly account: string; readonly reason: string }[]
}
