import type { Ledger, LedgerTransaction } from '@firebreak/ledger'
import type { Strike } from '../appeals/strikes.ts'
import type { Step } from '../execution/step.ts'

/** However many actions a plan takes on an account, it is one strike. */
export function strikeId({ planId, account }: Pick<Step, 'planId' | 'account'>): string {
  return `${planId}:${account}`
}

export async function addStrike(
  tx: LedgerTransaction,
  strike: Pick<Strike, 'id' | 'account' | 'policy' | 'weight'>,
  stepId: string,
): Promise<void> {
  await tx.db
    .insertInto('strike')
    .values({ ...strike, at: new Date(tx.now), step_id: stepId, reversed_at: null })
    .onConflict((conflict) => conflict.column('id').doNothing())
    .execute()
}

export async function reverseStrike(tx: LedgerTransaction, id: string): Promise<void> {
  await tx.db
    .updateTable('strike')
    .set({ reversed_at: new Date(tx.now) })
    .where('id', '=', id)
    .where('reversed_at', 'is', null)
    .execute()
}

/** All strikes of an account, oldest first, reversed ones included. */
export async function strikesOf({ db }: Pick<Ledger, 'db'>, account: string): Promise<Strike[]> {
  const rows = await db.selectFrom('strike').selectAll().where('account', '=', account).orderBy('at').execute()
  return rows.map((row) => ({
    id: row.id,
    account: row.account,
    policy: row.policy,
    weight: row.weight,
    at: row.at.getTime(),
    reversedAt: row.reversed_at?.getTime() ?? null,
  }))
}
