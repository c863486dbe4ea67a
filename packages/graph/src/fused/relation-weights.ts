/** How much one edge of a relation says about belonging together, and how it may say it. */
export interface AccountWeight {
  readonly weight: number
  /** Counts only when both sides acted on each other: contact alone is what a victim receives. */
  readonly onlyMutual?: boolean
}

const ACCOUNT_WEIGHTS: Readonly<Record<string, AccountWeight>> = {
  follow: { weight: 1 },
  comment: { weight: 1 },
  mention: { weight: 1 },
  like: { weight: 0.3 },
  contact: { weight: 0.5, onlyMutual: true },
  block: { weight: 0 },
}

export function accountWeight(relation: string): AccountWeight {
  return (Object.hasOwn(ACCOUNT_WEIGHTS, relation) && ACCOUNT_WEIGHTS[relation]) || { weight: 1 }
}

/** A backup named on one side only says no more than a mention; answered or supported, it is as good as an identifier. */
export const BACKUP = { alone: 0.5, supported: 3 } as const

/**
 * How common an item may be before sharing it says nothing: an identifier of more than `mostByIdentifier` accounts is a
 * carrier's or a school's; other items may be as common as `mostShare` of all accounts, within the two bounds.
 */
export const SHARED = { mostByIdentifier: 10, leastByItem: 60, mostByItem: 200, mostShare: 1 / 2_000 } as const

/**
 * What sharing one item with an account is worth when `sharers` accounts share it. Items pull alike however many share
 * them; identifiers fall faster, because two on one device are one actor and eight are a household or a network address.
 */
export function sharedWeight(relation: string, sharers: number): number {
  if (relation === 'identifier') return 12 / (sharers * sharers)
  return (relation === 'group' ? 2 : 6) / sharers
}

/**
 * A one-sided act towards an account that this many act on counts in full; beyond, its whole crowd counts together as
 * much as `CROWD` would: following who everybody follows says as little as using a common word.
 */
export const CROWD = 15

/** Repeated acts (weight 5 = five comments) count with their logarithm: eagerness is not evidence. */
export function damped(weight: number): number {
  return weight <= 1 ? weight : 1 + Math.log(weight)
}
