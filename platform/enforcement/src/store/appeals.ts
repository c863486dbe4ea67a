import type { Ledger, LedgerTransaction } from '@firebreak/ledger'
import { sql } from 'kysely'
import type { Appeal, AppealRoute, AppealState } from '../appeals/appeal.ts'

type Reader = Pick<Ledger, 'db'> | Pick<LedgerTransaction, 'db'>

/** One appeal a plan and account; null when there is one already. */
export async function addAppeal(
  tx: LedgerTransaction,
  appeal: Pick<Appeal, 'id' | 'account' | 'planId' | 'route'>,
): Promise<boolean> {
  const added = await tx.db
    .insertInto('appeal')
    .values({
      id: appeal.id,
      account: appeal.account,
      plan_id: appeal.planId,
      route: appeal.route,
      opened_at: new Date(tx.now),
      state: 'open',
      decided_by: null,
      decided_at: null,
      reason: null,
    })
    .onConflict((conflict) => conflict.columns(['plan_id', 'account']).doNothing())
    .returning('id')
    .executeTakeFirst()
  return added !== undefined
}

/** Closes an open appeal; false when somebody has decided it meanwhile. */
export async function closeAppeal(
  tx: LedgerTransaction,
  decided: { id: string; state: AppealState; by: string; reason: string },
): Promise<boolean> {
  const closed = await tx.db
    .updateTable('appeal')
    .set({ state: decided.state, decided_by: decided.by, decided_at: new Date(tx.now), reason: decided.reason })
    .where('id', '=', decided.id)
    .where('state', '=', 'open')
    .returning('id')
    .executeTakeFirst()
  return closed !== undefined
}

export async function appealById(reader: Reader, id: string): Promise<Appeal | null> {
  const row = await reader.db.selectFrom('appeal').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? fromRow(row) : null
}

export async function appealOf(reader: Reader, planId: string, account: string): Promise<Appeal | null> {
  const row = await reader.db
    .selectFrom('appeal')
    .selectAll()
    .where('plan_id', '=', planId)
    .where('account', '=', account)
    .executeTakeFirst()
  return row ? fromRow(row) : null
}

/** Open appeals, the longest waiting first. */
export async function openAppeals(reader: Reader, limit: number): Promise<Appeal[]> {
  const rows = await reader.db
    .selectFrom('appeal')
    .selectAll()
    .where('state', '=', 'open')
    .orderBy('opened_at')
    .limit(limit)
    .execute()
  return rows.map(fromRow)
}

interface AppealRowLike {
  id: string
  account: string
  plan_id: string
  route: string
  opened_at: Date
  state: string
  decided_by: string | null
  reason: string | null
}

function fromRow(row: AppealRowLike): Appeal {
  return {
    id: row.id,
    account: row.account,
    planId: row.plan_id,
    route: row.route as AppealRoute,
    openedAt: row.opened_at.getTime(),
    state: row.state as AppealState,
    decidedBy: row.decided_by,
    reason: row.reason,
  }
}

/**
 * Removes the links of some kinds between an account and others (accounts of the plan, or items they share), for good: whatever comes in
 * later, the graph leaves them out. Returns how many.
 */
export async function removeLinks(
  tx: LedgerTransaction,
  given: { appealId: string; account: string; others: readonly string[]; relations: readonly string[] },
): Promise<number> {
  if (given.relations.length === 0) return 0
  const { rows } = await sql<{ source: string; target: string; target_kind: string; relation: string }>`
    select s.name as source, t.name as target, t.kind as target_kind, r.name as relation
    from edge e join entity s on s.id = e.source join entity t on t.id = e.target join relation r on r.id = e.relation
    where r.name in (${sql.join(given.relations)}) and e.withdrawn_at is null and s.name is not null and t.name is not null
      and ((s.kind = 'account' and s.name = ${given.account}
            and (t.kind <> 'account' or t.name in (${sql.join(given.others.length > 0 ? given.others : [''])})))
        or (t.kind = 'account' and t.name = ${given.account}
            and s.name in (${sql.join(given.others.length > 0 ? given.others : [''])})))`.execute(tx.db)
  if (rows.length === 0) return 0
  await tx.db
    .insertInto('removed_link')
    .values(
      rows.map((row) => ({
        source: row.source,
        target: row.target_kind === 'account' ? row.target : `${row.target_kind}:${row.target}`,
        relation: row.relation,
        appeal_id: given.appealId,
        at: new Date(tx.now),
      })),
    )
    .onConflict((conflict) => conflict.columns(['source', 'target', 'relation']).doNothing())
    .execute()
  return rows.length
}

/** The key under which `removedLinks` holds a link. */
export function linkKey(source: string, target: string, relation: string): string {
  return `${source}\u0000${target}\u0000${relation}`
}

/** Every link that an appeal removed, by `linkKey`, in both directions. */
export async function removedLinks(reader: Reader): Promise<Set<string>> {
  const rows = await reader.db.selectFrom('removed_link').select(['source', 'target', 'relation']).execute()
  return new Set(
    rows.flatMap(({ source, target, relation }) => [
      linkKey(source, target, relation),
      linkKey(target, source, relation),
    ]),
  )
}
