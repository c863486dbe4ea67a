import type { Store } from '../store/store.ts'
import type { Cursor } from '../types.ts'

export function cursorOver(store: Store, name: string): Cursor {
  return {
    async get() {
      const { rows } = await store.query<{ seq: number }>('select seq from cursor_position where name = $1', [name])
      return rows[0]?.seq ?? 0
    },
    async set(seq) {
      await store.query(
        'insert into cursor_position (name, seq) values ($1, $2) on conflict (name) do update set seq = excluded.seq',
        [name, seq],
      )
    },
  }
}

/** Takes or prolongs the lease on a cursor; null while another holds it. Answers the cursor's position. */
export async function leaseCursor(
  store: Store,
  name: string,
  holder: string,
  now: number,
  ms: number,
): Promise<number | null> {
  const { rows } = await store.query<{ seq: number }>(
    `insert into cursor_position (name, seq, holder, held_until) values ($1, 0, $2, $4::timestamptz)
     on conflict (name) do update set holder = excluded.holder, held_until = excluded.held_until
       where cursor_position.holder is null or cursor_position.holder = $2 or cursor_position.held_until < $3::timestamptz
     returning seq`,
    [name, holder, new Date(now).toISOString(), new Date(now + ms).toISOString()],
  )
  return rows[0]?.seq ?? null
}

/** Moves a leased cursor; false when the lease was lost in the meantime. */
export async function moveLeased(store: Store, name: string, holder: string, seq: number): Promise<boolean> {
  const { affected } = await store.query('update cursor_position set seq = $3 where name = $1 and holder = $2', [
    name,
    holder,
    seq,
  ])
  return affected > 0
}

export async function releaseCursor(store: Store, name: string, holder: string): Promise<void> {
  await store.query('update cursor_position set holder = null, held_until = null where name = $1 and holder = $2', [
    name,
    holder,
  ])
}
