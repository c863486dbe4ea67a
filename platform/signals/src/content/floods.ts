import { HOUR } from '@firebreak/kernel'
import type { LedgerTransaction } from '@firebreak/ledger'
import type { Banks } from '../banks/banks.ts'
import type { BankState } from '../matching/bank-state.ts'
import type { Hit } from '../matching/matcher.ts'

/** Entries that suddenly meet far too much: a mistake of a source, or somebody who put an everyday picture in. */
export class Floods {
  readonly #banks: Banks
  /** When it was last told that an entry is equalled far too often. */
  readonly #told = new Map<string, number>()

  constructor(banks: Banks) {
    this.#banks = banks
  }

  /**
   * Entries that more contents were like within an hour than their bank allows; they are quarantined in the same commit, and
   * answered. What equals an entry does not count: one picture sent often says nothing against it.
   */
  async quarantineIn(tx: LedgerTransaction, hits: readonly Hit[]): Promise<Set<string>> {
    const flooding = new Set<string>()
    for (const { name, bank, entry, limit } of this.#limits(hits.filter(({ distance }) => distance > 0))) {
      if (this.#banks.matcher.isQuarantined(bank, entry)) continue
      if (!(await this.#exceeds(tx, bank.id, entry, limit, '>'))) continue
      flooding.add(name)
      const reason = `like more than ${limit} contents within an hour`
      await this.#banks.store.changeIn(tx, bank, [{ entry, do: 'quarantine' }], reason)
      await tx.record('alarm.flood', { bank: bank.name, entry, limit })
    }
    return flooding
  }

  /** Entries that far too many contents equal go on deciding, but a person is told: it may be an everyday picture that somebody put in. */
  async tellIn(tx: LedgerTransaction, hits: readonly Hit[]): Promise<void> {
    for (const { name, bank, entry, limit } of this.#limits(hits.filter(({ distance }) => distance === 0))) {
      if (tx.now - (this.#told.get(name) ?? -HOUR) < HOUR) continue
      if (!(await this.#exceeds(tx, bank.id, entry, limit, '='))) continue
      this.#told.set(name, tx.now)
      await tx.record('alarm.equal-flood', { bank: bank.name, entry, limit })
    }
  }

  /** Each entry once, with how many contents it may match within an hour. */
  #limits(hits: readonly Hit[]) {
    const entries = new Map<string, { name: string; bank: BankState; entry: number; limit: number }>()
    for (const { bank: met, entry } of hits) {
      const name = `${met.id} ${entry}`
      // A hit may come from a matcher over new entries alone; what people decided is in the main one.
      const bank = this.#banks.matcher.banks.get(met.id) ?? met
      const limit = bank.floodLimits.get(entry) ?? bank.settings.floodLimit
      if (!bank.settings.negative) entries.set(name, { name, bank, entry, limit })
    }
    return entries.values()
  }

  /** Whether more contents than the limit met the entry within an hour: near it (`>`), or equal to it (`=`). */
  async #exceeds(
    tx: LedgerTransaction,
    bank: number,
    entry: number,
    limit: number,
    distance: '>' | '=',
  ): Promise<boolean> {
    const { count } = await tx.db
      .selectFrom((e) =>
        e
          .selectFrom('medium_match')
          .innerJoin('medium', 'medium.id', 'medium_match.medium')
          .select('medium.content')
          .distinct()
          .where('medium_match.bank', '=', bank)
          .where('medium_match.entry', '=', entry)
          .where('medium_match.at', '>', new Date(tx.now - HOUR))
          .where('medium_match.distance', distance, 0)
          .limit(limit + 1)
          .as('recent'),
      )
      .select((e) => e.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow()
    return Number(count) > limit
  }
}
