import { rowsOf } from '@firebreak/intake'
import type { Ledger } from '@firebreak/ledger'
import { referenceOf } from '../jobs/dossier.ts'

/** What the platform says to a hold request. */
export type HoldAnswer = 'held' | 'gone' | 'refused'

/** Asks the platform to keep an item while it is reported. Rejects when the platform cannot be asked now. */
export type AskHold = (reference: string, report: string) => Promise<HoldAnswer>

const AT_ONCE = 50

/**
 * Asks for every item of new reports that it be kept: what a moderator will look at must still be there, or the dossier says why not.
 * Items whose platform cannot be reached stay unasked for the next round. Returns how many were answered.
 */
export async function askHolds(ledger: Pick<Ledger, 'db' | 'events'>, ask: AskHold, now: number): Promise<number> {
  const rows = await rowsOf<{ id: string; report: string }>(
    ledger.db,
    `select id, report from evidence where hold = 'unasked' order by coalesce(hold_at, added_at) limit ${AT_ONCE}`,
  )
  let answered = 0
  for (const { id, report } of rows) {
    const found = await referenceOf(ledger, id)
    const answer = found === null ? 'gone' : await ask(found.reference, report).catch(() => null)
    // What cannot be asked now goes to the end of the line: it must not hold up the others.
    await rowsOf(ledger.db, 'update evidence set hold = $2, hold_at = $3::timestamptz where id = $1', [
      id,
      answer ?? 'unasked',
      new Date(now).toISOString(),
    ])
    if (answer !== null) answered++
  }
  return answered
}
