import type { Ledger, LedgerTransaction } from '@firebreak/ledger'
import type { Sealer } from '@firebreak/signals'
import type { MalformedRecord } from './adapter.ts'

/** Records that could not be read, for people: never the records, which may hold hashes. */
export interface MalformedCount {
  readonly reason: string
  readonly records: number
  readonly lastAt: string | null
}

/** Records of sources that could not be read: kept sealed, each once, and counted. */
export class MalformedStore {
  readonly #ledger: Ledger
  readonly #sealer: Sealer

  constructor(ledger: Ledger, sealer: Sealer) {
    this.#ledger = ledger
    this.#sealer = sealer
  }

  /** Keeps records that could not be read, the same one once. Answers how many were new. */
  async keepIn(tx: LedgerTransaction, exchange: number, records: readonly MalformedRecord[]): Promise<number> {
    let fresh = 0
    for (const { reason, record } of records) {
      const record_key = this.#sealer.keyed('malformed', record).subarray(0, 16)
      const at = new Date(tx.now)
      const row = await tx.db
        .insertInto('exchange_malformed')
        .values({
          ...{ exchange, record_key, reason, first_at: at, last_at: at },
          record: this.#sealer.seal(Buffer.from(record)),
        })
        .onConflict((on) =>
          on
            .columns(['exchange', 'record_key'])
            .doUpdateSet((e) => ({ last_at: at, seen: e('exchange_malformed.seen', '+', 1) })),
        )
        .returning('seen')
        .executeTakeFirstOrThrow()
      if (row.seen === 1) fresh++
    }
    return fresh
  }

  /** Reasons and counts of what could not be read; the records themselves may hold hashes and are not shown. */
  async counts(exchange: string): Promise<MalformedCount[]> {
    const rows = await this.#ledger.db
      .selectFrom('exchange_malformed')
      .innerJoin('exchange', 'exchange.id', 'exchange_malformed.exchange')
      .select((e) => ['reason', e.fn.countAll<number>().as('records'), e.fn.max('last_at').as('last')])
      .where('exchange.name', '=', exchange)
      .groupBy('reason')
      .orderBy('reason')
      .execute()
    return rows.map(({ reason, records, last }) => ({
      reason,
      records: Number(records),
      lastAt: last?.toISOString() ?? null,
    }))
  }
}
