import type { Ledger, Principal } from '@firebreak/ledger'
import type { Walk } from './walk-watch.ts'

/** An alarm as people see it. */
export interface WalkAlarm {
  readonly id: number
  readonly caller: string
  readonly kind: string
  readonly questions: number
  readonly firstAt: string
  readonly lastAt: string
  readonly seenBy: string | null
}

const BY = { kind: 'system', id: 'guard' } as const
const SAME = 3_600_000

/** Walks that were noticed, in the ledger and its chain. Walks of one caller within an hour are one alarm. */
export class WalkAlarms {
  readonly #ledger: Pick<Ledger, 'db' | 'transaction'>

  constructor(ledger: Pick<Ledger, 'db' | 'transaction'>) {
    this.#ledger = ledger
  }

  async raise({ caller, kind, questions }: Walk): Promise<void> {
    await this.#ledger.transaction(BY, async (tx) => {
      const now = new Date(tx.now)
      const { numUpdatedRows } = await tx.db
        .updateTable('oracle_alarm')
        .set(({ eb }) => ({ last_at: now, questions: eb('questions', '+', questions) }))
        .where('caller', '=', caller)
        .where('kind', '=', kind)
        .where('seen_at', 'is', null)
        .where('last_at', '>', new Date(tx.now - SAME))
        .executeTakeFirst()
      if (Number(numUpdatedRows) > 0) return
      await tx.db.insertInto('oracle_alarm').values({ caller, kind, questions, first_at: now, last_at: now }).execute()
      await tx.record('oracle.walk', { caller, kind, questions })
    })
  }

  /** Newest first. */
  async list(limit = 100): Promise<WalkAlarm[]> {
    const rows = await this.#ledger.db
      .selectFrom('oracle_alarm')
      .selectAll()
      .orderBy('id', 'desc')
      .limit(limit)
      .execute()
    return rows.map((row) => ({
      id: row.id,
      caller: row.caller,
      kind: row.kind,
      questions: row.questions,
      firstAt: row.first_at.toISOString(),
      lastAt: row.last_at.toISOString(),
      seenBy: row.seen_by,
    }))
  }

  async seen(id: number, by: Principal): Promise<boolean> {
    return this.#ledger.transaction(by, async (tx) => {
      const { numUpdatedRows } = await tx.db
        .updateTable('oracle_alarm')
        .set({ seen_by: `${by.kind}:${by.id}`, seen_at: new Date(tx.now) })
        .where('id', '=', id)
        .where('seen_at', 'is', null)
        .executeTakeFirst()
      if (Number(numUpdatedRows) > 0) await tx.record('oracle.seen', { alarm: id })
      return Number(numUpdatedRows) > 0
    })
  }
}
