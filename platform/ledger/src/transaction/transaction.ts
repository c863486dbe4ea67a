import { FirebreakError } from '@firebreak/kernel'
import { recordIn } from '../audit/record.ts'
import { latestDocument, putNext } from '../documents/documents.ts'
import { checkLabel, retractLabels } from '../labels/labels.ts'
import { insertLabels } from '../labels/rows.ts'
import { kyselyWithin } from '../store/dialect.ts'
import type { Sql } from '../store/store.ts'
import type { AppendResult, EnqueueOptions, EventInput, LedgerTransaction, Principal } from '../types.ts'
import type { WriteContext, Writer } from '../writer/writer.ts'

export interface TransactionParts {
  readonly writer: Writer
  /** Checks events from outside and appends the good ones inside a write; one answer each. */
  readonly append: (context: WriteContext, events: readonly EventInput[], by: Principal) => Promise<AppendResult[]>
  readonly enqueue: (sql: Sql, name: string, data: object, options: EnqueueOptions) => Promise<string | null>
  /** Tells the workers of this process, after the commit, that there is something to do. */
  readonly wake: (name: string) => void
  /** Looks for erased ids in other people's payloads, after the commit. */
  readonly finishErasure: () => Promise<void>
}

/** Several writes of a caller in one durable transaction, grouped with the writes that arrive beside it. */
export function transactionsOver(parts: TransactionParts) {
  return async <T>(by: Principal, work: (tx: LedgerTransaction) => Promise<T>): Promise<T> => {
    let last: OpenLedgerTransaction | undefined
    const result = await parts.writer.isolated(async (context) => {
      const open = new OpenLedgerTransaction(parts, context, by)
      last = open
      try {
        return await work(open)
      } finally {
        open.end()
      }
    })
    for (const name of last!.tasks) parts.wake(name)
    if (last!.erased) await parts.finishErasure()
    return result
  }
}

class OpenLedgerTransaction implements LedgerTransaction {
  readonly db
  readonly now
  readonly tasks = new Set<string>()
  erased = false
  readonly #parts: TransactionParts
  readonly #context: WriteContext
  readonly #by: Principal
  #open = true

  constructor(parts: TransactionParts, context: WriteContext, by: Principal) {
    this.#parts = parts
    this.#context = context
    this.#by = by
    this.db = kyselyWithin(context.sql, () => this.#open)
    this.now = context.now
  }

  end(): void {
    this.#open = false
  }

  async append(events: readonly EventInput[]) {
    const results = await this.#parts.append(this.#live(), events, this.#by)
    this.erased ||= results.some(({ status }, i) => status === 'accepted' && events[i]!.type === 'subject.erased')
    return results
  }

  async record(kind: string, data: Readonly<Record<string, unknown>>) {
    await recordIn(this.#live(), kind, data, this.#by)
  }

  async applyLabels(labels: Parameters<LedgerTransaction['applyLabels']>[0]) {
    labels.forEach(checkLabel)
    const drafts = labels.map((label) => ({ ...label, neg: false }))
    return insertLabels(this.#live(), drafts, this.#by)
  }

  async retractLabels(ids: readonly string[], reason: string) {
    return retractLabels(this.#live(), ids, this.#by, reason)
  }

  async document<T>(kind: string, id: string) {
    return latestDocument<T>(this.#live().sql, kind, id)
  }

  async putDocument<T>(kind: string, id: string, body: T, options: { ifVersion?: number } = {}) {
    return putNext(this.#live(), { kind, id, body, by: this.#by, ...options })
  }

  async enqueue(name: string, data: object, options: EnqueueOptions = {}) {
    const id = await this.#parts.enqueue(this.#live().sql, name, data, options)
    this.tasks.add(name)
    return id
  }

  #live(): WriteContext {
    if (!this.#open) throw new FirebreakError('ledger/nested')
    return this.#context
  }
}
