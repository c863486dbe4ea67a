import { createSecretKey, type KeyObject } from 'node:crypto'
import { asBuffer } from '../chain/digest.ts'
import type { Sql, TransactionSql } from '../store/store.ts'
import { derive, seal, unseal } from './cipher.ts'
import type { RandomPool } from './random-pool.ts'

const REMEMBERED = 50_000

/** Payload keys by entity number: made on first use, wrapped by the master key at rest, destroyed by erasure. */
export class SubjectKeys {
  readonly #wrapper: KeyObject
  readonly #random: RandomPool
  readonly #known = new Map<number, KeyObject>()

  constructor(master: Uint8Array, random: RandomPool) {
    this.#wrapper = createSecretKey(derive(master, 'subject-key'))
    this.#random = random
  }

  /** The keys of all given entities, made where missing. Call inside the writing transaction; `forget()` if it rolls back. */
  async ensure(sql: TransactionSql, entities: Iterable<number>): Promise<ReadonlyMap<number, KeyObject>> {
    const keys = await this.find(sql, entities)
    const missing = [...new Set(entities)].filter((entity) => !keys.has(entity))
    if (missing.length === 0) return keys
    const rows = missing.map((entity) => {
      const bytes = Buffer.from(this.#random.take(32))
      const key = createSecretKey(bytes)
      keys.set(entity, key)
      this.#remember(entity, key)
      return [entity, seal(this.#wrapper, this.#random.take(12), bytes)] as const
    })
    await sql.insert(SUBJECT_KEY, rows)
    return keys
  }

  /** The keys that still exist among the given entities. */
  async find(sql: Sql, entities: Iterable<number>): Promise<Map<number, KeyObject>> {
    const keys = new Map<number, KeyObject>()
    const unknown: number[] = []
    for (const entity of new Set(entities)) {
      const key = this.#known.get(entity)
      if (key === undefined) unknown.push(entity)
      else keys.set(entity, key)
    }
    if (unknown.length === 0) return keys
    const { rows } = await sql.query<{ entity: number; wrapped: Uint8Array }>(
      'select entity, wrapped from subject_key where entity = any($1::int[])',
      [unknown],
    )
    for (const { entity, wrapped } of rows) {
      const key = createSecretKey(unseal(this.#wrapper, asBuffer(wrapped)))
      keys.set(entity, key)
      this.#remember(entity, key)
    }
    return keys
  }

  async destroy(sql: Sql, entities: readonly number[]): Promise<void> {
    for (const entity of entities) this.#known.delete(entity)
    await sql.query('delete from subject_key where entity = any($1::int[])', [entities])
  }

  forget(): void {
    this.#known.clear()
  }

  #remember(entity: number, key: KeyObject): void {
    if (this.#known.size >= REMEMBERED) this.#known.clear()
    this.#known.set(entity, key)
  }
}

const SUBJECT_KEY = {
  table: 'subject_key',
  columns: [
    ['entity', 'int4'],
    ['wrapped', 'bytea'],
  ],
} as const
