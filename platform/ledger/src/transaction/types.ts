import type { Kysely } from 'kysely'
import type { Database } from '../schema.generated.ts'
import type { EnqueueOptions } from '../tasks/types.ts'
import type { AppendResult, EventInput, Label, LabelInput, StoredDocument } from '../types.ts'

/**
 * What can be written inside one ledger transaction. Only what is done through it belongs to it; a call to the ledger itself, awaited
 * inside, throws `ledger/nested`, and so does anything of it that is used after its end.
 */
export interface LedgerTransaction {
  /** Reads and writes of the caller's own tables, as Kysely. It sees what the transaction wrote; it opens no transaction of its own. */
  readonly db: Kysely<Database>
  /** The time of everything written here, in milliseconds since 1970. */
  readonly now: number
  /** As `ledger.append`; the answers hold once the transaction has committed. */
  append(events: readonly EventInput[]): Promise<AppendResult[]>
  /** As `ledger.record`. */
  record(kind: string, data: Readonly<Record<string, unknown>>): Promise<void>
  /** As `ledger.labels.apply`. */
  applyLabels(labels: readonly LabelInput[]): Promise<Label[]>
  /** As `ledger.labels.retract`. */
  retractLabels(ids: readonly string[], reason: string): Promise<number>
  /** As `ledger.documents.get`. */
  document<T>(kind: string, id: string): Promise<StoredDocument<T> | null>
  /** As `ledger.documents.put`. */
  putDocument<T>(kind: string, id: string, body: T, options?: { ifVersion?: number }): Promise<StoredDocument<T> | null>
  /** As `ledger.tasks.enqueue`, but of a name that was defined before: the task exists if and only if the transaction commits. */
  enqueue(name: string, data: object, options?: EnqueueOptions): Promise<string | null>
}
