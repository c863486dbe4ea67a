import { FirebreakError, isFirebreakError } from '@firebreak/kernel'
import type { LedgerTransaction, Principal } from '@firebreak/ledger'
import type { EntryState } from './entry.ts'
import type { EntryRow, LexiconStore } from './lexicon-store.ts'

/** Steps that need nothing but the entry and who takes them. */
export const PLAIN_STEPS = ['submit', 'approve', 'publish'] as const
/** One of `PLAIN_STEPS`. */
export type PlainStep = (typeof PLAIN_STEPS)[number]

interface StepKind {
  /** What the chain calls it. */
  readonly deed: string
  readonly from: readonly EntryState[]
  readonly take: (store: LexiconStore, tx: LedgerTransaction, row: EntryRow, by: Principal) => Promise<EntryRow>
}

export const STEPS: Readonly<Record<PlainStep, StepKind>> = {
  submit: {
    deed: 'submitted',
    from: ['test'],
    take: (store, tx, { id }) => store.update(tx, id, { state: 'review' }),
  },
  approve: { deed: 'approved', from: ['review'], take: approve },
  publish: {
    deed: 'published',
    from: ['shadow'],
    take: (store, tx, { id, version }) => store.update(tx, id, { state: 'live', live_version: version }),
  },
}

/** Throws `lexicon/state` when an entry is not where a step begins. */
export function mustBeIn({ state }: EntryRow, allowed: readonly EntryState[]): void {
  if (!allowed.includes(state))
    throw new FirebreakError('lexicon/state', [`this entry is in ${state}; it must be in ${allowed.join(' or ')}`])
}

/** A person other than the entry's owner and the version's author. */
async function approve(store: LexiconStore, tx: LedgerTransaction, row: EntryRow, by: Principal): Promise<EntryRow> {
  const { writtenBy } = await store.version(tx.db, row.id, row.version)
  if (by.kind !== 'user' || by.id === row.owner || by.id === writtenBy)
    throw new FirebreakError('lexicon/second-person')
  await store.approve(tx, row, by.id)
  return store.update(tx, row.id, { state: 'shadow' })
}

/** What became of one entry of many. */
export interface SteppedEntry {
  readonly id: string
  readonly status: 'done' | 'refused'
  readonly code?: string
  readonly reason?: string
}

/** An operator's mistake as an answer; anything else is thrown on. */
export async function answered(id: string, work: () => Promise<unknown>): Promise<SteppedEntry> {
  try {
    await work()
    return { id, status: 'done' }
  } catch (error) {
    if (!isFirebreakError(error)) throw error
    return { id, status: 'refused', code: error.code, reason: error.message }
  }
}
