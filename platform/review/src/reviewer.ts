import type { Lane } from '@firebreak/intake'
import type { Principal } from '@firebreak/ledger'

/** A signed-in person at work: which lanes their role opens, and whether they run the desk. */
export interface Reviewer {
  readonly id: string
  readonly lanes: readonly Lane[]
  readonly manages: boolean
}

/** The person as the chain names them. */
export function principalOf({ id }: Reviewer): Principal {
  return { kind: 'user', id }
}
