import { FirebreakError } from '@firebreak/kernel'
import type { Ledger, LedgerTransaction } from '@firebreak/ledger'
import { type Sealer, sealJson, unsealJson } from '@firebreak/signals'
import type { DeltaPlan } from './plan.ts'

/** An exchange as it may be shown: never its credentials. */
export interface ExchangeView {
  readonly name: string
  readonly kind: string
  readonly bank: string
  readonly settings: unknown
  readonly enabled: boolean
  readonly hasCredentials: boolean
  /** When it was last read to its end: how fresh the bank is. */
  readonly caughtUpAt: string | null
  readonly startedAt: string | null
  readonly nextAt: string | null
  readonly failedAt: string | null
  readonly failure: string | null
  /** In a row. */
  readonly failures: number
  readonly added: number
  readonly changed: number
  readonly withdrawn: number
  /** Records that could not be read; kept. */
  readonly malformed: number
  readonly unsupported: number
}

/** An exchange that this process works on, credentials opened. */
export interface HeldExchange {
  readonly id: number
  readonly name: string
  readonly kind: string
  readonly bankId: number
  readonly bank: string
  readonly settings: unknown
  readonly secrets: Readonly<Record<string, string>>
  readonly checkpoint: string | null
  readonly failures: number
}

/** An exchange as it is set up, checked. */
export interface NewExchange {
  readonly name: string
  readonly kind: string
  readonly bank: number
  readonly settings: unknown
  readonly secrets: Readonly<Record<string, string>>
}

const LEASE = 120_000

/** The exchanges' tables. */
export class ExchangeStore {
  readonly #ledger: Ledger
  readonly #sealer: Sealer

  constructor(ledger: Ledger, sealer: Sealer) {
    this.#ledger = ledger
    this.#sealer = sealer
  }

  async list(): Promise<ExchangeView[]> {
    const rows = await this.#ledger.db
      .selectFrom('exchange')
      .innerJoin('bank', 'bank.id', 'exchange.bank')
      .selectAll('exchange')
      .select('bank.name as bank_name')
      .orderBy('exchange.name')
      .execute()
    return rows.map((row) => ({
      ...{ name: row.name, kind: row.kind, bank: row.bank_name, settings: JSON.parse(row.settings) as unknown },
      ...{ enabled: row.enabled, hasCredentials: row.secrets !== null },
      ...{ caughtUpAt: iso(row.caught_up_at), startedAt: iso(row.started_at), nextAt: iso(row.next_at) },
      ...{ failedAt: iso(row.failed_at), failure: row.failure, failures: row.failures },
      ...{ added: row.added, changed: row.changed, withdrawn: row.withdrawn },
      ...{ malformed: row.malformed, unsupported: row.unsupported },
    }))
  }

