import { FirebreakError } from '@firebreak/kernel'
import postgres from 'postgres'
import type { OpenTransaction, Rows, Sql, Store } from '../store.ts'
import { StoreError } from '../store-error.ts'

const POOL = 8

/** PostgreSQL through postgres.js: a pool, and a reserved connection for each open transaction. */
export async function openPostgres(url: string): Promise<Store> {
  const sql = postgres(url, {
    max: POOL,
    onnotice: () => {},
    types: {
      int8: { to: 20, from: [20], parse: Number, serialize: String },
      numeric: { to: 1700, from: [1700], parse: Number, serialize: String },
    },
    connection: { application_name: 'firebreak' },
  })
  try {
    await sql`select 1`
  } catch (error) {
    await sql.end({ timeout: 1 })
    throw new FirebreakError('ledger/unavailable', [(error as Error).message], { cause: error })
  }
  return new PostgresStore(sql)
}

type Runner = Pick<postgres.Sql, 'unsafe'>

async function run<Row>(runner: Runner, text: string, params: readonly unknown[] = []): Promise<Rows<Row>> {
  try {
    const rows = await runner.unsafe(text, params as never[], { prepare: params.length > 0 })
    return { rows: [...rows] as unknown as Row[], affected: rows.count ?? 0 }
  } catch (error) {
    throw new StoreError(error as Error & { code?: string; constraint_name?: string })
  }
}

class PostgresStore implements Store {
  readonly kind = 'postgres'
  readonly durability = 'PostgreSQL: acknowledged after its commit, as durable as the server is configured'
  readonly #sql: postgres.Sql

  constructor(sql: postgres.Sql) {
    this.#sql = sql
  }

  query<Row>(text: string, params?: readonly unknown[]): Promise<Rows<Row>> {
    return run<Row>(this.#sql, text, params)
  }

  async begin(): Promise<OpenTransaction> {
    const session = await this.#sql.reserve()
    try {
      await run(session, 'begin')
    } catch (error) {
      session.release()
      throw error
    }
    const end = async (how: 'commit' | 'rollback') => {
      try {
        const { command } = await session.unsafe(how)
        // After a failed statement COMMIT answers ROLLBACK instead of an error; nothing was kept.
        if (how === 'commit' && command === 'ROLLBACK')
          throw new StoreError({ message: 'the transaction was aborted', code: '25P02' })
      } finally {
        session.release()
      }
    }
    return {
      query: (text, params) => run(session, text, params),
      commit: () => end('commit'),
      rollback: () => end('rollback'),
    }
  }

  async script(text: string, within?: Sql): Promise<void> {
    await (within ?? this).query(text)
  }

  async listen(channel: string, heard: (payload: string) => void): Promise<void> {
    await this.#sql.listen(channel, heard)
  }

  async close(): Promise<void> {
    await this.#sql.end({ timeout: 5 })
  }
}
