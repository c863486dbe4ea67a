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
import type { OpenTransaction, Store } from './store.ts'

/** Kysely over either store. `destroy()` does not close the store: the ledger owns it. */
export function kyselyOver(store: Store): Kysely<Database> {
  const dialect: Dialect = {
    createDriver: () => new StoreDriver(store),
    createAdapter: () => new PostgresAdapter(),
    createQueryCompiler: () => new PostgresQueryCompiler(),
    createIntrospector: (db) => new PostgresIntrospector(db),
  }
  return markingTransactions(new Kysely<Database>({ dialect }), store)
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
  readonly #store: Store
  transaction: OpenTransaction | undefined

  constructor(store: Store) {
    this.#store = store
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const { rows, affected } = await (this.transaction ?? this.#store).query<R>(query.sql, query.parameters)
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
