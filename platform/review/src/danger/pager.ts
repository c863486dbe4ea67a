import { type Db, rowsOf } from '@firebreak/intake'
import { FirebreakError, MINUTE } from '@firebreak/kernel'
import type { Ledger } from '@firebreak/ledger'
import { jobRow } from '../jobs/row.ts'
import { principalOf, type Reviewer } from '../reviewer.ts'

/** Type of the webhook that pages; delivered before all others. */
export const DANGER_EVENT = 'org.firebreak.danger.page.v1'

/** When who is called while a report of imminent danger stands unanswered. Steps are numbered by their place. */
export interface EscalationStep {
  readonly afterMinutes: number
  /** A name that the operator's paging knows, e.g. `on-call`. */
  readonly to: string
}

/** Who is called when, unless the operator says otherwise. */
export const DEFAULT_ESCALATION: readonly EscalationStep[] = [
  { afterMinutes: 0, to: 'on-call' },
  { afterMinutes: 5, to: 'second-on-call' },
  { afterMinutes: 10, to: 'safety-lead' },
  { afterMinutes: 20, to: 'everyone' },
]

/** One call. Carries ids and times only: a pager is no place for what somebody said. */
export interface Page {
  readonly job: string
  readonly step: number
  readonly to: string
  readonly waitingMinutes: number
  readonly drill: boolean
}

/** Sends a page by every channel; rejects when none took it. */
export type SendPage = (page: Page) => Promise<void>

interface Waiting {
  readonly id: string
  readonly opened_at: Date
  readonly synthetic: boolean
  readonly done: number[] | null
}

/**
 * Sends every page that is due: for each open, unacknowledged job of the danger lane each step once its time has come. A page that
 * no channel took is tried again at the next round. Call at least every 15 seconds. Returns how many were sent.
 */
export async function pageDue(
  ledger: Pick<Ledger, 'db' | 'record'>,
  send: SendPage,
  now: number,
  steps: readonly EscalationStep[] = DEFAULT_ESCALATION,
): Promise<number> {
  const jobs = await rowsOf<Waiting>(
    ledger.db,
    `select j.id, j.opened_at, j.synthetic,
       (select array_agg(p.step) from page p where p.job = j.id and p.sent_at is not null) as done
     from job j where j.lane = 'danger' and j.closed_at is null and j.acknowledged_at is null order by j.opened_at`,
  )
  let sent = 0
  for (const { id, opened_at, synthetic, done } of jobs)
    for (const [step, { afterMinutes, to }] of steps.entries()) {
      const due = opened_at.getTime() + afterMinutes * MINUTE
      if (due > now || (done ?? []).includes(step)) continue
      const waitingMinutes = Math.floor((now - opened_at.getTime()) / MINUTE)
      if (await sendOne(ledger, send, { job: id, step, to, waitingMinutes, drill: synthetic }, due, now)) sent++
    }
  return sent
}

async function sendOne(
  ledger: Pick<Ledger, 'db' | 'record'>,
  send: SendPage,
  page: Page,
  due: number,
  now: number,
): Promise<boolean> {
  const failed = await send(page).then(
    () => null,
    (error: unknown) => (error as Error).message,
  )
  await rowsOf(
    ledger.db,
    `insert into page (id, job, step, due_at, sent_at, failed) values ($1, $2, $3, $4::timestamptz, $5::timestamptz, $6)
     on conflict (job, step) do update set sent_at = excluded.sent_at, failed = excluded.failed`,
    [
      `${page.job}-${page.step}`,
      page.job,
      page.step,
      new Date(due).toISOString(),
      failed === null ? new Date(now).toISOString() : null,
      failed?.slice(0, 500) ?? null,
    ],
  )
  await ledger.record(
    failed === null ? 'danger.paged' : 'danger.page-failed',
    { job: page.job, step: page.step, to: page.to },
    SYSTEM,
  )
  return failed === null
}

const SYSTEM = { kind: 'system', id: 'review' } as const

/** Somebody has it: paging stops. The job still has to be taken and decided; its clock runs on. */
export function acknowledge(ledger: Pick<Ledger, 'transaction'>, id: string, by: Reviewer): Promise<void> {
  return ledger.transaction(principalOf(by), async (tx) => {
    const job = await jobRow(tx.db, id)
    if (job.lane !== 'danger' || !by.lanes.includes('danger'))
      throw new FirebreakError('http/not-found', ['job with that id'])
    if (job.acknowledged_at !== null) return
    await rowsOf(tx.db, 'update job set acknowledged_at = $2::timestamptz, acknowledged_by = $3 where id = $1', [
      id,
      new Date(tx.now).toISOString(),
      by.id,
    ])
    await tx.record('danger.acknowledged', { job: id })
  })
}

/** Pages that failed and were not sent since: an alarm of their own. */
export async function failedPages(db: Db): Promise<number> {
  const [row] = await rowsOf<{ n: number }>(
    db,
    `select count(*)::int as n from page p join job j on j.id = p.job where p.sent_at is null and j.closed_at is null`,
  )
  return row!.n
}
