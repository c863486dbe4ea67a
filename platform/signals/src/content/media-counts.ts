import type { LedgerTransaction } from '@firebreak/ledger'
import type { MediumState } from './media-store.ts'

/** How many media stand where. */
export interface MediaCounts {
  readonly states: Record<MediumState, number>
  /** Failed media by error code. */
  readonly errors: Record<string, number>
  /** Hashed media for which a kind of hash could not be made, by error code. */
  readonly partial: Record<string, number>
  readonly oldestPendingAt: string | null
}

/** Counts all media by state, and the failed and half-compared ones by error. */
export async function mediaCounts(db: Pick<LedgerTransaction['db'], 'selectFrom'>): Promise<MediaCounts> {
  const rows = await db
    .selectFrom('medium')
    .select((e) => ['state', 'error', e.fn.countAll<number>().as('count'), e.fn.min('created_at').as('oldest')])
    .groupBy(['state', 'error'])
    .execute()
  const states: Record<MediumState, number> = { pending: 0, hashed: 0, failed: 0, off: 0, gone: 0 }
  const errors: Record<string, number> = {}
  const partial: Record<string, number> = {}
  let oldest: Date | null = null
  for (const { state, error, count, oldest: since } of rows) {
    states[state as MediumState] += Number(count)
    if (state === 'failed' && error !== null) errors[error] = (errors[error] ?? 0) + Number(count)
    if (state === 'hashed' && error !== null) partial[error] = (partial[error] ?? 0) + Number(count)
    if (state === 'pending' && since !== null && (oldest === null || since < oldest)) oldest = since
  }
  return { states, errors, partial, oldestPendingAt: oldest?.toISOString() ?? null }
}
