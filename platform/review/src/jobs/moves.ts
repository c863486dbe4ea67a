import { rowsOf } from '@firebreak/intake'
import { DAY, FirebreakError, HOUR } from '@firebreak/kernel'
import type { Ledger, LedgerTransaction } from '@firebreak/ledger'
import { principalOf, type Reviewer } from '../reviewer.ts'
import { dueAfterPause, SOON } from './clock.ts'
import { heldJob, type JobRow, jobRow } from './row.ts'

/** The longest a job can be put off. */
const LONGEST_SNOOZE = 7 * DAY
/** A stopped clock runs on by itself after this. */
const LONGEST_PAUSE = 7 * DAY
/** A skipped job comes back to the same person after this; others get it at once. */
const SKIP_FOR = HOUR
const RELEASE = 'holder = null, lease_until = null, leased_at = null'

type Source = Pick<Ledger, 'transaction'>

/** Everything that can be done with a job in hand but deciding it. Each is one transaction with its record in the chain. */
export class Moves {
  readonly #ledger: Source

  constructor(ledger: Source) {
    this.#ledger = ledger
  }

  /** Gives it back unchanged. */
  release(id: string, by: Reviewer): Promise<void> {
    return this.#held(id, by, 'job.released', async (tx) => {
      await this.#set(tx, id, RELEASE)
      return undefined
    })
  }

  /** Not now: others get it, this person again in an hour. */
  skip(id: string, by: Reviewer): Promise<void> {
    return this.#held(id, by, 'job.skipped', async (tx) => {
      await pass(tx, id, by.id, tx.now + SKIP_FOR)
      await this.#set(tx, id, RELEASE)
      return undefined
    })
  }

  /** Not me: never offered to this person again. No reason is asked, none is kept, and it counts against nobody. */
  pass(id: string, by: Reviewer): Promise<void> {
    return this.#held(id, by, 'job.passed', async (tx) => {
      await pass(tx, id, by.id, null)
      await this.#set(tx, id, RELEASE)
      return undefined
    })
  }

  /** To those who decide hard cases: the queue `escalated`, above what waits there already. */
  escalate(id: string, by: Reviewer, reason: string): Promise<void> {
    return this.#held(id, by, 'job.escalated', async (tx) => {
      await pass(tx, id, by.id, null)
      await this.#set(tx, id, `${RELEASE}, queue = 'escalated', escalated_at = $2::timestamptz`, [iso(tx.now)])
      return { reason }
    })
  }

  async move(id: string, by: Reviewer, queue: string): Promise<void> {
    return this.#held(id, by, 'job.moved', async (tx, job) => {
      await this.#set(tx, id, `${RELEASE}, queue = $2`, [queue])
      return { from: job.queue, to: queue }
    })
  }

  snooze(id: string, by: Reviewer, until: number): Promise<void> {
    return this.#held(id, by, 'job.snoozed', async (tx, job) => {
      const latest = Math.min(tx.now + LONGEST_SNOOZE, job.due_at === null ? Infinity : job.due_at.getTime() - SOON)
      if (job.lane === 'danger' || until > latest)
        throw new FirebreakError('http/conflict', [
          'Danger is not snoozed, nothing longer than a week, no clock into its last hours',
        ])
      if (until <= tx.now) throw new FirebreakError('input/invalid', ['Snooze until a time to come'])
      await this.#set(tx, id, `${RELEASE}, snoozed_until = $2::timestamptz`, [iso(until)])
      return { until: iso(until) }
    })
  }

  /** Stops the due clock, e.g. while the person asking must add something. The reason shows beside the clock. */
  pause(id: string, by: Reviewer, reason: string): Promise<void> {
    return this.#held(id, by, 'clock.paused', async (tx, job) => {
      if (job.lane === 'danger') throw new FirebreakError('http/conflict', ['The clock of a danger is not stopped'])
      if (job.due_at === null || job.paused_at !== null)
        throw new FirebreakError('http/conflict', ['This job has no running clock'])
      await this.#set(tx, id, 'paused_at = $2::timestamptz, pause_reason = $3', [iso(tx.now), reason])
      return { reason }
    })
  }

  /** Lets the clock run on with what was left. */
  resume(id: string, by: Reviewer): Promise<void> {
    return this.#ledger.transaction(principalOf(by), async (tx) => {
      const job = await jobRow(tx.db, id)
      if (!by.lanes.includes(job.lane)) throw new FirebreakError('http/not-found', ['job with that id'])
      if (job.due_at === null || job.paused_at === null)
        throw new FirebreakError('http/conflict', ['This clock is not paused'])
      const due = dueAfterPause(job.due_at.getTime(), job.paused_at.getTime(), tx.now)
      await this.#set(tx, id, 'due_at = $2::timestamptz, paused_at = null, pause_reason = null', [iso(due)])
      await tx.record('clock.resumed', { job: id, due: iso(due) })
    })
  }

  async #held(
    id: string,
    by: Reviewer,
    kind: string,
    change: (tx: LedgerTransaction, job: JobRow) => Promise<Record<string, unknown> | undefined>,
  ): Promise<void> {
    await this.#ledger.transaction(principalOf(by), async (tx) => {
      const job = await heldJob(tx.db, id, by.id, tx.now)
      const said = await change(tx, job)
      await tx.record(kind, { job: id, ...(said ?? {}) })
    })
  }

  async #set(tx: LedgerTransaction, id: string, assignments: string, params: readonly unknown[] = []): Promise<void> {
    await rowsOf(tx.db, `update job set ${assignments} where id = $1`, [id, ...params])
  }
}

/** Clocks that stood still for a week run on by themselves: a pause is for a question, not for a drawer. Returns how many. */
export function endLongPauses(ledger: Source, now: number): Promise<number> {
  return ledger.transaction({ kind: 'system', id: 'review' }, async (tx) => {
    const rows = await rowsOf<{ id: string }>(
      tx.db,
      `update job set due_at = due_at + ($1::timestamptz - paused_at), paused_at = null, pause_reason = null
       where closed_at is null and paused_at <= $2::timestamptz returning id`,
      [iso(now), iso(now - LONGEST_PAUSE)],
    )
    for (const { id } of rows) await tx.record('clock.resumed', { job: id })
    return rows.length
  })
}

/** Keeps a job from a person until a time, or for good. */
export async function pass(tx: LedgerTransaction, job: string, reviewer: string, until: number | null): Promise<void> {
  await rowsOf(
    tx.db,
    `insert into job_pass (job, reviewer, until_at) values ($1, $2, $3::timestamptz)
     on conflict (job, reviewer) do update set until_at = excluded.until_at`,
    [job, reviewer, until === null ? null : iso(until)],
  )
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
