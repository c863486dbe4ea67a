import type { Action as Asked, DecisionData } from '@firebreak/review'
import type { Action, Sanction } from '../plan/actions.ts'
import { exclusionsNone } from '../plan/draft.ts'
import type { Plan } from '../plan/plan.ts'

/** Days of a restriction that a decision gave none. */
const RESTRICTED_DAYS = 30

/** What a decision asks of the platform itself; labels, lists and referrals are carried out elsewhere. */
export function actionsOf(
  asked: readonly Asked[],
  target: { readonly type: string; readonly id: string },
  facts: string,
): Sanction[] {
  return asked.flatMap((one): Sanction[] => {
    switch (one.kind) {
      case 'notice':
        return [{ kind: 'notice', text: facts }]
      case 'remove-content':
        return target.type === 'account' ? [] : [{ kind: 'remove-content', content: target.id }]
      case 'restrict':
        return [{ kind: 'restrict', surfaces: [one.surface], days: one.days ?? RESTRICTED_DAYS }]
      case 'age-restrict':
        return [{ kind: 'restrict', surfaces: ['minors'], days: 3_650 }]
      case 'suspend':
        return [{ kind: 'suspend', days: one.days }]
      case 'disable':
        return [{ kind: 'disable' }]
      default:
        return []
    }
  })
}

export function planIdOf(decision: string): string {
  return `decision-${decision}`
}

/**
 * A moderator's decision as a plan of one member, under way at once: the decision itself is the conduct, opened by whoever decided, and
 * its undo window was the rehearsal. Null when it asks nothing of the platform or the account is not known.
 */
export function planOfDecision(data: DecisionData, account: string, decider: string, at: string): Plan | null {
  const [first, ...rest] = actionsOf(data.actions, data.target, data.facts)
  if (!first) return null
  const actions: readonly [Action, ...Action[]] = [first, ...rest]
  return {
    id: planIdOf(data.decision),
    caseId: '',
    policy: data.policy,
    createdAt: at,
    createdBy: decider,
    state: 'executing',
    members: [
      {
        account,
        grounds: 'conduct',
        conduct: [{ id: data.decision, kind: 'decision', at, sentence: data.facts, ref: `decision:${data.decision}` }],
        actions,
        reason: data.facts,
        linkKinds: [],
        probability: 1,
      },
    ],
    accounts: [account],
    excluded: exclusionsNone(),
    blast: { followers: 0, minorsTouched: null, openAppeals: 0, protectedMembers: 0 },
    dissent: { leaveIfStricter: [], joinIfWider: [] },
    schedule: { mode: 'at-once', from: at, perMinute: 600 },
    factsDigest: '',
    protectedMembers: [],
    rehearsal: null,
    approvals: [],
  }
}
