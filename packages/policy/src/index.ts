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
  type PartyFacts,
  type Situation,
  STANDINGS,
  type Standing,
  situationOf,
  standingOf,
  standingOfLabel,
  strongest,
  type ViewerFacts,
} from './facts.ts'
export { type CompiledPolicy, compilePolicy, judge, judgeSituation, situationIndex } from './judge.ts'
export { DEFAULT_POLICY, type Policy, policyVersion, policyWith, RULES_VERSION } from './policy.ts'
export { DEFAULT_RULES, type Rule } from './rules.ts'
export { isSurface, REACH, type Reach, SURFACES, type Surface } from './surfaces.ts'
export {
  type Interstitial,
  type LinkFact,
  strictestAction,
  TEXT_ACTIONS,
  type TermFact,
  type TextAction,
  type TextFacts,
  textVerdict,
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
