import { type Db, type Lane, rowsOf } from '@firebreak/intake'
import { clockOf, type DueClock, SOON } from './clock.ts'
import { heldBy, type JobRow } from './row.ts'

/** A queue in numbers. */
export interface QueueSummary {
  readonly queue: string
  readonly lane: Lane
  readonly open: number
  readonly inHand: number
  readonly snoozed: number
  readonly oldestOpenedAt: string
  /** Clocks that breach within four hours, and those that did. */
  readonly soon: number
  readonly breached: number
  readonly paused: number
}

/** Queues with open jobs in the given lanes. */
export async function queueSummaries(db: Db, lanes: readonly Lane[], now: number): Promise<QueueSummary[]> {
  const rows = await rowsOf<Omit<QueueSummary, 'oldestOpenedAt'> & { oldest: Date }>(
    db,
    `select queue, lane, count(*)::int as open, (count(*) filter (where lease_until > $2::timestamptz))::int as "inHand",
       (count(*) filter (where snoozed_until > $2::timestamptz))::int as snoozed, min(opened_at) as oldest,
       (count(*) filter (where paused_at is null and due_at > $2::timestamptz and due_at <= $3::timestamptz))::int as soon,
       (count(*) filter (where paused_at is null and due_at <= $2::timestamptz))::int as breached,
       (count(*) filter (where paused_at is not null))::int as paused
     from job where closed_at is null and not synthetic and lane = any($1::text[]) group by queue, lane order by queue, lane`,
    [lanes, new Date(now).toISOString(), new Date(now + SOON).toISOString()],
  )
  return rows.map(({ oldest, ...row }) => ({ ...row, oldestOpenedAt: oldest.toISOString() }))
}

/** A line of a queue: enough to see what waits, nothing of what was said. */
export interface QueueRow {
  readonly id: string
  readonly queue: string
  readonly lane: Lane
  readonly category: string
  readonly language: string | null
  readonly severity: number
  readonly reports: number
  readonly voices: number
  readonly reach: number
  readonly evidence: number
  readonly subject: { readonly type: string; readonly id: string }
  readonly openedAt: string
  readonly clock: DueClock | null
  readonly snoozedUntil: string | null
  readonly escalated: boolean
  /** Who has it in hand now. */
  readonly holder: string | null
  readonly heldUntil: string | null
}

type Listed = JobRow & { subject_kind: string; subject_name: string | null; evidence: number }

/** The first open jobs of a queue in the order they will be given. Synthetic ones only in the danger lane: drills. */
export async function queueRows(
  db: Db,
  lanes: readonly Lane[],
  query: { readonly queue?: string; readonly limit: number },
  now: number,
): Promise<QueueRow[]> {
  const rows = await rowsOf<Listed>(
    db,
    `select j.*, e.kind as subject_kind, e.name as subject_name,
       (select count(*) from evidence v where v.job = coalesce(j.origin, j.id))::int as evidence
     from job j join entity e on e.id = j.subject
     where j.closed_at is null and (not j.synthetic or j.lane = 'danger') and j.lane = any($1::text[]) and ($2::text is null or j.queue = $2) order by j.rank_at, j.id limit $3`,
    [lanes, query.queue ?? null, query.limit],
  )
  return rows.map((row) => rowOf(row, now))
}

function rowOf(job: Listed, now: number): QueueRow {
  const holder = heldBy(job, now)
  return {
    id: job.id,
    queue: job.queue,
    lane: job.lane,
    category: job.category,
    language: job.language,
    severity: job.severity,
    reports: job.reports,
    voices: job.voices,
    reach: job.reach,
    evidence: job.evidence,
    subject: { type: job.subject_kind, id: job.subject_name ?? `erased-${job.subject}` },
    openedAt: job.opened_at.toISOString(),
    clock: clockOf(job, now),
    snoozedUntil: job.snoozed_until?.toISOString() ?? null,
    escalated: job.escalated_at !== null,
    holder,
    heldUntil: holder === null ? null : job.lease_until!.toISOString(),
  }
}
