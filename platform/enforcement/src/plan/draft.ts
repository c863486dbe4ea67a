import { type Action, type LimitVisibility, sameSlot } from './actions.ts'
import type { BlastRadius, ConductEvidence, Dissent, Exclusion, OwnConduct, PlanMember } from './plan.ts'

/** What is known of one account when a plan is drafted; gathered first, then judged. */
export interface CandidateFacts {
  readonly account: string
  readonly role: string
  readonly probability: number
  readonly member: boolean
  readonly markedVictim: boolean
  readonly protected: boolean
  readonly followers: number
  readonly minorsTouched: number | null
  readonly openAppeals: number
  readonly conduct: readonly ConductEvidence[]
  /** Actions in force on the account now. */
  readonly standing: readonly Action[]
  readonly sentence: string
  readonly linkKinds: readonly string[]
}

export interface DraftRequest {
  readonly candidates: readonly CandidateFacts[]
  /** What members with own conduct get. */
  readonly sanctions: readonly [Action, ...Action[]]
  /** What members without get; the only thing they can get. */
  readonly otherwise: LimitVisibility
  readonly threshold: number
  /** Protected accounts stay out unless asked in by name; then the plan needs two approvers. */
  readonly includeProtected?: ReadonlySet<string>
}

export interface Draft {
  readonly members: readonly PlanMember[]
  readonly excluded: Readonly<Record<Exclusion, number>>
  readonly blast: BlastRadius
  readonly dissent: Dissent
  readonly protectedMembers: readonly string[]
}

const EXCLUDED_ROLES: Readonly<Record<string, Exclusion>> = {
  audience: 'audience',
  bystander: 'bystander',
  'likely-victim': 'victim',
}

/** Why an account may not be in any plan, or null. Victims come first: nothing else about them is weighed. */
export function exclusionOf(
  facts: CandidateFacts,
  includeProtected: ReadonlySet<string> = new Set(),
): Exclusion | null {
  if (facts.markedVictim) return 'victim'
  const role = EXCLUDED_ROLES[facts.role]
  if (role) return role
  if (!facts.member) return 'outside-cut'
  if (facts.protected && !includeProtected.has(facts.account)) return 'protected'
  return null
}

/** Nobody left out, to count from. */
export function exclusionsNone(): Record<Exclusion, number> {
  return { 'outside-cut': 0, audience: 0, bystander: 0, victim: 0, protected: 0, 'already-standing': 0 }
}

/** The members, the people left out and what it would touch. Cost: linear in the candidates. */
export function draftPlan(request: DraftRequest): Draft {
  const excluded = exclusionsNone()
  const members: PlanMember[] = []
  const chosen: CandidateFacts[] = []
  for (const facts of request.candidates) {
    const why = exclusionOf(facts, request.includeProtected)
    const member = why === null ? memberOf(facts, request) : null
    if (member) {
      members.push(member)
      chosen.push(facts)
    } else excluded[why ?? 'already-standing']++
  }
  return {
    members,
    excluded,
    blast: blastOf(chosen),
    dissent: dissentOf(request),
    protectedMembers: chosen.filter((facts) => facts.protected).map(({ account }) => account),
  }
}

function memberOf(facts: CandidateFacts, { sanctions, otherwise }: DraftRequest): PlanMember | null {
  const { account, probability, sentence: reason, linkKinds, conduct, standing } = facts
  const missing = (action: Action) => !standing.some((has) => sameSlot(has, action) && has.kind === action.kind)
  if (hasConduct(conduct)) {
    const [first, ...rest] = sanctions.filter(missing)
    return first
      ? { account, grounds: 'conduct', conduct, actions: [first, ...rest], reason, linkKinds, probability }
      : null
  }
  return missing(otherwise)
    ? { account, grounds: 'association', actions: [otherwise], reason, linkKinds, probability }
    : null
}

export function hasConduct(conduct: readonly ConductEvidence[]): conduct is OwnConduct {
  return conduct.length > 0
}

function blastOf(chosen: readonly CandidateFacts[]): BlastRadius {
  const sum = (of: (facts: CandidateFacts) => number) => chosen.reduce((total, facts) => total + of(facts), 0)
  const agesKnown = chosen.some(({ minorsTouched }) => minorsTouched !== null)
  return {
    followers: sum((facts) => facts.followers),
    minorsTouched: agesKnown ? sum((facts) => facts.minorsTouched ?? 0) : null,
    openAppeals: sum((facts) => facts.openAppeals),
    protectedMembers: chosen.filter((facts) => facts.protected).length,
  }
}

/** The same judgement at a threshold a tenth higher and a tenth lower. */
function dissentOf({ candidates, threshold, includeProtected }: DraftRequest): Dissent {
  const stricter = Math.min(1, threshold * 1.1)
  const wider = threshold * 0.9
  const names = (keep: (facts: CandidateFacts) => boolean) => candidates.filter(keep).map(({ account }) => account)
  return {
    leaveIfStricter: names((f) => exclusionOf(f, includeProtected) === null && f.probability < stricter),
    joinIfWider: names(
      (f) =>
        exclusionOf(f, includeProtected) === 'outside-cut' &&
        exclusionOf({ ...f, member: true }, includeProtected) === null &&
        f.probability >= wider,
    ),
  }
}
