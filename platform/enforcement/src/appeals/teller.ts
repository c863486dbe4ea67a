import type { Step, Told } from '../execution/step.ts'
import { actionInWords, endsAt } from '../plan/actions.ts'
import type { Plan } from '../plan/plan.ts'
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
      until: endsAt(step.action, now),
      appealUrl,
      appealUntil: appealUntil(now),
    })
    return { statement, appealUrl }
  }
}
