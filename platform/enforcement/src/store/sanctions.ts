import type { Ledger, LedgerTransaction } from '@firebreak/ledger'
import type { Step } from '../execution/step.ts'
import type { StandingSanction } from '../execution/undo.ts'
import { type Action, endsAt, sameSlot } from '../plan/actions.ts'
import { addStrike, reverseStrike, strikeId } from './strikes.ts'

type Reader = Pick<Ledger, 'db'> | Pick<LedgerTransaction, 'db'>

/** What is in force on some accounts at a moment. */
export async function standingOf(
  reader: Reader,
  accounts: readonly string[],
  now: number,
): Promise<StandingSanction[]> {
  if (accounts.length === 0) return []
  const rows = await reader.db
    .selectFrom('sanction')
    .selectAll()
    .where('account', 'in', [...accounts])
    .where('ended_at', 'is', null)
    .where((e) => e.or([e('until', 'is', null), e('until', '>', new Date(now))]))
    .orderBy('since')
    .execute()
  return rows.map((row) => ({
    stepId: row.step_id,
    account: row.account,
    action: JSON.parse(row.action) as Action,
    since: row.since.getTime(),
    until: row.until?.getTime() ?? null,
  }))
}

/** The strike that a sanction counts as; null for what is none. */
export interface StrikeOf {
  readonly policy: string
  readonly weight: number
}

/**
 * Notes what a carried-out step changed: a new sanction in place of what stood in its slot, with one strike a plan and account; or the end
 * of the one it reverses, and of its strike.
 */
export async function noteOutcome(tx: LedgerTransaction, step: Step, strike: StrikeOf | null): Promise<void> {
  if (step.direction === 'reverse') {
    await end(tx, [step.reverses!], 'reversed')
    await reverseStrike(tx, strikeId(step))
    return
  }
  if (strike !== null) await addStrike(tx, { id: strikeId(step), account: step.account, ...strike }, step.id)
  const before = await standingOf(tx, [step.account], tx.now)
  const replaced = before.filter(({ action, stepId }) => stepId !== step.id && sameSlot(action, step.action))
  await end(
    tx,
    replaced.map(({ stepId }) => stepId),
    'replaced',
  )
  const until = endsAt(step.action, tx.now)
  await tx.db
    .insertInto('sanction')
    .values({
      step_id: step.id,
      plan_id: step.planId,
      account: step.account,
      action: JSON.stringify(step.action),
      since: new Date(tx.now),
      until: until === null ? null : new Date(until),
      ended_at: null,
      ended_by: null,
    })
    .onConflict((conflict) => conflict.column('step_id').doNothing())
    .execute()
}

async function end(tx: LedgerTransaction, stepIds: readonly string[], by: 'replaced' | 'reversed'): Promise<void> {
  if (stepIds.length === 0) return
  await tx.db
    .updateTable('sanction')
    .set({ ended_at: new Date(tx.now), ended_by: by })
    .where('step_id', 'in', [...stepIds])
    .where('ended_at', 'is', null)
    .execute()
}

/** A removal in force: by which plan, and since when (milliseconds since 1970). */
export interface Removal {
  readonly planId: string
  readonly since: number
}

/** Accounts that cannot use the platform now: disabled, or suspended and not yet back. */
export async function removedAccounts(reader: Reader, now: number): Promise<Map<string, Removal>> {
  const rows = await reader.db
    .selectFrom('sanction')
    .select(['account', 'plan_id', 'action', 'since'])
    .where('ended_at', 'is', null)
    .where((e) => e.or([e('until', 'is', null), e('until', '>', new Date(now))]))
    .execute()
  const removed = rows.filter(({ action }) => ['disable', 'suspend'].includes((JSON.parse(action) as Action).kind))
  return new Map(removed.map((row) => [row.account, { planId: row.plan_id, since: row.since.getTime() }]))
}
