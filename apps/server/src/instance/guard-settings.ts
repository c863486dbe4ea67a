import type { Ledger, Principal } from '@firebreak/ledger'
import { type Policy, policyWith } from '@firebreak/policy'

const KIND = 'settings'
const ID = 'guard'

/** What may be set without writing a rule. */
export interface GuardChange {
  readonly on: boolean
  readonly threshold: number
  readonly strict?: boolean | undefined
  readonly outreachMinors?: number | undefined
}

/** The switches and the threshold, in the ledger, so that every process and every restart follows them. */
export class GuardSettings {
  readonly #ledger: Ledger

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  async read(): Promise<Policy> {
    const stored = await this.#ledger.documents.get<Partial<Policy>>(KIND, ID)
    return policyWith(stored?.body ?? {})
  }

  /** What is not given stays as it is. Throws `input/invalid` for a value out of its bounds. */
  async write(changes: GuardChange, by: Principal): Promise<Policy> {
    const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
    const policy = policyWith(given, await this.read())
    const { on, threshold, strict, outreachMinors } = policy
    await this.#ledger.documents.put(KIND, ID, { on, threshold, strict, outreachMinors }, by)
    return policy
  }
}
