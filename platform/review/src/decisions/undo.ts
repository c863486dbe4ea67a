import { rowsOf } from '@firebreak/intake'
import { FirebreakError } from '@firebreak/kernel'
import type { LedgerTransaction } from '@firebreak/ledger'
import { jobRow } from '../jobs/row.ts'
import type { Reviewer } from '../reviewer.ts'
import { appendOne, decisionEvent } from './decide.ts'
import { subjectOf } from './subject.ts'

/** A decision as stored: what is counted of it. */
export interface DecisionRow {
  readonly id: string
  readonly seq: number
  readonly job: string
  readonly subject: number
  readonly decider: string
  readonly outcome: string
  readonly policy: string
  readonly ground: string
  readonly category: string
  readonly severity: number
  readonly actions: number
  readonly automatic: boolean
  readonly synthetic: boolean
  readonly decided_at: Date
  readonly effective_at: Date
  readonly settled_at: Date | null
  readonly reversed_at: Date | null
  readonly reversed_by: string | null
  readonly seconds: number
}

/** The decision with this id. Throws `http/not-found`. */
export async function decisionRow(tx: Pick<LedgerTransaction, 'db'>, id: string): Promise<DecisionRow> {
  const [row] = await rowsOf<DecisionRow>(tx.db, 'select * from decision where id = $1', [id])
  if (row === undefined) throw new FirebreakError('http/not-found', ['decision with that id'])
  return row
}

/** Before it took effect, by whoever decided or runs the desk: the job is open again, in their hands to decide anew. */
export async function undoIn(tx: LedgerTransaction, id: string, by: Reviewer, reason: string): Promise<string> {
  const decision = await decisionRow(tx, id)
  if (decision.reversed_at !== null) throw new FirebreakError('review/undo', [id, 'it was reversed already'])
  if (decision.settled_at !== null || decision.effective_at.getTime() <= tx.now)
    throw new FirebreakError('review/undo', [id, 'it has taken effect; reverse it instead'])
  if (decision.decider !== by.id && !by.manages) throw new FirebreakError('access/denied', ['review:manage'])
  await markReversed(tx, decision, by.id, reason, 'undone')
  return reopen(tx, decision.job, by.id)
}

/**
 * After it took effect: a new event that takes it back, with what the first one did in `undo` for whoever carried it out. Reporters'
 * standing is corrected. Appeals and second looks end here when they find otherwise; by somebody else than the decider:
 * who runs the desk (of child-safety decisions only with that lane open), or the desk of appeals.
 */
export async function reverseIn(
  tx: LedgerTransaction,
  id: string,
  by: Reviewer,
  reason: string,
  { appeal = false } = {},
): Promise<void> {
  const decision = await decisionRow(tx, id)
  const { lane } = await jobRow(tx.db, decision.job)
  if (!appeal && !by.manages) throw new FirebreakError('access/denied', ['review:manage'])
  if (!appeal && lane === 'child-safety' && !by.lanes.includes(lane))
    throw new FirebreakError('http/not-found', ['decision with that id'])
  if (decision.reversed_at !== null) throw new FirebreakError('review/undo', [id, 'it was reversed already'])
  if (decision.settled_at === null) throw new FirebreakError('review/undo', [id, 'it has not taken effect; undo it'])
  if (decision.decider === by.id) throw new FirebreakError('review/undo', [id, 'somebody else has to look at it'])
  await markReversed(tx, decision, by.id, reason, 'reversed')
  if (decision.outcome === 'violation')
    await rowsOf(
      tx.db,
      `update reporter set upheld = greatest(0, upheld - n.count) from (select reporter, count(*)::int as count from report
         where job = $1 and reporter is not null group by reporter) n where reporter.key = n.reporter`,
      [decision.job],
    )
}

async function markReversed(
  tx: LedgerTransaction,
  decision: DecisionRow,
  by: string,
  reason: string,
  how: 'undone' | 'reversed',
): Promise<void> {
  const { subject, author } = await subjectOf(tx.db, decision.subject)
  await appendOne(
    tx,
    decisionEvent(
      'decision.reversed',
      decision.id,
      decision.job,
      author === null ? subject : { type: 'account', id: author },
      tx.now,
      { reason, how, decision: decision.id, job: decision.job, outcome: decision.outcome },
    ),
  )
  await rowsOf(tx.db, 'update decision set reversed_at = $2::timestamptz, reversed_by = $3 where id = $1', [
    decision.id,
    new Date(tx.now).toISOString(),
    by,
  ])
}

/** Opens a job again; if another one about the same subject was opened meanwhile, its reports join that one. */
async function reopen(tx: LedgerTransaction, id: string, holder: string): Promise<string> {
  const job = await jobRow(tx.db, id)
  const [other] = await rowsOf<{ id: string }>(
    tx.db,
    `select id from job where subject = $1 and lane = $2 and kind = 'report' and closed_at is null`,
    [job.subject, job.lane],
  )
  if (other !== undefined) {
    await rowsOf(tx.db, `update report set job = $2, state = 'merged', settled_at = null where job = $1`, [
      id,
      other.id,
    ])
    return other.id
  }
  await rowsOf(
    tx.db,
    `update job set closed_at = null, holder = $2, leased_at = $3::timestamptz, lease_until = $3::timestamptz + interval '10 minutes'
     where id = $1`,
    [id, holder, new Date(tx.now).toISOString()],
  )
  await rowsOf(tx.db, `update report set state = 'open', settled_at = null where job = $1 and state = 'decided'`, [id])
  return id
}
