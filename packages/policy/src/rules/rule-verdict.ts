import type { Policy } from '../policy.ts'
import { REACH } from '../surfaces.ts'
import type { ExplainedVerdict } from '../verdict.ts'
import type { RuleFacts } from './parties.ts'
import type { CompiledRule } from './rule.ts'

/** An answer never says that somebody is a minor, not even inside. */
const PROTECTED = {
  rule: 'person-protection',
  internalReason: 'A rule that protects a person applies; which one, only the child-safety role may see.',
}

/** What a rule says when it applies. */
export function verdictOf(rule: CompiledRule, policy: Policy): ExplainedVerdict {
  const { source } = rule
  const told = rule.protective ? PROTECTED : { rule: source.id, internalReason: source.says }
  const head = { action: source.action, reason: source.reason, ...told }
  if (source.action === 'downrank') return { ...head, factor: source.factor ?? policy.downrankFactor }
  if (source.action !== 'interstitial') return head
  const kind = source.interstitial === undefined || source.interstitial === 'listed' ? 'warn' : source.interstitial
  return { ...head, interstitial: { kind, variant: 'default' } }
}

/** The screen that the text's list drew takes the place of the plain one. */
export function finished(rule: CompiledRule, verdict: ExplainedVerdict, { text }: RuleFacts): ExplainedVerdict {
  if (rule.source.interstitial !== 'listed' || text === undefined) return verdict
  if (text.interstitial) return { ...verdict, interstitial: text.interstitial }
  return text.action === 'stop' || text.action === 'resources'
    ? { ...verdict, interstitial: { kind: text.action, variant: 'default' } }
    : verdict
}

/** A rule that broke never opens silently: what amplifies stays closed, everything else is marked. */
export function failure(rule: CompiledRule, { surface }: RuleFacts): ExplainedVerdict {
  const internalReason = `The rule ${rule.source.id} could not be judged.`
  return REACH[surface] === 'amplifies'
    ? { action: 'drop', reason: 'not-available', rule: 'rule-failed', internalReason }
    : { action: 'allow', reason: 'unchecked', rule: 'rule-failed', internalReason }
}
