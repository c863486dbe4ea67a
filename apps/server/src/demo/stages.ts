import type { Ledger, Principal } from '@firebreak/ledger'

/** What the demo has already done; kept in its ledger, so that a restart goes on where the last one stopped. */
export interface DemoRecord {
  readonly accounts?: number
  readonly events?: number
  readonly seeds?: readonly string[]
  readonly protectedAccounts?: readonly string[]
  readonly networkId?: string
  readonly unrelatedId?: string
  readonly labels?: number
  readonly probes?: Readonly<Record<string, string>>
}

const KIND = 'demo'
const ID = 'done'
const DEMO: Principal = { kind: 'system', id: 'demo' }

export class DemoLog {
  readonly #ledger: Ledger
  done: DemoRecord = {}

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  async read(): Promise<void> {
    this.done = (await this.#ledger.documents.get<DemoRecord>(KIND, ID))?.body ?? {}
  }

  async add(more: DemoRecord): Promise<void> {
    this.done = { ...this.done, ...more }
    await this.#ledger.documents.put(KIND, ID, this.done, DEMO)
  }
}
