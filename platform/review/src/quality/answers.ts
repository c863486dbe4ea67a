import { rowsOf } from '@firebreak/intake'
import type { LedgerTransaction } from '@firebreak/ledger'
import type { DecisionInput } from '../decisions/actions.ts'
import type { JobRow } from '../jobs/row.ts'
import type { Reviewer } from '../reviewer.ts'

/**
 * Takes the answer to a job that asked somebody again. It decides nothing outside: it is compared with the first decision (or the
 * agreed answer), and where they differ, it waits in the disagreement queue.
 */
export async function storeAnswer(
  tx: LedgerTransaction,
  job: JobRow,
  by: Reviewer,
  { outcome, policy }: DecisionInput,
  id: string,
): Promise<void> {
  const expected = job.kind === 'golden' ? await goldenAnswer(tx, job) : await firstDecision(tx, job)
  const agrees =
    expected === null ? null : expected.outcome === outcome && (outcome !== 'violation' || expected.policy === policy)
  const at = new Date(tx.now).toISOString()
  await rowsOf(
    tx.db,
    `insert into opinion (id, job, kind, reviewer, outcome, policy, severity, decision, expected, expected_policy, agrees, at, resolved_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12::timestamptz, case when $11 then $12::timestamptz end)`,
    [
      id,
      job.id,
      job.kind,
      by.id,
      outcome,
      policy,
      job.severity,
      expected?.id ?? null,
      expected?.outcome ?? null,
      expected?.policy ?? null,
      agrees,
      at,
    ],
  )
  await rowsOf(tx.db, `update job set closed_at = $2::timestamptz, holder = null, lease_until = null where id = $1`, [
    job.id,
    at,
  ])
  await tx.record('opinion.given', { job: job.id, opinion: id })
}

interface Expected {
  readonly id: string
  readonly outcome: string
  readonly policy: string
}

async function firstDecision(tx: LedgerTransaction, { origin }: JobRow): Promise<Expected | null> {
  const [row] = await rowsOf<Expected>(
    tx.db,
    'select id, outcome, policy from decision where job = $1 order by reversed_at nulls first, decided_at desc limit 1',
    [origin],
  )
  return row ?? null
}

async function goldenAnswer(tx: LedgerTransaction, { origin }: JobRow): Promise<Expected | null> {
  const [row] = await rowsOf<Expected>(tx.db, 'select id, outcome, policy from golden where job = $1', [origin])
  return row ?? null
}
