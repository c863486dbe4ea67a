import type { Db, PgBoss } from 'pg-boss'
import { outsideTransactions } from '../store/nesting.ts'
import type { Sql, Store } from '../store/store.ts'

/** Where tasks that failed for good are kept until they are replayed. */
export const DEAD_LETTERS = 'dead-letters'

const DAY_SECONDS = 86_400
/** How often abandoned and overdue tasks are looked for. */
const SUPERVISE_SECONDS = 15

/** pg-boss over the ledger's own store: no second pool, and on the embedded store the only connection there is. */
export function databaseOver(store: Store): Db {
  return {
    executeSql: async (text, values) =>
      values === undefined || values.length === 0
        ? { rows: await store.script(text) }
        : { rows: (await store.query(text, values)).rows },
  }
}

/** pg-boss inside an open transaction: single statements only. */
export function databaseWithin(sql: Sql): Db {
  return { executeSql: async (text, values) => ({ rows: (await sql.query(text, values ?? [])).rows }) }
}

/** Starts pg-boss (its tables are made on the first start ever) and takes up what a dead process left behind. */
export async function startBoss(store: Store, problem: (error: Error) => void): Promise<PgBoss> {
  const { PgBoss } = await import('pg-boss')
  return outsideTransactions(async () => {
    const boss = new PgBoss({
      db: databaseOver(store),
      backend: store.kind === 'embedded' ? 'pglite' : 'postgres',
      registerInstance: false,
      monitorVacuum: false,
      reindex: false,
      superviseIntervalSeconds: SUPERVISE_SECONDS,
      monitorIntervalSeconds: SUPERVISE_SECONDS,
      openTelemetry: { enabled: false },
    })
    boss.on('error', problem)
    await boss.start()
    await boss.createQueue(DEAD_LETTERS, { retentionSeconds: 30 * DAY_SECONDS, deleteAfterSeconds: 30 * DAY_SECONDS })
    return boss
  })
}
