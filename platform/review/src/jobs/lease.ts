import { affectedBy, type Db, type Lane, rowsOf } from '@firebreak/intake'
import { MINUTE } from '@firebreak/kernel'
import type { Ledger, LedgerTransaction } from '@firebreak/ledger'
import { principalOf, type Reviewer } from '../reviewer.ts'
import { SOON } from './clock.ts'
import { type JobRow, jobRow } from './row.ts'

/** How long a job stays in a moderator's hands without a sign of life. */
export const LEASE = 10 * MINUTE
/** Jobs looked at before giving up: others may take the first ones meanwhile. */
const CANDIDATES = 8
/** Every so many jobs one is given by rank alone, so that a flood of due clocks cannot hold up what has none. */
const BY_RANK_EVERY = 4

/** What a person wants, and may be given, next. */
export interface NextQuery {
  readonly queues?: readonly string[]
  readonly optOut?: readonly string[]
  readonly mostSeverity?: number
  readonly languages?: readonly string[]
}

/** Takes the most urgent job that this reviewer may have; null when there is none. */
export async function takeNext(
  ledger: Pick<Ledger, 'db' | 'transaction'>,
  reviewer: Reviewer,
  query: NextQuery,
  now: number,
  turn: number,
): Promise<JobRow | null> {
  for (let round = 0; round < 3; round++) {
    const ids = await candidates(ledger.db, reviewer, query, now, turn % BY_RANK_EVERY === BY_RANK_EVERY - 1)
    if (ids.length === 0) return null
    const taken = await ledger.transaction(principalOf(reviewer), (tx) => takeFirst(tx, reviewer, ids))
    if (taken !== null) return taken
  }
  return null
}

/** Takes a chosen job; null when somebody has it, it is closed or not theirs to see. */
export function takeJob(ledger: Pick<Ledger, 'transaction'>, reviewer: Reviewer, id: string): Promise<JobRow | null> {
  return ledger.transaction(principalOf(reviewer), (tx) => takeFirst(tx, reviewer, [id]))
}

async function candidates(
  db: Db,
  { id, lanes }: Reviewer,
  { queues, optOut = [], mostSeverity = 5, languages }: NextQuery,
  now: number,
  byRank: boolean,
): Promise<string[]> {
  const rows = await rowsOf<{ id: string }>(
    db,
    `select j.id from job j where j.closed_at is null and (not j.synthetic or j.lane = 'danger') and j.lane = any($1::text[])
       and ($2::text[] is null or j.queue = any($2::text[])) and not (j.category = any($3::text[])) and j.severity <= $4
       and ($5::text[] is null or j.language is null or split_part(j.language, '-', 1) = any($5::text[]))
       and (j.holder is null or j.lease_until <= $6::timestamptz)
       and (j.snoozed_until is null or j.snoozed_until <= $6::timestamptz)
       and not exists (select 1 from job_pass p where p.job = j.id and p.reviewer = $7
         and (p.until_at is null or p.until_at > $6::timestamptz))
     order by (j.lane = 'danger') desc, ${byRank ? '' : SOON_FIRST} j.rank_at, j.id limit ${CANDIDATES}`,
    [
      lanes,
      queues ?? null,
      optOut,
      mostSeverity,
      languages ?? null,
      new Date(now).toISOString(),
      id,
      ...(byRank ? [] : [new Date(now + SOON).toISOString()]),
    ],
  )
  return rows.map((row) => row.id)
}

const SOON_FIRST = `case when j.paused_at is null and j.due_at <= $8::timestamptz then j.due_at end nulls last,`

async function takeFirst(
  tx: LedgerTransaction,
  { id, lanes }: Reviewer,
  ids: readonly string[],
): Promise<JobRow | null> {
  const now = new Date(tx.now).toISOString()
  const until = new Date(tx.now + LEASE).toISOString()
  for (const job of ids) {
    const taken = await affectedBy(
      tx.db,
      `update job set holder = $2, lease_until = $4::timestamptz, leased_at = $3::timestamptz
       where id = $1 and closed_at is null and lane = any($5::text[])
         and (holder is null or holder = $2 or lease_until <= $3::timestamptz)`,
      [job, id, now, until, lanes as Lane[]],
    )
    if (taken === 0) continue
    await tx.record('job.taken', { job })
    return jobRow(tx.db, job)
  }
  return null
}

/** A sign of life: prolongs the lease. False when the job is no longer in their hands. Not an entry of its own in the chain. */
export async function heartbeat(db: Db, id: string, reviewer: string, now: number): Promise<boolean> {
  const prolonged = await affectedBy(
    db,
    `update job set lease_until = $4::timestamptz where id = $1 and holder = $2 and closed_at is null and lease_until > $3::timestamptz`,
    [id, reviewer, new Date(now).toISOString(), new Date(now + LEASE).toISOString()],
  )
  return prolonged === 1
}
