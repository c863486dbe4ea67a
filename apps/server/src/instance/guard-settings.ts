import type { Ledger, Principal } from '@firebreak/ledger'
import { DEFAULT_POLICY, type Policy, policyWith } from '@firebreak/policy'

const KIND = 'settings'
const ID = 'guard'

/** The switch and the threshold, in the ledger, so that every process and every restart follows them. */
export class GuardSettings {
  readonly #ledger: Ledger

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  async read(): Promise<Policy> {
    const stored = await this.#ledger.documents.get<Partial<Policy>>(KIND, ID)
    return policyWith(stored?.body ?? {})
  }

  /** Throws `input/invalid` for a threshold outside 0..1. */
  async write(changes: { on: boolean; threshold: number }, by: Principal): Promise<Policy> {
    const policy = policyWith(changes, DEFAULT_POLICY)
    await this.#ledger.documents.put(KIND, ID, { on: policy.on, threshold: policy.threshold }, by)
    return policy
  }
}
