import type { PgBoss } from 'pg-boss'
import type { Store } from '../store/store.ts'
import { DEAD_LETTERS } from './boss.ts'

/**
 * The embedded store belongs to one process: a task that is active when it starts was being done by a process that died. It failed, and
 * is tried again as its settings say. On PostgreSQL another process may be at it; there missing heartbeats tell.
 */
export async function claimOrphans(store: Store, boss: PgBoss): Promise<void> {
  if (store.kind !== 'embedded') return
  const { rows } = await store.query<{ name: string; ids: string[] }>(
    `select name, array_agg(id::text) as ids from pgboss.job where state = 'active' and name <> $1 and name not like '\\_\\_pgboss%' group by name`,
    [DEAD_LETTERS],
  )
  for (const { name, ids } of rows) await boss.fail(name, ids, { message: 'the process that ran it ended' })
}
