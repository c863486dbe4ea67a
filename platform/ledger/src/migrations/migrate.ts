import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { FirebreakError } from '@firebreak/kernel'
import type { Store } from '../store/store.ts'

export interface Migration {
  readonly number: number
  readonly name: string
  readonly sql: string
}

/** The numbered SQL files beside this one, in order. They only go forward, and a published one is never edited. */
export function migrations(): Migration[] {
  return readdirSync(import.meta.dirname)
    .filter((file) => /^\d{3}-.*\.sql$/.test(file))
    .sort()
    .map((file) => ({
      number: Number(file.slice(0, 3)),
      name: file.slice(4, -4),
      sql: readFileSync(join(import.meta.dirname, file), 'utf8'),
    }))
}

/** Brings the store to the newest schema, each migration in its own transaction. A store from a newer version is refused. */
export async function migrate(store: Store, list: readonly Migration[] = migrations()): Promise<void> {
  await store.script(
    'create table if not exists schema_migration (number integer primary key, name text not null, applied_at timestamptz not null default now())',
  )
  const newest = list.at(-1)?.number ?? 0
  const { rows } = await store.query<{ number: number }>('select number from schema_migration order by number')
  const last = rows.at(-1)?.number ?? 0
  if (last > newest) throw new FirebreakError('ledger/schema-newer', [last])
  // Layers number their migrations in ranges: one with a lower number may come later.
  const applied = new Set(rows.map(({ number }) => number))
  for (const migration of list) if (!applied.has(migration.number)) await apply(store, migration)
}

/** The advisory lock and the second look keep two processes that start together from applying one migration twice. */
async function apply(store: Store, { number, name, sql }: Migration): Promise<void> {
  const tx = await store.begin()
  try {
    await tx.query('select pg_advisory_xact_lock(78112)')
    const { rows } = await tx.query('select 1 from schema_migration where number = $1', [number])
    if (rows.length === 0) {
      await store.script(sql, tx)
      await tx.query('insert into schema_migration (number, name) values ($1, $2)', [number, name])
    }
    await tx.commit()
  } catch (error) {
    await tx.rollback().catch(() => {})
    throw error
  }
}
