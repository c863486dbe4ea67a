import { type Db, rowsOf } from '@firebreak/intake'
import { HOUR, SECOND } from '@firebreak/kernel'
import type { Ledger, Principal } from '@firebreak/ledger'
import { DANGER_EVENT } from '../danger/pager.ts'

/** Posts a signed body; an answer outside 2xx, or none, is a failure worth a second try. Never throws. */
export type PostWebhook = (request: {
  readonly url: string
  readonly secret: string
  readonly id: string
  readonly body: string
}) => Promise<
  | { readonly ok: true; readonly status: number }
  | { readonly ok: false; readonly status?: number; readonly error: string }
>

/** What delivering needs. */
export interface DeliveryParts {
  readonly ledger: Pick<Ledger, 'db'>
  readonly post: PostWebhook
  readonly unseal: (sealed: string) => string
}

/** Tries in all: over about a day and a half. Then the delivery is a dead letter, kept and replayable. */
export const MOST_TRIES = 10
/** How long another process leaves a delivery alone that one is trying. */
const CLAIM = 60 * SECOND

/** Wait after the nth failed try. */
export function backoff(attempts: number): number {
  return Math.min(12 * HOUR, 5 * SECOND * 4 ** (attempts - 1))
}

interface Claimed {
  readonly id: string
  readonly type: string
  readonly body: string
  readonly attempts: number
  readonly url: string
  readonly sealed_secret: string
}

/** Delivers what is due, pages of the danger lane first, up to `limit` at once, at least once each; the receiver knows repetitions by `webhook-id`. Returns how many were tried. */
export async function deliverDue({ ledger, post, unseal }: DeliveryParts, now: number, limit = 20): Promise<number> {
  const due = await rowsOf<Claimed>(
    ledger.db,
    `update webhook_delivery d set next_at = $2::timestamptz, attempts = d.attempts + 1 from webhook_endpoint w
     where w.id = d.endpoint and d.id in (select x.id from webhook_delivery x join webhook_endpoint e on e.id = x.endpoint
       where x.state = 'waiting' and x.next_at <= $1::timestamptz and e.disabled_at is null
       order by (x.type = '${DANGER_EVENT}') desc, x.next_at limit $3 for update of x skip locked)
     returning d.id, d.type, d.body, d.attempts, w.url, w.sealed_secret`,
    [new Date(now).toISOString(), new Date(now + CLAIM).toISOString(), limit],
  )
  await Promise.all(
    due.map(async ({ id, body, attempts, url, sealed_secret }) => {
      const answer = await post({ url, secret: unseal(sealed_secret), id, body })
      await settle(ledger.db, id, attempts, answer, now)
    }),
  )
  return due.length
}

async function settle(
  db: Db,
  id: string,
  attempts: number,
  answer: Awaited<ReturnType<PostWebhook>>,
  now: number,
): Promise<void> {
  const state = answer.ok ? 'delivered' : attempts >= MOST_TRIES ? 'dead' : 'waiting'
  await rowsOf(
    db,
    `update webhook_delivery set state = $2, last_status = $3, last_error = $4, next_at = $5::timestamptz,
       delivered_at = case when $2 = 'delivered' then $6::timestamptz end where id = $1`,
    [
      id,
      state,
      answer.status ?? null,
      answer.ok ? null : answer.error.slice(0, 500),
      new Date(now + backoff(attempts)).toISOString(),
      new Date(now).toISOString(),
    ],
  )
}

/** A line of the delivery log; never a body. */
export interface Delivery {
  readonly id: string
  readonly endpoint: string
  readonly type: string
  readonly state: 'waiting' | 'delivered' | 'dead'
  readonly attempts: number
  readonly nextAt: string
  readonly lastStatus: number | null
  readonly lastError: string | null
  readonly createdAt: string
  readonly deliveredAt: string | null
}

/** The delivery log, newest first. */
export async function listDeliveries(
  db: Db,
  query: { readonly state?: string; readonly endpoint?: string; readonly limit: number },
): Promise<Delivery[]> {
  const rows = await rowsOf<{
    id: string
    endpoint: string
    type: string
    state: Delivery['state']
    attempts: number
    next_at: Date
    last_status: number | null
    last_error: string | null
    created_at: Date
    delivered_at: Date | null
  }>(
    db,
    `select id, endpoint, type, state, attempts, next_at, last_status, last_error, created_at, delivered_at from webhook_delivery
     where ($1::text is null or state = $1) and ($2::text is null or endpoint = $2) order by created_at desc, id limit $3`,
    [query.state ?? null, query.endpoint ?? null, query.limit],
  )
  return rows.map((row) => ({
    id: row.id,
    endpoint: row.endpoint,
    type: row.type,
    state: row.state,
    attempts: row.attempts,
    nextAt: row.next_at.toISOString(),
    lastStatus: row.last_status,
    lastError: row.last_error,
    createdAt: row.created_at.toISOString(),
    deliveredAt: row.delivered_at?.toISOString() ?? null,
  }))
}

/** Puts dead letters back into the line (all, or one). Returns how many. */
export function replayDead(ledger: Pick<Ledger, 'transaction'>, id: string | null, by: Principal): Promise<number> {
  return ledger.transaction(by, async (tx) => {
    const rows = await rowsOf<{ id: string }>(
      tx.db,
      `update webhook_delivery set state = 'waiting', attempts = 0, next_at = $2::timestamptz
       where state = 'dead' and ($1::text is null or id = $1) returning id`,
      [id, new Date(tx.now).toISOString()],
    )
    if (rows.length > 0) await tx.record('webhook.replayed', { deliveries: rows.length })
    return rows.length
  })
}
