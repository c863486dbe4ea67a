import { FirebreakError } from '@firebreak/kernel'
import type { Ledger, Principal } from '@firebreak/ledger'

/** A statement of reasons that is owed: what was limited, under which rule, since when, and from when on it may be told. */
export interface DueStatement {
  readonly id: number
  readonly subject: { readonly type: string; readonly id: string }
  readonly rule: string
  readonly surface: string
  readonly policyVersion: string
  readonly firstAt: string
  readonly dueAt: string
  readonly hold: string | null
}

const LONGEST_HOLD_DAYS = 90
const DAY = 86_400_000

/** Demotions waiting to be told (DSA art. 17). Whoever sends them marks them told; a hold delays, with a ground and an end. */
export class Statements {
  readonly #ledger: Pick<Ledger, 'db' | 'transaction'>

  constructor(ledger: Pick<Ledger, 'db' | 'transaction'>) {
    this.#ledger = ledger
  }

  /** Untold ones, oldest first; with `due` only those that may be told by then. */
  async waiting({
    due,
    afterId = 0,
    limit = 100,
  }: {
    due?: number
    afterId?: number
    limit?: number
  } = {}): Promise<DueStatement[]> {
    let query = this.#ledger.db
      .selectFrom('demotion as d')
      .innerJoin('entity as n', 'n.id', 'd.entity')
      .selectAll('d')
      .select('n.name')
      .where('d.told_at', 'is', null)
      .where('n.name', 'is not', null)
      .where('d.id', '>', afterId)
      .orderBy('d.id')
      .limit(limit)
    if (due !== undefined) query = query.where('d.due_at', '<=', new Date(due))
    const rows = await query.execute()
    return rows.map((row) => ({
      id: row.id,
      subject: { type: row.subject_type, id: row.name! },
      rule: row.rule,
      surface: row.surface,
      policyVersion: row.policy_version,
      firstAt: row.first_at.toISOString(),
      dueAt: row.due_at.toISOString(),
      hold: row.hold_ground,
    }))
  }

  async told(ids: readonly number[], by: Principal): Promise<number> {
    return this.#ledger.transaction(by, async (tx) => {
      const { db, now } = tx
      const { numUpdatedRows } = await db
        .updateTable('demotion')
        .set({ told_at: new Date(now) })
        .where('id', 'in', [...ids])
        .where('told_at', 'is', null)
        .executeTakeFirst()
      await tx.record('statement.told', { statements: [...ids] })
      return Number(numUpdatedRows)
    })
  }

  /** Not told before `until`: an investigation would be tipped off. Throws `input/invalid` without a ground or beyond 90 days. */
  async hold(id: number, ground: string, until: number, by: Principal): Promise<void> {
    await this.#ledger.transaction(by, async (tx) => {
      const { db, now } = tx
      if (ground.trim() === '' || !(until > now && until - now <= LONGEST_HOLD_DAYS * DAY))
        throw new FirebreakError('input/invalid', [`a hold needs a ground and an end within ${LONGEST_HOLD_DAYS} days`])
      const { numUpdatedRows } = await db
        .updateTable('demotion')
        .set({ due_at: new Date(until), hold_ground: ground })
        .where('id', '=', id)
        .where('told_at', 'is', null)
        .executeTakeFirst()
      if (Number(numUpdatedRows) === 0) throw new FirebreakError('http/not-found', ['statement waiting with that id'])
      await tx.record('statement.held', { statement: id, ground, until: new Date(until).toISOString() })
    })
  }
}
