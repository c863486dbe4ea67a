import { rowsOf } from '@firebreak/intake'
import type { Ledger, LedgerTransaction } from '@firebreak/ledger'
import { enqueueOutcomes } from '../notices/outcomes.ts'
import { appendOne, type DecisionData, dataOf, decisionEvent } from './decide.ts'
import type { DecisionRow } from './undo.ts'

const BY = { kind: 'system', id: 'review' } as const
const AT_ONCE = 50

/**
 * Lets decisions whose undo window is over take effect: the event that enforcement acts on, the reporters' standing, the outcome to
 * each reporter, all in one transaction per decision. Call every few seconds; safe from several processes. One that fails
 * is told to `onFault` and tried again next time. Returns how many took effect.
 */
export async function settleDecisions(
  ledger: Pick<Ledger, 'db' | 'events' | 'transaction'>,
  now: number,
  onFault: (error: unknown) => void = () => {},
): Promise<number> {
  const due = await rowsOf<DecisionRow>(
    ledger.db,
    `select * from decision where settled_at is null and reversed_at is null and effective_at <= $1::timestamptz
     order by effective_at limit ${AT_ONCE}`,
    [new Date(now).toISOString()],
  )
  let settled = 0
  for (const row of due)
    try {
      const [event] = await ledger.events({ afterSeq: row.seq - 1, limit: 1 })
      const made = event?.seq === row.seq ? event : undefined
      const data = made === undefined ? undefined : dataOf(made)
      if (await ledger.transaction(BY, (tx) => settleOne(tx, row, made?.subject ?? null, data))) settled++
    } catch (error) {
      // One that cannot take effect must not hold up those behind it.
      onFault(error)
    }
  return settled
}

async function settleOne(
  tx: LedgerTransaction,
  row: DecisionRow,
  subject: { type: string; id: string } | null,
  data: DecisionData | undefined,
): Promise<boolean> {
  const [claimed] = await rowsOf<{ id: string }>(
    tx.db,
    `update decision set settled_at = $2::timestamptz where id = $1 and settled_at is null and reversed_at is null returning id`,
    [row.id, new Date(tx.now).toISOString()],
  )
  if (claimed === undefined) return false
  // Of an erased subject nothing is left to act on: the reporters still get their answer.
  if (subject !== null && data !== undefined)
    await appendOne(tx, decisionEvent('decision.effective', row.id, row.job, subject, tx.now, { ...data }))
  if (!row.synthetic) {
    await standing(tx, row)
    await enqueueOutcomes(tx, row)
  }
  return true
}

/** Every report of the job counts for its reporter: decided, and upheld when there was a violation. */
async function standing(tx: LedgerTransaction, { job, outcome }: DecisionRow): Promise<void> {
  await rowsOf(
    tx.db,
    `insert into reporter (key, reporter_class, decided, upheld, first_at, last_at)
     select reporter, max(reporter_class), count(*)::int, case when $2 then count(*)::int else 0 end, min(received_at), $3::timestamptz
     from report where job = $1 and reporter is not null group by reporter
     on conflict (key) do update set decided = reporter.decided + excluded.decided, upheld = reporter.upheld + excluded.upheld,
       last_at = excluded.last_at`,
    [job, outcome === 'violation', new Date(tx.now).toISOString()],
  )
}
