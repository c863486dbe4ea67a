import { FirebreakError } from '@firebreak/kernel'

/** Accounts one person may see by name at once. */
export const REVEAL_LIMIT = 100

/** Throws `access/second-person` for more accounts than one person may reveal. */
export function mayReveal(accounts: number): void {
  if (accounts > REVEAL_LIMIT) throw new FirebreakError('access/second-person', [accounts, REVEAL_LIMIT])
}
