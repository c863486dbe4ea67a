import type { CategoryName, Db, Lane } from '@firebreak/intake'
import { rowsOf } from '@firebreak/intake'
import { FirebreakError } from '@firebreak/kernel'

/** A job as stored. */
export interface JobRow {
  readonly id: string
  readonly subject: number
  readonly lane: Lane
  readonly queue: string
  readonly category: CategoryName
  readonly language: string | null
  readonly severity: number
  readonly reach: number
  readonly voices: number
  readonly reports: number
  readonly synthetic: boolean
  readonly opened_at: Date
  readonly rank_at: Date
  readonly due_at: Date | null
  readonly paused_at: Date | null
  readonly pause_reason: string | null
  readonly snoozed_until: Date | null
  readonly escalated_at: Date | null
  readonly holder: string | null
  readonly lease_until: Date | null
  readonly leased_at: Date | null
  readonly closed_at: Date | null
  readonly kind: 'report' | 'second' | 'golden'
  readonly origin: string | null
  readonly acknowledged_at: Date | null
}

/** The job with this id. Throws `http/not-found`. */
export async function jobRow(db: Db, id: string): Promise<JobRow> {
  const [row] = await rowsOf<JobRow>(db, 'select * from job where id = $1', [id])
  if (row === undefined) throw new FirebreakError('http/not-found', ['job with that id'])
  return row
}

/** Whether somebody has the job in hand now. */
export function heldBy(job: JobRow, now: number): string | null {
  return job.holder !== null && job.lease_until !== null && job.lease_until.getTime() > now ? job.holder : null
}

/** The open job in this reviewer's hands. Throws `review/not-held`, `review/held` or `review/closed`. */
export async function heldJob(db: Db, id: string, reviewer: string, now: number): Promise<JobRow> {
  const job = await jobRow(db, id)
  if (job.closed_at !== null) throw new FirebreakError('review/closed', [id])
  const holder = heldBy(job, now)
  if (holder === reviewer) return job
  if (holder === null) throw new FirebreakError('review/not-held', [id])
  throw new FirebreakError('review/held', [id, 'somebody else', job.lease_until!.toISOString()])
}
