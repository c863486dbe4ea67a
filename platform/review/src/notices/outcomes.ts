import { rowsOf } from '@firebreak/intake'
import type { LedgerTransaction } from '@firebreak/ledger'
import type { DecisionRow } from '../decisions/undo.ts'

/** What a reporter is told, whatever the details: they are the affected person's. */
export function publicOutcome(
  outcome: string,
): 'action-taken' | 'no-violation' | 'not-enough-information' | 'out-of-scope' {
  if (outcome === 'violation') return 'action-taken'
  if (outcome === 'not-enough') return 'not-enough-information'
  return outcome === 'out-of-scope' ? 'out-of-scope' : 'no-violation'
}

/** Type of the webhook that tells a platform what became of a report. */
export const OUTCOME_EVENT = 'org.firebreak.report.outcome.v1'

/** One webhook per report and endpoint that asks for outcomes: ids and the public outcome, nothing of reporter or subject. */
export async function enqueueOutcomes(tx: LedgerTransaction, { id, job, outcome }: DecisionRow): Promise<void> {
  const at = new Date(tx.now).toISOString()
  await rowsOf(
    tx.db,
    `insert into webhook_delivery (id, endpoint, type, body, state, attempts, next_at, created_at)
     select 'out-' || $1::text || '-' || r.id || '-' || w.id, w.id, $2, json_build_object('specversion', '1.0',
         'id', 'out-' || $1::text || '-' || r.id, 'source', 'firebreak', 'type', $2::text, 'time', $3::text, 'datacontenttype',
         'application/json', 'subject', r.id, 'data', json_build_object('reportId', r.id, 'outcome', $4::text, 'decidedAt', $3::text))::text,
       'waiting', 0, $3::timestamptz, $3::timestamptz
     from report r join webhook_endpoint w on $2 = any(w.types) and w.disabled_at is null
     where r.job = $5 and not r.synthetic on conflict (id) do nothing`,
    [id, OUTCOME_EVENT, at, publicOutcome(outcome), job],
  )
}

/** A webhook of any type to every endpoint that asks for it, written with the deed it tells of. `data` names things by id. */
export async function enqueueWebhook(
  tx: LedgerTransaction,
  event: {
    readonly id: string
    readonly type: string
    readonly subject?: string
    readonly data: Record<string, unknown>
  },
): Promise<void> {
  const at = new Date(tx.now).toISOString()
  const body = JSON.stringify({
    specversion: '1.0',
    id: event.id,
    source: 'firebreak',
    type: event.type,
    time: at,
    datacontenttype: 'application/json',
    ...(event.subject === undefined ? {} : { subject: event.subject }),
    data: event.data,
  })
  await rowsOf(
    tx.db,
    `insert into webhook_delivery (id, endpoint, type, body, state, attempts, next_at, created_at)
     select $1::text || '-' || w.id, w.id, $2, $3, 'waiting', 0, $4::timestamptz, $4::timestamptz from webhook_endpoint w
     where $2 = any(w.types) and w.disabled_at is null on conflict (id) do nothing`,
    [event.id, event.type, body, at],
  )
}
