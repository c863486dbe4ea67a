import { EXPOSURES, type Facts, type Situation, STANDINGS, situationOf } from './facts.ts'
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

/** The verdict on a situation; the first rule that applies decides. */
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
 * Every verdict the rules can give, computed once: there are only surfaces × standings × exposures of them.
 * `verdictAt(indexOfSituation(…))` then costs one array read per candidate.
 */
export interface CompiledPolicy {
  readonly policy: Policy
  readonly verdicts: readonly ExplainedVerdict[]
}

/** Position of a situation in a compiled policy: positions in SURFACES, STANDINGS, STANDINGS and EXPOSURES. */
export function situationIndex(
  surface: number,
  subject: number,
  actedOnMembers: boolean,
  viewer: number,
  exposure: number,
): number {
  const kind = (surface * STANDINGS.length + subject) * 2 + (actedOnMembers ? 1 : 0)
  return (kind * STANDINGS.length + viewer) * EXPOSURES.length + exposure
}

/** Judges every situation there is. Cost: about 700 verdicts, well under a millisecond. */
export function compilePolicy(policy: Policy, rules: readonly Rule[] = DEFAULT_RULES): CompiledPolicy {
  const verdicts: ExplainedVerdict[] = []
  for (const [s, surface] of SURFACES.entries())
    for (const [a, subject] of STANDINGS.entries())
      for (const actedOnMembers of [false, true])
        for (const [v, viewer] of STANDINGS.entries())
          for (const [e, exposure] of EXPOSURES.entries())
            verdicts[situationIndex(s, a, actedOnMembers, v, e)] = Object.freeze(
              judgeSituation({ surface, subject, actedOnMembers, viewer, exposure }, policy, rules),
            )
  return { policy, verdicts }
}
