import { FirebreakError } from '@firebreak/kernel'
import type { Principal } from '@firebreak/ledger'

/** Opening evidence, approving and deciding appeals are done by people: a key has no second thought. */
export function aPerson(by: Principal): void {
  if (by.kind !== 'user') throw new FirebreakError('plan/person')
}
