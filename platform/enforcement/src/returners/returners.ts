/** How a new account is tied to a removed one. Only exact ties count here; statistical linkage is another matter. */
export type ReturnTie =
  | { readonly kind: 'identifier'; readonly identifier: string; readonly removed: string }
  | { readonly kind: 'backup'; readonly removed: string }

/** What one account showed: an identifier it was seen with, or a backup it names; and when (milliseconds since 1970). */
export type Sign =
  | { readonly kind: 'identifier'; readonly identifier: string; readonly at: number }
  | { readonly kind: 'backup'; readonly names: string; readonly at: number }

export interface ReturnFacts {
  readonly account: string
  readonly signs: readonly Sign[]
  /** Every account seen with each of these identifiers. */
  readonly holders: ReadonlyMap<string, readonly string[]>
  /** Accounts that name this one as their backup. */
  readonly namedBy: ReadonlySet<string>
}

/** More accounts than this on one identifier is a household, a library or a shop: it ties nobody. */
export const MOST_SHARING = 4

/** Network addresses change hands by the hour; devices, payments and contacts do not. */
export function isPersonal(identifier: string): boolean {
  return !/(^|:)ip:/.test(identifier)
}

/**
 * The exact ties of an account to removed ones, shown after their removal: a personal identifier that few share, or a backup that both
 * sides name. A claim of one side alone ties nobody: it could be made to frame them. Accounts that shared a device before the removal are
 * no returners; whether they belong to the same person is a question for a human.
 */
export function returnTies(facts: ReturnFacts, removedSince: ReadonlyMap<string, number>): ReturnTie[] {
  const ties: ReturnTie[] = []
  for (const sign of facts.signs) {
    if (sign.kind === 'backup') {
      const since = removedSince.get(sign.names)
      if (since !== undefined && sign.at > since && facts.namedBy.has(sign.names))
        ties.push({ kind: 'backup', removed: sign.names })
      continue
    }
    const holders = facts.holders.get(sign.identifier) ?? []
    if (holders.length > MOST_SHARING || !isPersonal(sign.identifier)) continue
    for (const other of holders) {
      const since = removedSince.get(other)
      if (other !== facts.account && since !== undefined && sign.at > since)
        ties.push({ kind: 'identifier', identifier: sign.identifier, removed: other })
    }
  }
  return ties
}

/** A network counts as rebuilt when a tenth of those removed, and at least three, are back. */
export function isRebuilt(returned: number, removed: number): boolean {
  return returned >= 3 && returned >= removed / 10
}
