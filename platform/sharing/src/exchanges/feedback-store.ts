import type { Ledger, LedgerTransaction } from '@firebreak/ledger'
import { type Sealer, sealJson, unsealJson } from '@firebreak/signals'
import type { Feedback } from './adapter.ts'

/** Feedback that waits to be sent. */
export interface DueFeedback {
  readonly id: number
  readonly exchange: number
  readonly attempts: number
  readonly body: Feedback
}

/** A try that dies with its process is made again after this long. */
const LEASE = 120_000

/** What people decided, on its way to the sources. */
export class FeedbackStore {
  readonly #ledger: Ledger
  readonly #sealer: Sealer

  constructor(ledger: Ledger, sealer: Sealer) {
    this.#ledger = ledger
    this.#sealer = sealer
  }

  /** Writes a person's decision down for every exchange that feeds the bank. Answers how many will be told. */
  async addIn(
    tx: LedgerTransaction,
    bank: number,
    entry: number,
    body: Feedback,
    kinds: readonly string[],
  ): Promise<number> {
    if (kinds.length === 0) return 0
    const exchanges = await tx.db
      .selectFrom('exchange')
      .select('id')
      .where('bank', '=', bank)
      .where('kind', 'in', [...kinds])
      .execute()
    for (const { id } of exchanges)
      await tx.db
        .insertInto('exchange_feedback')
        .values({
          ...{ exchange: id, bank, entry, state: 'pending', at: new Date(tx.now), next_at: new Date(tx.now) },
          body: sealJson(this.#sealer, body),
        })
        .execute()
    return exchanges.length
  }

  /** Drops what was not sent yet of an entry; answers how many sources had been told. */
  async takeBackIn(tx: LedgerTransaction, bank: number, entry: number): Promise<number> {
    const ofEntry = tx.db.deleteFrom('exchange_feedback').where('bank', '=', bank).where('entry', '=', entry)
    await ofEntry.where('state', '=', 'pending').execute()
    const { told } = await tx.db
      .selectFrom('exchange_feedback')
      .select((e) => e.fn.count<number>('exchange').distinct().as('told'))
      .where('bank', '=', bank)
      .where('entry', '=', entry)
      .where('state', '=', 'sent')
      .executeTakeFirstOrThrow()
    return Number(told)
  }

  async claim(now: number, most = 10): Promise<DueFeedback[]> {
    const rows = await this.#ledger.db
      .updateTable('exchange_feedback')
      .set((e) => ({ attempts: e('attempts', '+', 1), next_at: new Date(now + LEASE) }))
      .where('id', 'in', (e) =>
        e
          .selectFrom('exchange_feedback')
          .select('id')
          .where('state', '=', 'pending')
          .where('next_at', '<=', new Date(now))
          .orderBy('next_at')
          .limit(most)
          .forUpdate()
          .skipLocked(),
      )
      .returning(['id', 'exchange', 'attempts', 'body'])
      .execute()
    return rows.map(({ body, ...row }) => ({ ...row, body: unsealJson<Feedback>(this.#sealer, body) }))
  }

  async settle(
    id: number,
    outcome: { state: 'sent' | 'refused' } | { retryAt: number },
    failure: string | null,
  ): Promise<void> {
    const set = 'state' in outcome ? { state: outcome.state } : { next_at: new Date(outcome.retryAt) }
    await this.#ledger.db
      .updateTable('exchange_feedback')
      .set({ ...set, failure })
      .where('id', '=', id)
      .execute()
  }

  async counts(): Promise<Record<'pending' | 'sent' | 'refused', number>> {
    const rows = await this.#ledger.db
      .selectFrom('exchange_feedback')
      .select((e) => ['state', e.fn.countAll<number>().as('count')])
      .groupBy('state')
      .execute()
    const counts = { pending: 0, sent: 0, refused: 0 }
    for (const { state, count } of rows) counts[state as 'pending'] = Number(count)
    return counts
  }
}
