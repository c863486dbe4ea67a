import type { FailMode } from '@firebreak/guard'
import type { Ledger, Principal } from '@firebreak/ledger'
import { type Policy, policyWith, type Surface } from '@firebreak/policy'

const KIND = 'settings'
const ID = 'guard'

/** What may be set without writing a rule. */
export interface GuardChange {
  readonly on: boolean
  readonly threshold: number
  readonly strict?: boolean | undefined
  readonly outreachMinors?: number | undefined
  /** What a surface gets while the guard's knowledge is missing or too old; not named: the default. */
  readonly failModes?: FailModes | undefined
}

/** By surface; what amplifies is closed and everything else open unless said otherwise here. */
export type FailModes = Readonly<Partial<Record<Surface, FailMode>>>

type Stored = Partial<Policy> & { readonly failModes?: FailModes }

/** The switches and the threshold, in the ledger, so that every process and every restart follows them. */
export class GuardSettings {
  readonly #ledger: Ledger
  #failModes: FailModes = {}

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  async read(): Promise<Policy> {
    const stored = await this.#ledger.documents.get<Stored>(KIND, ID)
    const { failModes = {}, ...policy } = stored?.body ?? {}
    this.#failModes = failModes
    return policyWith(policy)
  }

  /** As of the last `read`: they matter when nothing can be read. */
  failModes(): FailModes {
    return this.#failModes
  }

  /** What is not given stays as it is. Throws `input/invalid` for a value out of its bounds. */
  async write({ failModes, ...changes }: GuardChange, by: Principal): Promise<Policy> {
    const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
    const policy = policyWith(given, await this.read())
    const { on, threshold, strict, outreachMinors } = policy
    const modes = failModes ?? this.#failModes
    await this.#ledger.documents.put(KIND, ID, { on, threshold, strict, outreachMinors, failModes: modes }, by)
    this.#failModes = modes
    return policy
  }
}
