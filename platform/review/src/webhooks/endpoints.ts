import { type Db, rowsOf } from '@firebreak/intake'
import type { Ledger, Principal } from '@firebreak/ledger'

/** Where webhooks go. The secret is shown once and kept sealed. */
export interface WebhookEndpoint {
  readonly id: string
  readonly url: string
  readonly types: readonly string[]
  readonly createdAt: string
  readonly disabledAt: string | null
}

/** An endpoint to be, its secret sealed by the caller. */
export interface NewEndpoint {
  readonly id: string
  readonly url: string
  readonly types: readonly string[]
  readonly sealedSecret: string
}

/** Adds an endpoint; from now on events of its types are sent there. */
export async function createEndpoint(
  ledger: Pick<Ledger, 'transaction'>,
  made: NewEndpoint,
  by: Principal,
): Promise<void> {
  await ledger.transaction(by, async (tx) => {
    await rowsOf(
      tx.db,
      `insert into webhook_endpoint (id, url, sealed_secret, types, created_at) values ($1, $2, $3, $4, $5::timestamptz)`,
      [made.id, made.url, made.sealedSecret, made.types, new Date(tx.now).toISOString()],
    )
    await tx.record('webhook.endpoint-created', { endpoint: made.id, types: made.types })
  })
}

/** False when there is no such endpoint in use. What waits for it stays in the log and can be replayed to nobody. */
export function disableEndpoint(ledger: Pick<Ledger, 'transaction'>, id: string, by: Principal): Promise<boolean> {
  return ledger.transaction(by, async (tx) => {
    const rows = await rowsOf(
      tx.db,
      'update webhook_endpoint set disabled_at = $2::timestamptz where id = $1 and disabled_at is null returning id',
      [id, new Date(tx.now).toISOString()],
    )
    if (rows.length > 0) await tx.record('webhook.endpoint-disabled', { endpoint: id })
    return rows.length > 0
  })
}

/** All endpoints, without their secrets. */
export async function listEndpoints(db: Db): Promise<WebhookEndpoint[]> {
  const rows = await rowsOf<{ id: string; url: string; types: string[]; created_at: Date; disabled_at: Date | null }>(
    db,
    'select id, url, types, created_at, disabled_at from webhook_endpoint order by created_at',
  )
  return rows.map(({ id, url, types, created_at, disabled_at }) => ({
    id,
    url,
    types,
    createdAt: created_at.toISOString(),
    disabledAt: disabled_at?.toISOString() ?? null,
  }))
}
