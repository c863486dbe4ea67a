import type { KnownSignal } from '@firebreak/review'
import { type Banks, hashFromHex, isHashKind } from '@firebreak/signals'

/**
 * Whether an item of evidence is in a bank that the operator answers for, by the very same hash: such an item is decided without
 * anybody seeing it. Near matches, leads and quarantined entries do not count.
 */
export function knownIn(banks: Banks): KnownSignal {
  return async (signal) => {
    const [kind, value = ''] = signal.split(':')
    if (!isHashKind(kind)) return null
    const hash = hashFromHex(kind, value)
    if (hash === null) return null
    const hit = banks
      .match({ kind, hash })
      .find(
        ({ distance, quarantined, opinion, bank }) =>
          distance === 0 &&
          !quarantined &&
          opinion === 'POSITIVE_CLASS' &&
          bank.settings.adopted &&
          !bank.settings.negative,
      )
    return hit === undefined ? null : hit.bank.name
  }
}
