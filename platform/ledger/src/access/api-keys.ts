import { type Clock, FirebreakError, MINUTE } from '@firebreak/kernel'
import { recordIn } from '../audit/record.ts'
import type { Store } from '../store/store.ts'
import type { ApiKey, ApiKeys } from '../types.ts'
import type { Writer } from '../writer/writer.ts'
import { newToken, tokenHash } from './tokens.ts'

interface ApiKeyRow {
  readonly id: string
  readonly name: string
  readonly scopes: string[]
  readonly created_at: Date
  readonly expires_at: Date | null
  readonly revoked_at: Date | null
  readonly last_used_at: Date | null
}

function fromRow(row: ApiKeyRow): ApiKey {
  const iso = (date: Date | null) => date?.toISOString() ?? null
  return {
    id: row.id,
    name: row.name,
    scopes: row.scopes,
    createdAt: row.created_at.toISOString(),
    expiresAt: iso(row.expires_at),
    revokedAt: iso(row.revoked_at),
    lastUsedAt: iso(row.last_used_at),
  }
}

/** Words such as "tomorrow" mean something to one store and nothing to the other. */
function isoTime(text: string): string {
  const at = /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(at)) throw new FirebreakError('input/invalid', ['A key expires at an ISO time'])
  return new Date(at).toISOString()
}

/** Keys of machines. The token is shown once. */
export function apiKeysOver(
  store: Store,
  writer: Writer,
  clock: Clock,
  randomBytes: (size: number) => Uint8Array,
): ApiKeys {
  return {
    create: async ({ name, scopes, expiresAt: until }, by) => {
      const expiresAt = until === undefined ? null : isoTime(until)
      const token = newToken('fbk', randomBytes)
      return writer.write(async (context) => {
        const id = `key-${Buffer.from(context.random.take(9)).toString('base64url')}`
        const { rows } = await context.sql.query<ApiKeyRow>(
          `insert into api_key (id, name, token_hash, scopes, created_at, expires_at)
           values ($1, $2, $3, $4::text[], $5::timestamptz, $6::timestamptz) returning *`,
          [id, name, tokenHash(token), scopes, new Date(context.now).toISOString(), expiresAt],
        )
        await recordIn(context, 'api-key.created', { key: id, name, scopes }, by)
        return { key: fromRow(rows[0]!), token }
      })
    },
    async verify(token) {
      const now = clock()
      const { rows } = await store.query<ApiKeyRow>(
        `select * from api_key where token_hash = $1 and revoked_at is null and (expires_at is null or expires_at > $2::timestamptz)`,
        [tokenHash(token), new Date(now).toISOString()],
      )
      const row = rows[0]
      if (row === undefined) return null
      if (row.last_used_at === null || row.last_used_at.getTime() < now - MINUTE)
        await store.query('update api_key set last_used_at = $2::timestamptz where id = $1', [
          row.id,
          new Date(now).toISOString(),
        ])
      return fromRow(row)
    },
    async list() {
      const { rows } = await store.query<ApiKeyRow>('select * from api_key order by created_at, id')
      return rows.map(fromRow)
    },
    revoke: (id, by) =>
      writer.write(async (context) => {
        const { affected } = await context.sql.query(
          'update api_key set revoked_at = $2::timestamptz where id = $1 and revoked_at is null',
          [id, new Date(context.now).toISOString()],
        )
        if (affected > 0) await recordIn(context, 'api-key.revoked', { key: id }, by)
        return affected > 0
      }),
  }
}
