import { type Db, rowsOf } from '@firebreak/intake'
import { FirebreakError } from '@firebreak/kernel'
import type { Ledger } from '@firebreak/ledger'
import { heldJob } from '../jobs/row.ts'
import { principalOf, type Reviewer } from '../reviewer.ts'
import { type Budgets, mostSeverityFor } from '../wellness/budget.ts'
import { ownWellness } from '../wellness/preferences.ts'

/** Who wants to see what is settled elsewhere; this is what, for which job, and why. */
export interface RevealRequest {
  readonly job: string
  readonly evidence: string
  /** Why, in the person's words; kept. */
  readonly purpose: string
  /** To see something that is known or was decided before, and so needs no view. */
  readonly again: boolean
}

/**
 * Notes that somebody is about to be shown an item of the job in their hands, before they are: who, what, why. Refuses what the day's
 * budget no longer allows, and, unless asked twice, what needs no view because its hash was decided before.
 */
export async function noteReveal(
  ledger: Pick<Ledger, 'db' | 'transaction'>,
  by: Reviewer,
  { job: jobId, evidence, purpose, again }: RevealRequest,
  parts: { readonly id: string; readonly budgets: Budgets; readonly now: number; readonly known: boolean },
): Promise<void> {
  const { state } = await ownWellness(ledger.db, by.id, parts.budgets, parts.now)
  await ledger.transaction(principalOf(by), async (tx) => {
    const job = await heldJob(tx.db, jobId, by.id, tx.now)
    if (job.severity > mostSeverityFor(state)) throw new FirebreakError('review/budget')
    const [row] = await rowsOf<{ decided: boolean }>(
      tx.db,
      `select exists (select 1 from evidence o join decision d on d.job = o.job and d.reversed_at is null
         where o.signal = v.signal and o.job <> v.job) as decided from evidence v where v.id = $1 and v.job = $2`,
      [evidence, job.origin ?? job.id],
    )
    if (row === undefined) throw new FirebreakError('review/evidence', ['it is not part of this job'])
    if ((row.decided || parts.known) && !again)
      throw new FirebreakError('review/evidence', ['it was decided before; nobody has to see it again'])
    await rowsOf(
      tx.db,
      'insert into reveal (id, evidence, job, reviewer, purpose, severity, at) values ($1, $2, $3, $4, $5, $6, $7::timestamptz)',
      [parts.id, evidence, job.origin ?? job.id, by.id, purpose, job.severity, new Date(tx.now).toISOString()],
    )
    await tx.record('evidence.revealed', { reveal: parts.id, evidence, job: job.id })
  })
}

/** Notes that somebody reads the thread around an item of the job in their hands, or has a copy of it kept. */
export async function noteContext(
  ledger: Pick<Ledger, 'transaction'>,
  by: Reviewer,
  { job: jobId, evidence, purpose }: Pick<RevealRequest, 'job' | 'evidence' | 'purpose'>,
  kind: 'evidence.context-read' | 'evidence.kept' = 'evidence.context-read',
): Promise<{ readonly job: string }> {
  return ledger.transaction(principalOf(by), async (tx) => {
    const job = await heldJob(tx.db, jobId, by.id, tx.now)
    const rows = await rowsOf(tx.db, 'select 1 from evidence where id = $1 and job = $2', [
      evidence,
      job.origin ?? job.id,
    ])
    if (rows.length === 0) throw new FirebreakError('review/evidence', ['it is not part of this job'])
    await tx.record(kind, { evidence, job: job.id, purpose })
    return { job: job.id }
  })
}

/** How long it was on screen; at most since it was revealed. Counts towards the day's exposure. */
export async function noteSeconds(
  db: Db,
  reveal: string,
  by: Reviewer,
  seconds: number,
  now: number,
): Promise<boolean> {
  const rows = await rowsOf(
    db,
    `update reveal set seconds = least($3, ceil(extract(epoch from ($4::timestamptz - at)))::int) where id = $1 and reviewer = $2 returning id`,
    [reveal, by.id, Math.max(0, Math.round(seconds)), new Date(now).toISOString()],
  )
  return rows.length > 0
}

/** Whether any person was shown this item (CyberTipline `fileViewedByEsp`): from the log of views, never assumed. */
export async function wasViewed(db: Db, evidence: string): Promise<boolean> {
  const rows = await rowsOf(db, 'select 1 from reveal where evidence = $1 limit 1', [evidence])
  return rows.length > 0
}
