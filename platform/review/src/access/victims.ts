import { type Db, rowsOf } from '@firebreak/intake'
import { FirebreakError } from '@firebreak/kernel'
import type { Ledger } from '@firebreak/ledger'
import { principalOf, type Reviewer } from '../reviewer.ts'

/**
 * Marks an account as a victim's, or takes the mark back. For the child-safety role alone; the chain says that a mark was set and by
 * whom, never on whom. A marked account is in no plan; the mark is part of no list, answer, filter, sort or export.
 */
export async function markVictim(
  ledger: Pick<Ledger, 'transaction'>,
  account: string,
  marked: boolean,
  by: Reviewer,
): Promise<void> {
  if (!by.lanes.includes('child-safety')) throw new FirebreakError('access/denied', ['review:child-safety'])
  await ledger.transaction(principalOf(by), async (tx) => {
    const [entity] = await rowsOf<{ id: number }>(tx.db, `select id from entity where kind = 'account' and name = $1`, [
      account,
    ])
    if (entity === undefined) throw new FirebreakError('http/not-found', ['account with that id'])
    if (marked)
      await rowsOf(
        tx.db,
        `insert into victim_mark (entity, marked_by, at) values ($1, $2, $3::timestamptz) on conflict (entity) do nothing`,
        [entity.id, by.id, new Date(tx.now).toISOString()],
      )
    else await rowsOf(tx.db, 'delete from victim_mark where entity = $1', [entity.id])
    await tx.record(marked ? 'victim.marked' : 'victim.unmarked', {})
  })
}

/** Which of these accounts are marked: for deciding who is left out of a plan, and for nothing that is shown. */
export async function markedVictims(db: Db, accounts: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await rowsOf<{ name: string }>(
    db,
    `select e.name from victim_mark v join entity e on e.id = v.entity where e.kind = 'account' and e.name = any($1::text[])`,
    [accounts],
  )
  return new Set(rows.map(({ name }) => name))
}
