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
  like: { weight: 0.5 },
  contact: { weight: 0.5, onlyMutual: true },
  block: { weight: 0 },
}

export function accountWeight(relation: string): AccountWeight {
  return ACCOUNT_WEIGHTS[relation] ?? { weight: 1 }
}

/** A backup named on one side only says no more than a mention; answered or supported, it is as good as an identifier. */
export const BACKUP = { alone: 0.5, supported: 3 } as const

/** Sharing an item: 3 / (accounts that share it); in larger crowds it says nothing. */
export const SHARED = { weight: 3, mostByIdentifier: 10, mostByItem: 60 } as const

/** Repeated acts (weight 5 = five comments) count with their logarithm: eagerness is not evidence. */
export function damped(weight: number): number {
  return weight <= 1 ? weight : 1 + Math.log(weight)
}
