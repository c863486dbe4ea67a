import { type Db, rowsOf } from '@firebreak/intake'
import type { Ref } from '@firebreak/kernel'
import { FirebreakError } from '@firebreak/kernel'
import type { Ledger } from '@firebreak/ledger'
import { principalOf, type Reviewer } from '../reviewer.ts'

/** What is on file about a subject, in counts and decisions: no words, no reporters. */
export interface OnFile {
  readonly subject: Ref
  readonly reports: number
  readonly openJobs: readonly { readonly id: string; readonly queue: string; readonly category: string }[]
  readonly decisions: readonly {
    readonly id: string
    readonly outcome: string
    readonly policy: string
    readonly decidedAt: string
    readonly reversed: boolean
  }[]
  /** The look-up is reviewed: it was not for an open job in hand. */
  readonly willBeReviewed: boolean
}

/**
 * Looks a subject up. With a job about it in hand that is part of the work; without one it needs a purpose, is counted, and waits for
 * somebody to review it. Lanes not open to the person stay out of the answer.
 */
export async function lookUp(
  ledger: Pick<Ledger, 'db' | 'transaction'>,
  by: Reviewer,
  subject: Ref,
  purpose: string,
  id: string,
): Promise<OnFile> {
  const found = await ledger.transaction(principalOf(by), async (tx) => {
    const [entity] = await rowsOf<{ id: number }>(tx.db, 'select id from entity where kind = $1 and name = $2', [
      subject.type,
      subject.id,
    ])
    const [job] = await rowsOf<{ id: string }>(
      tx.db,
      'select id from job where subject = $1 and holder = $2 and closed_at is null and lease_until > $3::timestamptz limit 1',
      [entity?.id ?? -1, by.id, new Date(tx.now).toISOString()],
    )
    if (job === undefined && purpose.trim().length < 5) throw new FirebreakError('review/purpose')
    await rowsOf(
      tx.db,
      'insert into lookup (id, reviewer, subject, purpose, job, at) values ($1, $2, $3, $4, $5, $6::timestamptz)',
      [id, by.id, entity?.id ?? null, purpose, job?.id ?? null, new Date(tx.now).toISOString()],
    )
    await tx.record('lookup', { lookup: id, job: job?.id ?? null })
    return { entity: entity?.id ?? null, job: job?.id ?? null }
  })
  return { subject, ...(await onFile(ledger.db, found.entity, by.lanes)), willBeReviewed: found.job === null }
}

async function onFile(
  db: Db,
  entity: number | null,
  lanes: readonly string[],
): Promise<Pick<OnFile, 'reports' | 'openJobs' | 'decisions'>> {
  if (entity === null) return { reports: 0, openJobs: [], decisions: [] }
  const [[count], openJobs, decisions] = await Promise.all([
    rowsOf<{ n: number }>(
      db,
      'select count(*)::int as n from report r join job j on j.id = r.job where r.subject = $1 and j.lane = any($2::text[])',
      [entity, lanes],
    ),
    rowsOf<{ id: string; queue: string; category: string }>(
      db,
      `select id, queue, category from job where subject = $1 and closed_at is null and kind = 'report' and lane = any($2::text[])`,
      [entity, lanes],
    ),
    rowsOf<{ id: string; outcome: string; policy: string; decided_at: Date; reversed_at: Date | null }>(
      db,
      `select d.id, d.outcome, d.policy, d.decided_at, d.reversed_at from decision d join job j on j.id = d.job
       where d.subject = $1 and j.lane = any($2::text[]) order by d.decided_at desc limit 50`,
      [entity, lanes],
    ),
  ])
  return {
    reports: count!.n,
    openJobs,
    decisions: decisions.map(({ decided_at, reversed_at, ...rest }) => ({
      ...rest,
      decidedAt: decided_at.toISOString(),
      reversed: reversed_at !== null,
    })),
  }
}

/** A look-up that waits for review: who and why, not whom. */
export interface LookupRow {
  readonly id: string
  readonly reviewer: string
  readonly purpose: string
  readonly at: string
}

/** Look-ups without a job that nobody has reviewed yet, oldest first, and how many each person made in the last 30 days. */
export async function openLookups(
  db: Db,
  now: number,
  limit: number,
): Promise<{ lookups: LookupRow[]; counts: { reviewer: string; count: number }[] }> {
  const [rows, counts] = await Promise.all([
    rowsOf<{ id: string; reviewer: string; purpose: string; at: Date }>(
      db,
      'select id, reviewer, purpose, at from lookup where reviewed_at is null and job is null order by at limit $1',
      [limit],
    ),
    rowsOf<{ reviewer: string; count: number }>(
      db,
      `select reviewer, count(*)::int as count from lookup where job is null and at >= $1::timestamptz group by reviewer order by 2 desc`,
      [new Date(now - 30 * 86_400_000).toISOString()],
    ),
  ])
  return { lookups: rows.map(({ at, ...row }) => ({ ...row, at: at.toISOString() })), counts }
}

/** Somebody else looks at a look-up and says whether it was in order. False when there is none of theirs to review. */
export function reviewLookup(
  ledger: Pick<Ledger, 'transaction'>,
  id: string,
  by: Reviewer,
  inOrder: boolean,
): Promise<boolean> {
  return ledger.transaction(principalOf(by), async (tx) => {
    const rows = await rowsOf(
      tx.db,
      `update lookup set reviewed_at = $2::timestamptz, reviewed_by = $3 where id = $1 and reviewed_at is null and reviewer <> $3 returning id`,
      [id, new Date(tx.now).toISOString(), by.id],
    )
    if (rows.length > 0) await tx.record('lookup.reviewed', { lookup: id, inOrder })
    return rows.length > 0
  })
}
