import { type Facts, type Situation, STANDINGS, situationOf } from './facts.ts'
import type { Policy } from './policy.ts'
import { DEFAULT_RULES, type Rule } from './rules.ts'
import { SURFACES } from './surfaces.ts'
import type { ExplainedVerdict } from './verdict.ts'

const ALLOW: ExplainedVerdict = { action: 'allow', reason: 'none', rule: null, internalReason: 'No rule applies.' }
const OFF: ExplainedVerdict = { ...ALLOW, internalReason: 'The guard is switched off.' }

/** The plain meaning of the rules: facts in, verdict out. Pure; the same facts and policy always give the same verdict. */
export function judge(facts: Facts, policy: Policy, rules: readonly Rule[] = DEFAULT_RULES): ExplainedVerdict {
  return judgeSituation(situationOf(facts, policy), policy, rules)
}

export function judgeSituation(
  situation: Situation,
  policy: Policy,
  rules: readonly Rule[] = DEFAULT_RULES,
): ExplainedVerdict {
  if (!policy.on) return OFF
  const rule = rules.find((one) => one.applies(situation))
  return rule ? { ...rule.verdict(policy), rule: rule.id, internalReason: rule.says } : ALLOW
}

/**
 * Every verdict the rules can give, computed once: there are only surfaces × standings × viewers of them.
 * `verdictAt(indexOfSituation(…))` then costs one array read per candidate.
 */
export interface CompiledPolicy {
  readonly policy: Policy
  readonly verdicts: readonly ExplainedVerdict[]
}

const VIEWER_KINDS = STANDINGS.length * 2

/** Position of a situation in a compiled policy. Standings as 0 none, 1 adjacent, 2 member. */
export function situationIndex(
  surface: number,
  subject: number,
  actedOnMember: boolean,
  viewer: number,
  contacted: boolean,
): number {
  const kind = (surface * STANDINGS.length + subject) * 2 + (actedOnMember ? 1 : 0)
  return kind * VIEWER_KINDS + viewer * 2 + (contacted ? 1 : 0)
}

export function compilePolicy(policy: Policy, rules: readonly Rule[] = DEFAULT_RULES): CompiledPolicy {
  const verdicts: ExplainedVerdict[] = []
  for (const [s, surface] of SURFACES.entries())
    for (const [a, subject] of STANDINGS.entries())
      for (const actedOnMember of [false, true])
        for (const [v, viewer] of STANDINGS.entries())
          for (const contacted of [false, true])
            verdicts[situationIndex(s, a, actedOnMember, v, contacted)] = Object.freeze(
              judgeSituation({ surface, subject, actedOnMember, viewer, contacted }, policy, rules),
            )
  return { policy, verdicts }
}
