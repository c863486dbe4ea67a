export { isProblem, type Problem } from './cel/index.ts'
export {
  EXPOSURES,
  type Exposure,
  exposureOf,
  type Facts,
  isContact,
  type LabelFact,
  LIST_TOP,
  type ListFacts,
  NETWORK_ADJACENT,
  NETWORK_MEMBER,
  OBSERVER,
  type PartyFacts,
  RETURNER,
  STANDINGS,
  type Standing,
  standingOf,
  standingOfLabel,
  strongest,
  type ViewerFacts,
} from './facts.ts'
export { countKey, defaultRuleSet, defaultRules, judge, ruleFacts, textParty } from './judge.ts'
export {
  type LegalBasisDecision,
  type LegalBasisEntry,
  legalBasis,
  PLACES,
  PRIVATE_PLACES,
} from './legal-basis.ts'
export { DEFAULT_POLICY, type Policy, policyVersion, policyWith, RULES_VERSION } from './policy.ts'
export { DEFAULT_PACK } from './rules/default-pack.ts'
export {
  type AgeBand,
  ageBandOf,
  NO_TEXT,
  NOBODY,
  type Party,
  type RuleFacts,
  type TextParty,
} from './rules/parties.ts'
export {
  type CompiledRule,
  compileRule,
  MOST_STEPS,
  type NotKept,
  RULE_STATES,
  type RuleSource,
  type RuleState,
} from './rules/rule.ts'
export { type RequestRules, RuleSet, type RuleTally, type Unsettled } from './rules/rule-set.ts'
export { FACTS, FUNCTIONS, WINDOWS } from './rules/vocabulary.ts'
export { isSurface, REACH, type Reach, SURFACES, type Surface } from './surfaces.ts'
export {
  type Interstitial,
  type LinkFact,
  strictestAction,
  TEXT_ACTIONS,
  type TermFact,
  type TextAction,
  type TextFacts,
} from './text-facts.ts'
export {
  ACTIONS,
  type Action,
  type ExplainedVerdict,
  PUBLIC_REASONS,
  type PublicReason,
  publicVerdict,
  stricter,
  type Verdict,
} from './verdict.ts'
