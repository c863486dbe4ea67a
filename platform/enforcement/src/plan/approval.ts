import { isSanction } from './actions.ts'
import type { Plan, PlanMember } from './plan.ts'

/** What a human found who opened a piece of evidence. */
export type Finding = 'supports' | 'does-not-support'

/** Findings on the evidence that humans have opened, by `openedKey`. */
export type Opened = ReadonlyMap<string, Finding>

export function openedKey(account: string, evidence: string): string {
  return `${account}\u0000${evidence}`
}

/** What stands between a plan and its execution. An empty list means it may go. */
export type Obstacle =
  | { readonly code: 'not-rehearsed' }
  | { readonly code: 'stale' }
  | { readonly code: 'case-expired' }
  | { readonly code: 'evidence-unopened'; readonly accounts: readonly string[] }
  | { readonly code: 'evidence-unsupported'; readonly accounts: readonly string[] }
  | { readonly code: 'approvals-missing'; readonly missing: number }
  | { readonly code: 'wrong-state'; readonly state: Plan['state'] }

export function sanctionedMembers(plan: Pick<Plan, 'members'>): readonly PlanMember[] {
  return plan.members.filter(({ actions }) => actions.some(isSanction))
}

/** People beside the author who must approve: one where more than one account is sanctioned, two where a protected subject is. */
export function approvalsNeeded(plan: Pick<Plan, 'members' | 'protectedMembers'>): 0 | 1 | 2 {
  if (plan.protectedMembers.length > 0) return 2
  return sanctionedMembers(plan).length > 1 ? 1 : 0
}

/** Members whose evidence nobody has opened in full. */
export function unopened(plan: Pick<Plan, 'members'>, opened: Opened): string[] {
  return plan.members
    .filter(
      (member) =>
        member.grounds === 'conduct' && member.conduct.some(({ id }) => !opened.has(openedKey(member.account, id))),
    )
    .map(({ account }) => account)
}

/** Sanctioned members of whose evidence, all opened, nothing supports the sanction: they must leave the plan. */
export function unsupported(plan: Pick<Plan, 'members'>, opened: Opened): string[] {
  return plan.members
    .filter(
      (member) =>
        member.grounds === 'conduct' &&
        member.conduct.every(({ id }) => opened.get(openedKey(member.account, id)) === 'does-not-support'),
    )
    .map(({ account }) => account)
}

export interface ApprovalFacts {
  readonly opened: Opened
  /** The digest of the same facts as gathered now. */
  readonly factsDigest: string
  readonly caseExpiresAt: number
  readonly now: number
}

/** Everything that keeps a plan from being approved (`for: 'approval'`) or carried out. */
export function obstacles(plan: Plan, facts: ApprovalFacts, step: 'approval' | 'execution'): Obstacle[] {
  const found: Obstacle[] = []
  const state = step === 'approval' ? 'rehearsed' : approvalsNeeded(plan) > 0 ? 'approved' : 'rehearsed'
  if (plan.state === 'draft') found.push({ code: 'not-rehearsed' })
  else if (plan.state !== state && !(step === 'execution' && plan.state === 'approved'))
    found.push({ code: 'wrong-state', state: plan.state })
  if (facts.caseExpiresAt <= facts.now) found.push({ code: 'case-expired' })
  if (facts.factsDigest !== plan.factsDigest) found.push({ code: 'stale' })
  const closed = unopened(plan, facts.opened)
  if (closed.length > 0) found.push({ code: 'evidence-unopened', accounts: closed })
  const innocent = unsupported(plan, facts.opened)
  if (innocent.length > 0) found.push({ code: 'evidence-unsupported', accounts: innocent })
  const missing = approvalsNeeded(plan) - plan.approvals.length
  if (step === 'execution' && missing > 0) found.push({ code: 'approvals-missing', missing })
  return found
}

/** Whether a person may approve: never the author, never twice. */
export function mayApprove(plan: Plan, user: string): boolean {
  return plan.createdBy !== user && !plan.approvals.some(({ by }) => by === user)
}
