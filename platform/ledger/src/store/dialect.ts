import { FirebreakError } from '@firebreak/kernel'
import {
  type CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
} from 'kysely'
import type { Database } from '../schema.generated.ts'
import { marked, refuseNested } from './nesting.ts'
import type { OpenTransaction, Sql, Store } from './store.ts'

/** Kysely over either store. `destroy()` does not close the store: the ledger owns it. */
export function kyselyOver(store: Store): Kysely<Database> {
  return markingTransactions(new Kysely<Database>({ dialect: dialectOf(() => new StoreDriver(store)) }), store)
}

/** Kysely over one open transaction. It opens none of its own, and answers `ledger/nested` once `open()` says that the transaction is over. */
export function kyselyWithin(sql: Sql, open: () => boolean): Kysely<Database> {
  return new Kysely<Database>({ dialect: dialectOf(() => new WithinDriver(sql, open)) })
}

function dialectOf(createDriver: () => Driver): Dialect {
  return {
    createDriver,
    createAdapter: () => new PostgresAdapter(),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  }
}

/** `db.transaction().execute(…)` marks its callback, so that a query outside it, awaited inside it, is refused. */
function markingTransactions(db: Kysely<Database>, store: Store): Kysely<Database> {
  const plain = db.transaction.bind(db)
  db.transaction = () => {
    const builder = plain()
    const execute = builder.execute.bind(builder)
    builder.execute = (work) => execute((tx) => marked(store, () => work(tx)))
    return builder
  }
  return db
}

class StoreConnection implements DatabaseConnection {
  readonly #sql: Sql
  transaction: OpenTransaction | undefined

  constructor(sql: Sql) {
    this.#sql = sql
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, affected } = await (this.transaction ?? this.#sql).query<R>(query.sql, query.parameters)
    return { rows, numAffectedRows: BigInt(affected) }
  }

  // biome-ignore lint/correctness/useYield: Kysely asks for the method; nothing here streams through it
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('stream with ledger.edges() or by pages; the dialect does not stream')
  }
}

class StoreDriver implements Driver {
  readonly #store: Store

  constructor(store: Store) {
    this.#store = store
  }

  async init(): Promise<void> {}

  /** A fresh object per use: a bystander's statement must not join another's transaction. */
  async acquireConnection(): Promise<StoreConnection> {
    refuseNested(this.#store)
    return new StoreConnection(this.#store)
  }

  async beginTransaction(connection: StoreConnection): Promise<void> {
    connection.transaction = await this.#store.begin()
  }

  async commitTransaction(connection: StoreConnection): Promise<void> {
    const transaction = connection.transaction
    connection.transaction = undefined
    await transaction?.commit()
  }

  async rollbackTransaction(connection: StoreConnection): Promise<void> {
    const transaction = connection.transaction
    connection.transaction = undefined
    await transaction?.rollback()
  }

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}
}

class WithinDriver implements Driver {
  readonly #sql: Sql
  readonly #open: () => boolean

  constructor(sql: Sql, open: () => boolean) {
    this.#sql = sql
    this.#open = open
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<StoreConnection> {
    if (!this.#open()) throw new FirebreakError('ledger/nested')
    return new StoreConnection(this.#sql)
  }

  beginTransaction(): Promise<void> {
    return Promise.reject(new FirebreakError('ledger/nested'))
  }

  async commitTransaction(): Promise<void> {}

  async rollbackTransaction(): Promise<void> {}

  async releaseConnection(): Promise<void> {}

  async destroy(): Promise<void> {}
}
