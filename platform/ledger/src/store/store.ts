import type { BulkRow, BulkTable } from './bulk.ts'

/** One statement's outcome. Rows are plain objects; int8 and numeric arrive as numbers, timestamptz as Date, bytea as Uint8Array. */
export interface Rows<Row> {
  readonly rows: Row[]
  readonly affected: number
}

/** Runs one parameterised statement (`$1`, `$2` …). JSON parameters are sent as text and cast `::text::jsonb`. */
export interface Sql {
  query<Row>(text: string, params?: readonly unknown[]): Promise<Rows<Row>>
}

/** Statements of one transaction. */
export interface TransactionSql extends Sql {
  /** Inserts many rows in the engine's fastest way; constraints hold as for any insert. */
  insert(into: BulkTable, rows: readonly BulkRow[]): Promise<void>
}

/** A transaction held open across calls; exactly one of commit or rollback ends it. */
export interface OpenTransaction extends TransactionSql {
  commit(): Promise<void>
  rollback(): Promise<void>
}

/** The two engines behind one face. Everything above speaks PostgreSQL's dialect through it; differences.ts lists what differs. */
export interface Store extends Sql {
  readonly kind: 'embedded' | 'postgres'
  /** In one sentence: what survives what. */
  readonly durability: string
  begin(): Promise<OpenTransaction>
  /** Runs a script of several statements without parameters (migrations, tasks); answers the rows of all of them. A failure leaves no transaction open. */
  script(text: string, within?: OpenTransaction): Promise<unknown[]>
  /** Calls back for each notification on a channel from any process; the embedded store has no other process and never calls. */
  listen(channel: string, heard: (payload: string) => void): Promise<void>
  close(): Promise<void>
}
