import type { Ledger } from '@firebreak/ledger'
import { CompiledQuery } from 'kysely'

/** What statements run over: the ledger, or a transaction of it. */
export type Db = Ledger['db']

/** Runs one statement with `$1`, `$2` … over the ledger or inside a transaction of it. For set-based writes that a query builder hides. */
export async function rowsOf<Row>(db: Db, text: string, params: readonly unknown[] = []): Promise<Row[]> {
  const { rows } = await db.executeQuery<Row>(CompiledQuery.raw(text, [...params]))
  return rows
}

/** How many rows a statement touched. */
export async function affectedBy(db: Db, text: string, params: readonly unknown[] = []): Promise<number> {
  const { numAffectedRows } = await db.executeQuery(CompiledQuery.raw(text, [...params]))
  return Number(numAffectedRows ?? 0n)
}
