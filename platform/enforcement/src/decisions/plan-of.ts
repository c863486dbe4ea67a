import type { Action as Asked, DecisionData } from '@firebreak/review'
import type { Action, Sanction } from '../plan/actions.ts'
import { exclusionsNone } from '../plan/draft.ts'
import type { Plan } from '../plan/plan.ts'

/** Days of a restriction that a decision gave none. */
const RESTRICTED_DAYS = 30
const AGE_RESTRICTED_DAYS = 3_650

/** Actions that only an account can bear. */
export const ON_ACCOUNTS: readonly Sanction['kind'][] = ['notice', 'restrict', 'suspend', 'disable']

/** What a decision asks of the platform itself; labels, lists and referrals are carried out elsewhere. */
export function actionsOf(
  asked: readonly Asked[],
  target: { readonly type: string; readonly id: string },
  facts: string,
): Sanction[] {
  const thing = target.type === 'account' ? null : { content: target.id, type: target.type }
  return asked.flatMap((one): Sanction[] => {
    switch (one.kind) {
      case 'notice':
        return [{ kind: 'notice', text: facts }]
      case 'remove-content':
        return thing === null ? [] : [{ kind: 'remove-content', ...thing }]
      case 'restrict':
        return [restriction(one.target === 'account' ? null : thing, one.surface, one.days ?? RESTRICTED_DAYS)]
      case 'age-restrict':
        return [restriction(thing, 'minors', AGE_RESTRICTED_DAYS)]
      case 'suspend':
        return [{ kind: 'suspend', days: one.days }]
      case 'disable':
        return [{ kind: 'disable' }]
      default:
        return []
    }
  })
}

/** Of one thing where the decision is about a thing; of everything an account makes only where it says so. */
function restriction(thing: { content: string; type: string } | null, surface: string, days: number): Sanction {
  return thing === null
    ? { kind: 'restrict', surfaces: [surface], days }
    : { kind: 'restrict-content', ...thing, surfaces: [surface], days }
}

export function planIdOf(decision: string): string {
  return `decision-${decision}`
}

/**
 * A moderator's decision as a plan of one member, under way at once: the decision itself is the conduct, opened by whoever decided, and
 * its undo window was the rehearsal. `account` is empty where nobody knows who made the thing: then only actions on the thing itself are
 * left. Null when it asks nothing of the platform.
 */
export function planOfDecision(data: DecisionData, account: string, decider: string, at: string): Plan | null {
  const asked = actionsOf(data.actions, data.target, data.facts)
  const [first, ...rest] = account === '' ? asked.filter(({ kind }) => !ON_ACCOUNTS.includes(kind)) : asked
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
