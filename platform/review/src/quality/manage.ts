import { rowsOf } from '@firebreak/intake'
import { FirebreakError } from '@firebreak/kernel'
import type { Ledger } from '@firebreak/ledger'
import type { Outcome } from '../decisions/actions.ts'
import { jobRow } from '../jobs/row.ts'
import { principalOf, type Reviewer } from '../reviewer.ts'

/** A decided job and its agreed answer. */
export interface GoldenItem {
  readonly job: string
  readonly outcome: Outcome
  readonly policy: string
}

/** Makes a decided job an item whose answer is agreed: it is put before others from time to time, looking like any job. */
export async function makeGolden(
  ledger: Pick<Ledger, 'transaction'>,
  { job, outcome, policy }: GoldenItem,
  by: Reviewer,
  id: string,
): Promise<void> {
  await ledger.transaction(principalOf(by), async (tx) => {
    const row = await jobRow(tx.db, job)
    if (row.closed_at === null || row.kind !== 'report')
      throw new FirebreakError('http/conflict', ['A golden item is made from a decided job'])
    const made = await rowsOf(
      tx.db,
      `insert into golden (id, job, outcome, policy, by_user, at) values ($1, $2, $3, $4, $5, $6::timestamptz)
       on conflict (job) do nothing returning id`,
      [id, job, outcome, policy, by.id, new Date(tx.now).toISOString()],
    )
    if (made.length === 0) throw new FirebreakError('http/conflict', ['This job is a golden item already'])
    await tx.record('golden.made', { golden: id, job })
  })
}

/** Settles a disagreement: which of the two was right is for the reversal of the decision, or its standing, to say. */
export async function resolveDisagreement(
  ledger: Pick<Ledger, 'transaction'>,
  opinion: string,
  by: Reviewer,
  verdict: 'first' | 'second' | 'both',
): Promise<void> {
  await ledger.transaction(principalOf(by), async (tx) => {
    const rows = await rowsOf(
      tx.db,
      `update opinion set resolved_at = $2::timestamptz where id = $1 and resolved_at is null and agrees = false returning id`,
      [opinion, new Date(tx.now).toISOString()],
    )
    if (rows.length === 0) throw new FirebreakError('http/not-found', ['open disagreement with that id'])
    await tx.record('disagreement.resolved', { opinion, verdict })
  })
}

/** An own decision and what became of it. */
export interface OwnFeedback {
  readonly decision: string
  readonly job: string
  readonly outcome: string
  readonly policy: string
  readonly decidedAt: string
  /** Reversed by an appeal or a second look. */
  readonly reversed: boolean
  /** A second look found otherwise. */
  readonly disputed: boolean
}

/** A moderator's own decisions with what became of them: overturned ones come back to who decided, and to nobody else. */
export async function ownDecisions(db: Ledger['db'], reviewer: string, limit: number): Promise<OwnFeedback[]> {
  const rows = await rowsOf<{
    id: string
    job: string
    outcome: string
    policy: string
    decided_at: Date
    reversed: boolean
    disputed: boolean
  }>(
    db,
    `select d.id, d.job, d.outcome, d.policy, d.decided_at, d.reversed_at is not null and d.reversed_by <> d.decider as reversed,
       exists (select 1 from opinion o where o.decision = d.id and o.agrees = false and o.resolved_at is not null) as disputed
     from decision d where d.decider = $1 order by d.decided_at desc limit $2`,
    [reviewer, limit],
  )
  return rows.map(({ id, decided_at, ...row }) => ({ decision: id, decidedAt: decided_at.toISOString(), ...row }))
}
