import { isProblem } from './cel/index.ts'
import { exposureOf, type Facts, type PartyFacts, standingOf, strongest } from './facts.ts'
import { type Policy, policyVersion } from './policy.ts'
import { DEFAULT_PACK } from './rules/default-pack.ts'
import { NO_TEXT, NOBODY, type Party, type RuleFacts, type TextParty } from './rules/parties.ts'
import { type CompiledRule, compileRule } from './rules/rule.ts'
import { RuleSet } from './rules/rule-set.ts'
import { WINDOWS } from './rules/vocabulary.ts'
import { strictestAction, type TextFacts } from './text-facts.ts'
import type { ExplainedVerdict } from './verdict.ts'

let pack: readonly CompiledRule[] | null = null

/** The default pack, compiled once. It is checked by the tests; a problem here is a fault of Firebreak. */
export function defaultRules(): readonly CompiledRule[] {
  pack ??= DEFAULT_PACK.map((source) => {
    const rule = compileRule(source)
    if (isProblem(rule)) throw new Error(`${source.id}, line ${rule.line}: ${rule.message}`)
    return rule
  })
  return pack
}

/** The default pack under these settings. */
export function defaultRuleSet(policy: Policy, clock?: () => number): RuleSet {
  return new RuleSet(defaultRules(), policy, policyVersion(policy), clock)
}

/** The plain meaning of the rules: facts in, verdict out. The same facts and rules always give the same verdict. */
export function judge(facts: Facts, policy: Policy, rules: RuleSet = defaultRuleSet(policy)): ExplainedVerdict {
  return rules.judgePlainly(ruleFacts(facts, policy))
}

/** Stored facts as rules read them. */
export function ruleFacts(facts: Facts, policy: Policy): RuleFacts {
  const type = facts.subjectType ?? (facts.author ? 'content' : 'account')
  const own = partyOf(facts.subject, type, facts, policy)
  const author = facts.author ? partyOf(facts.author, 'account', facts, policy) : undefined
  return {
    surface: facts.surface,
    context: facts.context ?? {},
    policy,
    viewer: facts.viewer
      ? { ...partyOf(facts.viewer, 'account', facts, policy), contacted: facts.viewer.contacted }
      : NOBODY,
    exposure: exposureOf(facts.viewer?.contacted ?? false, facts.list, policy),
    list: facts.list ?? { members: 0, adjacent: 0, size: 0 },
    subject: {
      ...own,
      standing: strongest(own.standing, author?.standing ?? 'none'),
      actedOnMembers: own.actedOnMembers || (author?.actedOnMembers ?? false),
    },
    author: author ?? (type === 'account' ? own : undefined),
    text: facts.text === null ? undefined : facts.text ? textParty(facts.text) : NO_TEXT,
    here: {},
  }
}

/** Text hits with the action they ask for together. */
export function textParty(text: TextFacts): TextParty {
  const { terms, links, interstitial } = text
  return { terms, links, action: strictestAction(text) ?? '', ...(interstitial ? { interstitial } : {}) }
}

function partyOf(party: PartyFacts, type: string, { at, related }: Facts, policy: Policy): Party {
  const labels = party.labels.filter((label) => label.expiresAt > at)
  return {
    type,
    labels,
    standing: standingOf(labels, at, policy),
    actedOnMembers: party.actedOnMembers ?? false,
    contacted: false,
    age: party.age ?? 'unknown',
    relatedTo: () => related,
    countIn: (counter, windowMs) => party.counts?.[countKey(counter, windowMs)],
  }
}

/** The name under which stored facts keep a count. */
export function countKey(counter: string, windowMs: number): string {
  const window = Object.entries(WINDOWS).find(([, length]) => length === windowMs)?.[0] ?? `${windowMs}ms`
  return `${counter}/${window}`
}