  async createIn(tx: LedgerTransaction, { name, kind, bank, settings, secrets }: NewExchange): Promise<void> {
    const made = await tx.db
      .insertInto('exchange')
      .values({
        ...{ name, kind, bank, settings: JSON.stringify(settings), enabled: true, next_at: new Date(tx.now) },
        secrets: Object.keys(secrets).length === 0 ? null : sealJson(this.#sealer, secrets),
      })
      .onConflict((on) => on.column('name').doNothing())
      .returning('id')
      .executeTakeFirst()
    if (made === undefined) throw new FirebreakError('http/conflict', [`there is an exchange ${name}`])
    await tx.record('exchange.created', { exchange: name, kind, settings, credentials: Object.keys(secrets) })
  }

  /** Changes some of it; answers false when there is none of that name. */
  async changeIn(
    tx: LedgerTransaction,
    name: string,
    change: {
      enabled?: boolean
      settings?: unknown
      secrets?: Readonly<Record<string, string>>
      now?: boolean
      fromBeginning?: boolean
    },
  ): Promise<boolean> {
    const { enabled, settings, secrets, now, fromBeginning } = change
    const { numUpdatedRows } = await tx.db
      .updateTable('exchange')
      .set({
        next_at: new Date(tx.now),
        ...(enabled === undefined ? {} : { enabled }),
        ...(settings === undefined ? {} : { settings: JSON.stringify(settings) }),
        ...(secrets === undefined ? {} : { secrets: sealJson(this.#sealer, secrets) }),
        ...(fromBeginning === true ? { checkpoint: null } : {}),
      })
      .where('name', '=', name)
      .executeTakeFirst()
    if (numUpdatedRows === 0n) return false
    await tx.record('exchange.changed', {
      ...{ exchange: name, enabled, settings, now, fromBeginning },
      credentials: secrets === undefined ? undefined : Object.keys(secrets),
    })
    return true
  }

  async removeIn(tx: LedgerTransaction, name: string): Promise<boolean> {
    const row = await tx.db.deleteFrom('exchange').where('name', '=', name).returning('id').executeTakeFirst()
    if (row === undefined) return false
    await tx.db.deleteFrom('exchange_malformed').where('exchange', '=', row.id).execute()
    await tx.db.deleteFrom('exchange_feedback').where('exchange', '=', row.id).where('state', '=', 'pending').execute()
    await tx.record('exchange.removed', { exchange: name })
    return true
  }

  /** Frees every exchange, for the only process of a store. */
  async reclaim(): Promise<void> {
    await this.#ledger.db.updateTable('exchange').set({ holder: null, held_until: null }).execute()
  }

  /** Takes up one exchange that is due, for a while; nobody else does meanwhile. */
  async hold(holder: string, now: number, name?: string): Promise<HeldExchange | null> {
    const at = new Date(now)
    const row = await this.#ledger.db
      .updateTable('exchange')
      .set({ holder, held_until: new Date(now + LEASE), started_at: at })
      .where('id', 'in', (e) => {
        let due = e
          .selectFrom('exchange')
          .select('id')
          .where((w) => w.or([w('held_until', 'is', null), w('held_until', '<=', at)]))
          .orderBy('next_at')
          .limit(1)
          .forUpdate()
          .skipLocked()
        due =
          name === undefined ? due.where('enabled', '=', true).where('next_at', '<=', at) : due.where('name', '=', name)
        return due
      })
      .returningAll()
      .executeTakeFirst()
    if (row === undefined) return null
    const bank = await this.#ledger.db
      .selectFrom('bank')
      .select('name')
      .where('id', '=', row.bank)
      .executeTakeFirstOrThrow()
    return {
      ...{ id: row.id, name: row.name, kind: row.kind, bankId: row.bank, bank: bank.name },
      ...{ settings: JSON.parse(row.settings) as unknown, secrets: this.#secrets(row.secrets) },
      ...{ checkpoint: row.checkpoint, failures: row.failures },
    }
  }

  /**
   * Writes the checkpoint with what it stands for. False when the exchange is no longer this holder's, or stands elsewhere than `before`:
   * then nothing may be written.
   */
  async advanceIn(
    tx: LedgerTransaction,
    { id, holder, before }: { id: number; holder: string; before: string | null },
    checkpoint: unknown,
    plan: DeltaPlan,
    counts: { malformed: number; unsupported: number },
  ): Promise<boolean> {
    const { numUpdatedRows } = await tx.db
      .updateTable('exchange')
      .set((e) => ({
        checkpoint: JSON.stringify(checkpoint),
        held_until: new Date(tx.now + LEASE),
        added: e('added', '+', plan.added),
        changed: e('changed', '+', plan.changed),
        withdrawn: e('withdrawn', '+', plan.withdrawn),
        malformed: e('malformed', '+', counts.malformed),
        unsupported: e('unsupported', '+', counts.unsupported),
      }))
      .where('id', '=', id)
      .where('holder', '=', holder)
      .where('checkpoint', before === null ? 'is' : '=', before)
      .executeTakeFirst()
    return numUpdatedRows === 1n
  }

  /** The end of a round: when the next is due, and how this one ended. */
  async endRound(
    id: number,
    holder: string,
    outcome: { nextAt: number; caughtUpAt?: number; failure?: string; failedAt?: number },
  ): Promise<void> {
    const { nextAt, caughtUpAt, failure, failedAt } = outcome
    await this.#ledger.db
      .updateTable('exchange')
      .set((e) => ({
        ...{ holder: null, held_until: null, next_at: new Date(nextAt) },
        ...(failure === undefined
          ? { failure: null, failures: 0, ...(caughtUpAt === undefined ? {} : { caught_up_at: new Date(caughtUpAt) }) }
          : { failure, failures: e('failures', '+', 1), failed_at: new Date(failedAt ?? nextAt) }),
      }))
      .where('id', '=', id)
      .where('holder', '=', holder)
      .execute()
  }

  /** What a source is reached with, for feedback. */
  async access(
    id: number,
  ): Promise<{ kind: string; settings: unknown; secrets: Readonly<Record<string, string>> } | null> {
    const row = await this.#ledger.db
      .selectFrom('exchange')
      .select(['kind', 'settings', 'secrets'])
      .where('id', '=', id)
      .executeTakeFirst()
    if (row === undefined) return null
    return { kind: row.kind, settings: JSON.parse(row.settings) as unknown, secrets: this.#secrets(row.secrets) }
  }

  #secrets(sealed: Uint8Array | null): Record<string, string> {
    return sealed === null ? {} : unsealJson<Record<string, string>>(this.#sealer, sealed)
  }
}

function iso(at: Date | null): string | null {
  return at?.toISOString() ?? null
}
