import { type Facts, judge, type LabelFact, type Policy, type RuleSet } from '@firebreak/policy'

/** A past case whose members a changed policy would let through where today's holds them back. */
export interface Regression {
  readonly caseId: string
  readonly members: number
  readonly before: number
  readonly after: number
}

const SURFACES = ['recommend_accounts', 'recommend_content', 'follow_prompt', 'autocomplete', 'search'] as const

/**
 * Past cases as the suite that a policy change must pass: every labelled subject of every case is asked about again, as a
 * stranger would see it, under both. Returns the cases that would be held back less. Cost: linear in the labels.
 */
export function regressions(
  subjects: Iterable<{ readonly type: string; readonly labels: readonly LabelFact[] }>,
  at: number,
  now: { readonly rules: RuleSet; readonly policy: Policy },
  next: { readonly rules: RuleSet; readonly policy: Policy },
): Regression[] {
  const cases = new Map<string, { members: number; before: number; after: number }>()
  for (const { type, labels } of subjects) {
    const caseId = labels.find((label) => label.caseId !== null)?.caseId
    if (caseId === undefined || caseId === null) continue
    const sum = cases.get(caseId) ?? { members: 0, before: 0, after: 0 }
    cases.set(caseId, sum)
    sum.members++
    for (const surface of SURFACES) {
      const facts: Facts = { surface, at, subjectType: type, subject: { labels } }
      if (judge(facts, now.policy, now.rules).action !== 'allow') sum.before++
      if (judge(facts, next.policy, next.rules).action !== 'allow') sum.after++
    }
  }
  return [...cases].filter(([, { before, after }]) => after < before).map(([caseId, sum]) => ({ caseId, ...sum }))
}
