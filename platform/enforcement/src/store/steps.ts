import type { Ledger, LedgerTransaction } from '@firebreak/ledger'
import type { Step, StepState } from '../execution/step.ts'
import type { Action } from '../plan/actions.ts'

type Reader = Pick<Ledger, 'db'> | Pick<LedgerTransaction, 'db'>

const AT_ONCE = 500

/** Adds steps; an id that is there already is left as it is. */
export async function addSteps(tx: LedgerTransaction, steps: readonly Step[]): Promise<void> {
  for (let from = 0; from < steps.length; from += AT_ONCE)
    await tx.db
      .insertInto('plan_step')
      .values(steps.slice(from, from + AT_ONCE).map(toRow))
      .onConflict((conflict) => conflict.column('id').doNothing())
      .execute()
}

/** A step that failed is tried again, unless it was reversed meanwhile: then it ends here, or it would stand after its own reversal. */
export async function saveStep(tx: LedgerTransaction, step: Step): Promise<void> {
  const { attempts, answer } = step
  const state = step.state === 'waiting' && (await isReversed(tx, step.id)) ? 'cancelled' : step.state
  await tx.db
    .updateTable('plan_step')
    .set({ state, attempts, answer, next_at: new Date(step.nextAt) })
    .where('id', '=', step.id)
    .where('state', '!=', 'cancelled')
    .execute()
}

async function isReversed({ db }: LedgerTransaction, id: string): Promise<boolean> {
  return (await db.selectFrom('plan_step').select('id').where('reverses', '=', id).executeTakeFirst()) !== undefined
}

export async function cancelSteps(tx: LedgerTransaction, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  await tx.db
    .updateTable('plan_step')
    .set({ state: 'cancelled' })
    .where('id', 'in', [...ids])
    .where('state', '=', 'waiting')
    .execute()
}

export async function stepsOf(reader: Reader, planId: string): Promise<Step[]> {
  const rows = await reader.db
    .selectFrom('plan_step')
    .selectAll()
    .where('plan_id', '=', planId)
    .orderBy('due_at')
    .orderBy('id')
    .execute()
  return rows.map(fromRow)
}

export async function stepById(reader: Reader, id: string): Promise<Step | null> {
  const row = await reader.db.selectFrom('plan_step').selectAll().where('id', '=', id).executeTakeFirst()
  return row ? fromRow(row) : null
}

/**
 * Takes steps whose time has come into the hands of one carrier, the longest due first: others, and an undo, see that they are being
 * carried out. Whoever dies over one lets it go after `heldMs`.
 */
export async function claimDue(tx: LedgerTransaction, now: number, limit: number, heldMs: number): Promise<Step[]> {
  const due = tx.db
    .selectFrom('plan_step')
    .select('id')
    .where('state', 'in', ['waiting', 'acting'])
    .where('next_at', '<=', new Date(now))
    .orderBy('next_at')
    .orderBy('id')
    .limit(limit)
  const rows = await tx.db
    .updateTable('plan_step')
    .set({ state: 'acting', next_at: new Date(now + heldMs) })
    .where('id', 'in', due)
    .returningAll()
    .execute()
  return rows.map(fromRow).sort((a, b) => a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1))
}

/** Steps of a plan not yet settled, i.e. waiting or told and not confirmed. */
export async function unsettled(reader: Reader, planId: string): Promise<number> {
  const { count } = await reader.db
    .selectFrom('plan_step')
    .select((e) => e.fn.countAll<number>().as('count'))
    .where('plan_id', '=', planId)
    .where('state', 'in', ['waiting', 'acting', 'sent'])
    .executeTakeFirstOrThrow()
  return Number(count)
}

type StepRow = Awaited<ReturnType<typeof rowShape>>
function rowShape(reader: Reader) {
  return reader.db.selectFrom('plan_step').selectAll().executeTakeFirstOrThrow()
}

function fromRow(row: StepRow): Step {
  return {
    id: row.id,
    planId: row.plan_id,
    batch: row.batch,
    account: row.account,
    direction: row.direction as Step['direction'],
    reverses: row.reverses,
    action: JSON.parse(row.action) as Action,
    dueAt: row.due_at.getTime(),
    state: row.state as StepState,
    attempts: row.attempts,
    nextAt: row.next_at.getTime(),
    answer: row.answer,
  }
}

function toRow(step: Step) {
  return {
    id: step.id,
    plan_id: step.planId,
    batch: step.batch,
    account: step.account,
    direction: step.direction,
    reverses: step.reverses,
    action: JSON.stringify(step.action),
    due_at: new Date(step.dueAt),
    state: step.state,
    attempts: step.attempts,
    next_at: new Date(step.nextAt),
    answer: step.answer,
  }
}
