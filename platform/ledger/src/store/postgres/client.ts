import { FirebreakError } from '@firebreak/kernel'
import postgres from 'postgres'
import { type BulkRow, type BulkTable, jsonRowsOf, jsonStatement } from '../bulk.ts'
import type { OpenTransaction, Rows, Sql, Store } from '../store.ts'
import { StoreError } from '../store-error.ts'
import { addressOf } from './address.ts'

const POOL = 8

/** A pool for a connection URL. int8 and numeric arrive as numbers, as on the other store. */
export function poolOf(url: string, max = POOL): postgres.Sql<{ int8: number; numeric: number; json: unknown }> {
  const { url: plain, socketDir } = addressOf(url)
  return postgres(plain, {
    max,
    onnotice: () => {},
    types: {
      int8: { to: 20, from: [20], parse: Number, serialize: String },
      // A text for a json parameter is JSON already, as on the other store; the driver alone would quote it once more.
      json: { to: 114, from: [114, 3802], parse: JSON.parse, serialize: jsonText },
      numeric: { to: 1700, from: [1700], parse: Number, serialize: String },
    },
    connection: { application_name: 'firebreak' },
    ...(socketDir === null ? {} : { host: socketDir }),
  })
}

function jsonText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** PostgreSQL through postgres.js: a pool, and a reserved connection for each open transaction. */
export async function openPostgres(url: string): Promise<Store> {
  const pool = poolFor(url)
  try {
    await pool`select 1`
  } catch (error) {
    await pool.end({ timeout: 1 })
    throw unavailable(error)
  }
  return new PostgresStore(pool)
}

/** postgres.js throws a bare TypeError for an address it cannot read; the address itself may hold a password and is not repeated. */
function poolFor(url: string): Pool {
  try {
    return poolOf(url)
  } catch (error) {
    throw new FirebreakError('ledger/unavailable', ['the address is not of the form postgres://user@host/database'], {
      cause: error,
    })
  }
}

type Pool = ReturnType<typeof poolOf>
type Runner = Pick<postgres.Sql, 'unsafe'>

async function run<Row>(runner: Runner, text: string, params: readonly unknown[] = []): Promise<Rows<Row>> {
  try {
    const rows = await runner.unsafe(text, params as never[], { prepare: params.length > 0 })
    return { rows: [...rows] as unknown as Row[], affected: rows.count ?? 0 }
  } catch (error) {
    throw isAnswer(error) ? new StoreError(error) : unavailable(error)
  }
}

/** The server's answer to a statement has an SQLSTATE; class 08 and 57P0x say that the server itself goes away or is not ready. */
function isAnswer(error: unknown): error is Error & { code: string } {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !/^(08|57P0)/.test(code)
}

function unavailable(error: unknown): FirebreakError {
  const { message, code } = error as { message?: string; code?: string }
  return new FirebreakError('ledger/unavailable', [message || code || String(error)], { cause: error })
}

/** What postgres.js hands to `onexecute`; its types leave it out. */
interface Wire {
  onclose: (() => void) | null
}

class PostgresTransaction implements OpenTransaction {
  readonly #session: postgres.ReservedSql
  #wire: Wire | undefined
  #lost = false
  #ended = false

  constructor(session: postgres.ReservedSql) {
    this.#session = session
  }

  async begin(): Promise<void> {
    const onexecute = (wire: Wire) => {
      this.#wire = wire
      wire.onclose = () => {
        this.#lost = true
      }
      return true
    }
    try {
      await this.#session.unsafe('begin', [], { onexecute } as postgres.UnsafeQueryOptions)
      if (this.#wire === undefined) throw new Error('the connection of a transaction is not known')
    } catch (error) {
      this.#release()
      throw unavailable(error)
    }
  }

  async query<Row>(text: string, params?: readonly unknown[]): Promise<Rows<Row>> {
    this.#refuseIfOver()
    return run<Row>(this.#session, text, params)
  }

  async insert(into: BulkTable, rows: readonly BulkRow[]): Promise<void> {
    if (rows.length > 0) await this.query(jsonStatement(into), [jsonRowsOf(into, rows)])
  }

  commit(): Promise<void> {
    return this.#end('commit')
  }

  async rollback(): Promise<void> {
    if (!this.#ended) await this.#end('rollback')
  }

  async #end(how: 'commit' | 'rollback'): Promise<void> {
    this.#refuseIfOver()
    this.#ended = true
    try {
      const { command } = await this.#session.unsafe(how)
      // After a failed statement COMMIT answers ROLLBACK instead of an error; nothing was kept.
      if (how === 'commit' && command === 'ROLLBACK')
        throw new StoreError({ message: 'the transaction was aborted', code: '25P02' })
    } catch (error) {
      throw error instanceof StoreError || isAnswer(error) ? error : unavailable(error)
    } finally {
      this.#release()
    }
  }

  /** A session whose connection closed would quietly go on over another one, outside any transaction. */
  #refuseIfOver(): void {
    if (this.#lost) throw unavailable(new Error('the connection closed in the middle of a transaction'))
    if (this.#ended) throw new Error('the transaction is over')
  }

  #release(): void {
    this.#ended = true
    if (this.#wire !== undefined && !this.#lost) this.#wire.onclose = null
    if (!this.#lost) this.#session.release()
  }
}

class PostgresStore implements Store {
  readonly kind = 'postgres'
  readonly durability = 'PostgreSQL: acknowledged after its commit, as durable as the server is configured'
  readonly #pool: Pool

  constructor(pool: Pool) {
    this.#pool = pool
  }

  query<Row>(text: string, params?: readonly unknown[]): Promise<Rows<Row>> {
    return run<Row>(this.#pool, text, params)
  }

  async begin(): Promise<OpenTransaction> {
    const transaction = new PostgresTransaction(await this.#reserve())
    await transaction.begin()
    return transaction
  }

  async #reserve(): Promise<postgres.ReservedSql> {
    try {
      return await this.#pool.reserve()
    } catch (error) {
      throw unavailable(error)
    }
  }

  async script(text: string, within?: Sql): Promise<unknown[]> {
    if (within !== undefined) return (await within.query<unknown[] | object>(text)).rows.flat()
    const session = await this.#reserve()
    try {
      return (await run<unknown[] | object>(session, text)).rows.flat()
    } catch (error) {
      await session.unsafe('rollback').catch(() => {})
      throw error
    } finally {
      session.release()
    }
  }

  async listen(channel: string, heard: (payload: string) => void): Promise<void> {
    await this.#pool.listen(channel, heard)
  }

  async close(): Promise<void> {
    await this.#pool.end({ timeout: 5 })
  }
}
