import { FirebreakError } from '@firebreak/kernel'
import {
  type CompiledRule,
  compileRule,
  DEFAULT_PACK,
  isProblem,
  type Policy,
  policyVersion,
  policyWith,
  RuleSet,
  type RuleSource,
} from '@firebreak/policy'

/** A policy on trial: settings and rules by id over those in force. `state: 'EXPIRED'` takes a rule out. */
export interface PolicyOnTrial {
  readonly policy: Policy
  readonly rules: RuleSet
}

/** A policy as it stands, to be changed by a file. */
export interface PolicyInForce {
  readonly policy: Policy
  readonly rules: readonly RuleSource[]
}

/** The default pack under these settings, as if nobody had changed a rule. */
export const DEFAULT_IN_FORCE = (policy: Policy): PolicyInForce => ({ policy, rules: DEFAULT_PACK })

/** Reads `{"settings": {…}, "rules": [{"id", "when", "action", "reason", …}]}`. Throws `input/invalid` or `rule/refused` with line and column. */
export function policyOnTrial(text: string | null, now: PolicyInForce): PolicyOnTrial {
  const given = text === null ? {} : parsed(text)
  const policy = { ...policyWith(settingsOf(given.settings), now.policy), on: true }
  const changed = new Map(rulesOf(given.rules).map((rule) => [rule.id, rule]))
  const known = now.rules.map((rule) => ({ ...rule, ...changed.get(rule.id) }))
  const fresh = [...changed.values()].filter(({ id }) => !now.rules.some((rule) => rule.id === id))
  const rules = [...known, ...fresh.map((rule) => ({ ...BASE, ...rule }))].map(compiled)
  return {
    policy,
    rules: new RuleSet(rules, policy, text === null ? policyVersion(policy) : `${policyVersion(policy)}/trial`),
  }
}

const BASE = { says: 'A rule on trial.', owner: 'trial', state: 'LIVE' } as const

function compiled(source: RuleSource): CompiledRule {
  const rule = compileRule(source)
  if (isProblem(rule))
    throw new FirebreakError('rule/refused', [source.id, String(rule.line), String(rule.column), rule.message])
  return rule
}

function parsed(text: string): { settings?: unknown; rules?: unknown } {
  try {
    const given: unknown = JSON.parse(text)
    if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given
  } catch (error) {
    throw new FirebreakError('input/invalid', [`the policy file is not JSON: ${(error as Error).message}`])
  }
  throw new FirebreakError('input/invalid', ['the policy file must hold {"settings": {…}, "rules": […]}'])
}

function settingsOf(settings: unknown): Partial<Policy> {
  if (settings === undefined) return {}
  if (typeof settings !== 'object' || settings === null)
    throw new FirebreakError('input/invalid', ['settings must be an object'])
  return settings as Partial<Policy>
}

function rulesOf(rules: unknown): RuleSource[] {
  if (rules === undefined) return []
  if (!Array.isArray(rules) || rules.some((rule) => typeof (rule as RuleSource | null)?.id !== 'string'))
    throw new FirebreakError('input/invalid', ['rules must be a list of rules with ids'])
  return rules as RuleSource[]
}
