import { rowsOf } from '@firebreak/intake'
import { FirebreakError, MINUTE } from '@firebreak/kernel'
import type { EventInput, LedgerTransaction, StoredEvent } from '@firebreak/ledger'
import { heldJob, type JobRow } from '../jobs/row.ts'
import type { Reviewer } from '../reviewer.ts'
import { type DecisionInput, decisionProblem } from './actions.ts'
import { subjectOf } from './subject.ts'

/** How long a decision can be undone before it takes effect. */
export const UNDO_WINDOW = 10 * MINUTE

/** A decision that was made and can be undone until `effectiveAt`. */
export interface MadeDecision {
  readonly id: string
  readonly job: string
  readonly effectiveAt: string
}

/** What deciding needs from outside. */
export interface Deciding {
  readonly newId: () => string
  /** Milliseconds; the danger lane takes effect at once. */
  readonly undoWindow: number
  readonly automatic?: boolean
}

/** Closes a job in hand with a decision: its event with everything stored, its row, its reports. */
export async function decideIn(
  tx: LedgerTransaction,
  jobId: string,
  by: Reviewer,
  decision: DecisionInput,
  options: Deciding,
): Promise<{ job: JobRow; made: MadeDecision }> {
  const problem = decisionProblem(decision)
  if (problem !== null) throw new FirebreakError('review/decision', [problem])
  const job = await heldJob(tx.db, jobId, by.id, tx.now)
  const id = options.newId()
  const effectiveAt = tx.now + (job.lane === 'danger' ? 0 : options.undoWindow)
  const seq = await appendOne(tx, await madeEvent(tx, job, id, decision, effectiveAt))
  const seconds = job.leased_at === null ? 0 : Math.round((tx.now - job.leased_at.getTime()) / 1000)
  await rowsOf(
    tx.db,
    `insert into decision (id, seq, job, subject, decider, outcome, policy, ground, category, severity, actions, automatic, synthetic,
       decided_at, effective_at, seconds)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14::timestamptz, $15::timestamptz, $16)`,
    [
      id,
      seq,
      job.id,
      job.subject,
      by.id,
      decision.outcome,
      decision.policy,
      decision.ground,
      job.category,
      job.severity,
      decision.actions.length,
      options.automatic ?? false,
      job.synthetic,
      iso(tx.now),
      iso(effectiveAt),
      seconds,
    ],
  )
  await closeJob(tx, job.id)
  return { job, made: { id, job: job.id, effectiveAt: iso(effectiveAt) } }
}

/** Closes a job and settles its open reports in the books. */
export async function closeJob(tx: LedgerTransaction, job: string): Promise<void> {
  await rowsOf(
    tx.db,
    `update job set closed_at = $2::timestamptz, holder = null, lease_until = null, snoozed_until = null where id = $1`,
    [job, iso(tx.now)],
  )
  await rowsOf(
    tx.db,
    `update report set state = 'decided', settled_at = $2::timestamptz where job = $1 and state = 'open'`,
    [job, iso(tx.now)],
  )
}

/** What the log keeps of a decision, whole: enforcement, appeals and measurement read it from here. */
export interface DecisionData extends DecisionInput {
  readonly decision: string
  readonly job: string
  readonly target: { readonly type: string; readonly id: string }
  readonly category: string
  readonly severity: number
  readonly language: string | null
  readonly effectiveAt: string
}

async function madeEvent(
  tx: LedgerTransaction,
  job: JobRow,
  id: string,
  decision: DecisionInput,
  effectiveAt: number,
): Promise<EventInput> {
  const { subject, author } = await subjectOf(tx.db, job.subject)
  const data: DecisionData = {
    ...decision,
    decision: id,
    job: job.id,
    target: subject,
    category: job.category,
    severity: job.severity,
    language: job.language,
    effectiveAt: iso(effectiveAt),
  }
  return decisionEvent(
    'decision.made',
    id,
    job.id,
    author === null ? subject : { type: 'account', id: author },
    tx.now,
    {
      ...data,
    },
  )
}

/** An event about a decision. Its subject is the account concerned where known, so that its payload goes with the account's erasure. */
export function decisionEvent(
  type: 'decision.made' | 'decision.effective' | 'decision.reversed',
  id: string,
  job: string,
  subject: EventInput['subject'],
  now: number,
  data: Record<string, unknown>,
): EventInput {
  return {
    id: `${type}:${id}`,
    type,
    at: iso(now),
    actor: { type: 'job', id: job },
    subject,
    object: { type: 'decision', id },
    data,
  }
}

/** Appends one event inside the transaction; its position. Throws when it is refused. */
export async function appendOne(tx: LedgerTransaction, event: EventInput): Promise<number> {
  const [result] = await tx.append([event])
  if (result?.status === 'accepted') return result.seq
  throw new FirebreakError('http/conflict', [`The ${event.type} event was not accepted (${result?.status})`])
}

/** What a decision said, from its event; undefined where erasure or retention took it. */
export function dataOf(event: StoredEvent): DecisionData | undefined {
  return event.data as DecisionData | undefined
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
