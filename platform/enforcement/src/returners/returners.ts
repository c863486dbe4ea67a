/** How a new account is tied to a removed one. Only exact ties count here; statistical linkage is another matter. */
export type ReturnTie =
  | { readonly kind: 'identifier'; readonly identifier: string; readonly removed: string }
  | { readonly kind: 'backup'; readonly removed: string }

export interface ReturnFacts {
  readonly account: string
  /** Keyed identifiers of the account and every account each was seen with (carrier NAT and the like make no edge and are not here). */
  readonly identifiers: ReadonlyMap<string, readonly string[]>
  /** Accounts that this one names as its backup or former name. */
  readonly names: ReadonlySet<string>
  /** Accounts that name this one. */
  readonly namedBy: ReadonlySet<string>
}

/** More accounts than this on one identifier is a household, a school or a shop: it ties nobody. */
export const MOST_SHARING = 4

/**
 * The exact ties of an account to removed ones: an identifier that few share, or a backup that both sides name. A claim of one side
 * alone ties nobody: it could be made to frame them.
 */
export function returnTies(facts: ReturnFacts, removed: ReadonlySet<string>): ReturnTie[] {
  const ties: ReturnTie[] = []
  for (const [identifier, accounts] of facts.identifiers) {
    if (accounts.length > MOST_SHARING) continue
    for (const other of accounts)
      if (other !== facts.account && removed.has(other)) ties.push({ kind: 'identifier', identifier, removed: other })
  }
  for (const other of facts.names)
    if (removed.has(other) && facts.namedBy.has(other)) ties.push({ kind: 'backup', removed: other })
  return ties
}

/** A network counts as rebuilt when a tenth of those removed, and at least three, are back. */
export function isRebuilt(returned: number, removed: number): boolean {
  return returned >= 3 && returned >= removed / 10
}
