import type { Step, Told } from '../execution/step.ts'
import { actionInWords, endsAt } from '../plan/actions.ts'
import type { ConductEvidence, Plan } from '../plan/plan.ts'
import { appealUntil } from './appeal.ts'
import { statementOfReasons } from './statement.ts'
import { appealToken } from './token.ts'

export interface TellerParts {
  readonly appealKey: Uint8Array
  /** Where the affected person can appeal; the token is added. Null while no public address is set. */
  readonly appealAddress: string | null
}

/** What is told with each step of a plan. The same step is always told the same, but for the dates that follow from `now`. */
export function tellerOf(plan: Plan, { appealKey, appealAddress }: TellerParts, now: number): (step: Step) => Told {
  const places = new Map(plan.members.map(({ account }, i) => [account, i]))
  return (step) => {
    const place = places.get(step.account)
    const member = place === undefined ? undefined : plan.members[place]
    if (step.direction === 'reverse' || place === undefined || !member)
      return { statement: `We have taken this decision back: ${actionInWords(step.action)}.`, appealUrl: null }
    const appealUrl =
      appealAddress === null
        ? null
        : `${appealAddress}?token=${encodeURIComponent(appealToken(appealKey, plan.id, place))}`
    const statement = statementOfReasons({
      action: step.action,
      policy: plan.policy,
      grounds: member.grounds,
      linkKinds: member.linkKinds,
      facts: member.grounds === 'conduct' ? member.conduct.map(factOf) : [],
      foundBy: plan.id.startsWith('decision-') ? 'people' : 'software',
      until: endsAt(step.action, now),
      appealUrl,
      appealUntil: appealUntil(now),
    })
    return { statement, appealUrl }
  }
}

/** A decision's facts are written for the affected person; of the rest the kind and the day are told. */
function factOf({ kind, at, sentence }: ConductEvidence): string {
  return kind === 'decision' ? sentence : `${at.slice(0, 10)}: ${KINDS[kind]}.`
}

const KINDS: Readonly<Record<Exclude<ConductEvidence['kind'], 'decision'>, string>> = {
  'content-match': 'a post equals material that must not be shared',
  content: 'a post of this account',
  outreach: 'first messages to many accounts',
  'backup-claim': 'the profile names another account as its backup',
}
