import type { Clock } from '@firebreak/kernel'
import type { Store } from '../store/store.ts'
import type { Sessions, User } from '../types.ts'
import { newToken, tokenHash } from './tokens.ts'
import { fromUserRow, type UserRow } from './users.ts'

/** Sign-in sessions and one-time links. Not in the chain (they come and go); the caller records the sign-in itself. */
export function sessionsOver(store: Store, clock: Clock, randomBytes: (size: number) => Uint8Array): Sessions {
  const now = () => new Date(clock()).toISOString()
  const live = async (from: string, token: string): Promise<User | null> => {
    const { rows } = await store.query<UserRow>(
      `select u.* from ${from} s join app_user u on u.id = s.user_id where s.expires_at > $2::timestamptz and u.disabled_at is null`,
      [tokenHash(token), now()],
    )
    return rows[0] === undefined ? null : fromUserRow(rows[0])
  }
  return {
    async create(userId, { ttlMs, once = false }) {
      const token = newToken(once ? 'fbl' : 'fbs', randomBytes)
      await store.query(
        'insert into session (token_hash, user_id, once, created_at, expires_at) values ($1, $2, $3, $4::timestamptz, $5::timestamptz)',
        [tokenHash(token), userId, once, now(), new Date(clock() + ttlMs).toISOString()],
      )
      return token
    },
    verify: (token) => live('(select * from session where token_hash = $1 and not once)', token),
    async redeem(token) {
      const { rows } = await store.query<UserRow>(
        `with used as (delete from session where token_hash = $1 and once returning user_id, expires_at)
         select u.* from used join app_user u on u.id = used.user_id where used.expires_at > $2::timestamptz and u.disabled_at is null`,
        [tokenHash(token), now()],
      )
      return rows[0] === undefined ? null : fromUserRow(rows[0])
    },
    async end(token) {
      await store.query('delete from session where token_hash = $1', [tokenHash(token)])
    },
  }
}
