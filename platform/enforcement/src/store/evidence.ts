import type { Ledger, LedgerTransaction } from '@firebreak/ledger'
import { type Finding, type Opened, openedKey } from '../plan/approval.ts'

/** Notes that a human opened a piece of evidence and what they found; opening it again replaces the finding. */
export async function noteOpened(
  tx: LedgerTransaction,
  opened: { planId: string; account: string; evidence: string; by: string; finding: Finding },
): Promise<void> {
  const row = { opened_by: opened.by, at: new Date(tx.now), finding: opened.finding }
  await tx.db
    .insertInto('evidence_opened')
    .values({ plan_id: opened.planId, account: opened.account, evidence: opened.evidence, ...row })
    .onConflict((conflict) => conflict.columns(['plan_id', 'account', 'evidence']).doUpdateSet(row))
    .execute()
}

export async function openedOf(
  reader: Pick<Ledger, 'db'> | Pick<LedgerTransaction, 'db'>,
  planId: string,
): Promise<Opened> {
  const rows = await reader.db
    .selectFrom('evidence_opened')
    .select(['account', 'evidence', 'finding'])
    .where('plan_id', '=', planId)
    .execute()
  return new Map(rows.map(({ account, evidence, finding }) => [openedKey(account, evidence), finding as Finding]))
}
