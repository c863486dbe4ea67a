import type { Db } from '@firebreak/intake'
import { rowsOf } from '@firebreak/intake'
import type { LedgerTransaction } from '@firebreak/ledger'
import { pass } from '../jobs/moves.ts'
import type { JobRow } from '../jobs/row.ts'

/** Share of decisions that somebody else takes again without knowing. Decisions not to act are sampled too: misses are errors as well. */
export interface SamplingRates {
  readonly decisions: number
  readonly nonDecisions: number
  /** Chance that a moderator's next job is a golden item. */
  readonly golden: number
}

/** What is sampled unless told otherwise. */
export const DEFAULT_RATES: SamplingRates = { decisions: 0.05, nonDecisions: 0.03, golden: 0.01 }

/** Whether a decision is drawn; `draw` is uniform in [0, 1). */
export function isDrawn(outcome: string, rates: SamplingRates, draw: number): boolean {
  return draw < (outcome === 'violation' ? rates.decisions : rates.nonDecisions)
}

/** Puts a job that looks like any other in the line: the same subject, reports and evidence, kept from whoever decided the first. */
export async function askAgain(
  tx: LedgerTransaction,
  job: JobRow,
  kind: 'second' | 'golden',
  id: string,
  not: string | null,
): Promise<void> {
  const at = new Date(tx.now).toISOString()
  await rowsOf(
    tx.db,
    `insert into job (id, subject, lane, queue, category, language, severity, reach, voices, reports, synthetic, opened_at, rank_at, kind, origin)
     select $1, subject, lane, queue, category, language, severity, reach, voices, reports, synthetic, $2::timestamptz,
       $2::timestamptz - (opened_at - rank_at), $3, $4 from job where id = $5`,
    [id, at, kind, job.origin ?? job.id, job.id],
  )
  if (not !== null) await pass(tx, id, not, null)
}

/** A golden item that this person was not asked before, oldest asked first; null when there is none. */
export async function goldenFor(db: Db, reviewer: string, lanes: readonly string[]): Promise<string | null> {
  const [row] = await rowsOf<{ job: string }>(
    db,
    `select g.job from golden g join job j on j.id = g.job where g.retired_at is null and j.lane = any($2::text[])
       and not exists (select 1 from opinion o where o.kind = 'golden' and o.reviewer = $1 and o.decision = g.id)
       and not exists (select 1 from decision d where d.job = g.job and d.decider = $1)
     order by (select count(*) from opinion o where o.decision = g.id), g.at limit 1`,
    [reviewer, lanes],
  )
  return row?.job ?? null
}
