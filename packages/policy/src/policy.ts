import { FirebreakError } from '@firebreak/kernel'

/** The adjustable part of the default rules. */
export interface Policy {
  /** Off: every verdict is allow, and the answer says so under `explain`. */
  readonly on: boolean
  /** A `network-member` label decides from this probability on (0..1). */
  readonly threshold: number
  /** A proximity label decides from this probability on (0..1). */
  readonly adjacency: number
  /** Acting on an account labelled with this probability or more counts as contact with its network (0..1). */
  readonly contactFrom: number
  /** A list with at least this share of members among its first 20 is contact by itself (0..1; 3 members at least). */
  readonly contactShare: number
  /** A list with at least this share of members and near neighbours among its first 20 is the network's own: none of it is shown (0..1; 5 at least). */
  readonly floodedShare: number
  /** What a rank is multiplied with where a member is asked for by name or term (0..1). */
  readonly downrankFactor: number
  /** Strict mode: near neighbours are proposed to nobody, and an unknown age opposite a minor counts as adult. */
  readonly strict: boolean
  /**
   * Unconnected minors that one adult approaches within a week (or twice as many within 30 days) and is blocked or reported; three times
   * as many within 30 days count by themselves. Tuned on one invented world: 26-30 of 34 planted approachers, no coach, nobody else.
   */
  readonly outreachMinors: number
}

/**
 * Threshold 0.5: an account is withheld when it is more likely inside the network than not, given the seeds.
 * Adjacency, contact and flooding were tuned on the simulator alone: members that the map left outside its cut are still
 * near it, or act on those inside, so they are kept from viewers in contact, while few ordinary viewers count as such.
 */
export const DEFAULT_POLICY: Policy = {
  on: true,
  threshold: 0.5,
  adjacency: 0.01,
  contactFrom: 0.05,
  contactShare: 0.25,
  floodedShare: 0.9,
  downrankFactor: 0.2,
  strict: false,
  outreachMinors: 6,
}

/** The rule set's own version; changes whenever a rule or its order does. */
export const RULES_VERSION = 'default-8'

/** A name for exactly this policy, given in every answer. */
export function policyVersion(policy: Policy): string {
  if (!policy.on) return `${RULES_VERSION}/off`
  return `${RULES_VERSION}/t${policy.threshold}/a${policy.adjacency}/c${policy.contactFrom}/l${policy.contactShare}/f${policy.floodedShare}/d${policy.downrankFactor}/o${policy.outreachMinors}${policy.strict ? '/strict' : ''}`
}

/** The defaults with some values changed. Throws `input/invalid` for a number outside 0..1. */
export function policyWith(changes: Partial<Policy>, base: Policy = DEFAULT_POLICY): Policy {
  const policy = { ...base, ...changes }
  for (const name of [
    'threshold',
    'adjacency',
    'contactFrom',
    'contactShare',
    'floodedShare',
    'downrankFactor',
  ] as const) {
    const value = policy[name]
    if (!(value >= 0 && value <= 1))
      throw new FirebreakError('input/invalid', [`${name} must be between 0 and 1, not ${value}`])
  }
  if (!Number.isInteger(policy.outreachMinors) || policy.outreachMinors < 1)
    throw new FirebreakError('input/invalid', [
      `outreachMinors must be a whole number from 1, not ${policy.outreachMinors}`,
    ])
  return policy
}
