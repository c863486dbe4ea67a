import { FirebreakError } from '@firebreak/kernel'
import type { Ledger, LedgerTransaction, Principal } from '@firebreak/ledger'
import { type Sealer, sealJson, unsealJson } from '../store/seal.ts'

/** Where an item came from: discovery of variants, or people who reported a suggestion. */
export type InboxSource = 'variant' | 'reported'
export type InboxState = 'open' | 'accepted' | 'rejected' | 'snoozed'

/** What is sealed of an item. */
export interface InboxBody {
  readonly text: string
  /** The blocked term it took the place of, or the surface it was reported on. */
  readonly about: string
  readonly evidence?: unknown
  readonly falsePositivesPerMegabyte?: number
  readonly blastRadius?: unknown
}

/** An item to decide on. Its text is shown: a person has to read it to decide. */
export interface InboxItem extends InboxBody {
  readonly id: string
  readonly source: InboxSource
  readonly state: InboxState
  readonly until: string | null
  /** How often it was told. */
  readonly seen: number
  readonly entry: string | null
  readonly decidedBy: string | null
  readonly at: string
}

/** Items for people: nothing here decides by itself. */
export class Inbox {
  readonly #ledger: Ledger
  readonly #sealer: Sealer
  readonly #newId: () => string

  constructor({ ledger, sealer, newId }: { ledger: Ledger; sealer: Sealer; newId: () => string }) {
    this.#ledger = ledger
    this.#sealer = sealer
    this.#newId = newId
  }

  /** Files items; one that is there already is counted up, and opened again when its time of snoozing is over. Returns how many are new. */
  async file(source: InboxSource, items: readonly InboxBody[], by: Principal): Promise<number> {
    return this.#ledger.transaction(by, async (tx) => {
      let added = 0
      for (const item of items) added += (await this.#fileOne(tx, source, item)) ? 1 : 0
      await tx.record('lexicon.inbox-filed', { source, items: items.length, added })
      return added
    })
  }

  async #fileOne(tx: LedgerTransaction, source: InboxSource, body: InboxBody): Promise<boolean> {
    const key = this.#sealer.keyed('inbox', body.text.toLowerCase())
    const now = new Date(tx.now)
    const known = await tx.db
      .selectFrom('lexicon_inbox')
      .select(['id', 'state', 'until', 'seen'])
      .where('source', '=', source)
      .where('text_key', '=', key)
      .executeTakeFirst()
    if (known) {
      const wakes = known.state === 'snoozed' && known.until !== null && new Date(known.until).getTime() <= tx.now
      await tx.db
        .updateTable('lexicon_inbox')
        .set({
          seen: known.seen + 1,
          ...(known.state === 'open' || wakes
            ? { body: sealJson(this.#sealer, body), state: 'open', until: null }
            : {}),
        })
        .where('id', '=', known.id)
        .execute()
      return false
    }
    await tx.db
      .insertInto('lexicon_inbox')
      .values({
        id: this.#newId(),
        source,
        text_key: key,
        body: sealJson(this.#sealer, body),
        state: 'open',
        created_at: now,
        changed_at: now,
      })
      .execute()
    return true
  }

  /** Items of a state, newest first; snoozed ones whose time is over count as open. */
  async list(state: InboxState, now: number, limit = 200): Promise<InboxItem[]> {
    const rows = await this.#ledger.db
      .selectFrom('lexicon_inbox')
      .selectAll()
      .where((eb) =>
        state === 'open'
          ? eb.or([eb('state', '=', 'open'), eb.and([eb('state', '=', 'snoozed'), eb('until', '<=', new Date(now))])])
          : eb('state', '=', state),
      )
      .orderBy('created_at', 'desc')
      .limit(limit)
      .execute()
    return rows.map((row) => this.#item(row))
  }

  /** One item that is still to be decided; throws `http/not-found` for others. */
  async open(id: string): Promise<InboxItem> {
    const row = await this.#ledger.db
      .selectFrom('lexicon_inbox')
      .selectAll()
      .where('id', '=', id)
      .where('state', 'in', ['open', 'snoozed'])
      .executeTakeFirst()
    if (!row) throw new FirebreakError('http/not-found', ['open inbox item'])
    return this.#item(row)
  }

  /** Decides an item inside a transaction; throws `http/not-found`, or `http/conflict` when it was decided already. */
  async decide(
    tx: LedgerTransaction,
    id: string,
    decision: { state: 'accepted' | 'rejected' | 'snoozed'; until?: string; entry?: string },
    by: Principal,
  ): Promise<InboxItem> {
    const row = await tx.db.selectFrom('lexicon_inbox').selectAll().where('id', '=', id).executeTakeFirst()
    if (!row) throw new FirebreakError('http/not-found', ['inbox item'])
    if (row.state === 'accepted' || row.state === 'rejected')
      throw new FirebreakError('http/conflict', [`this item was ${row.state} already`])
    const changes = {
      state: decision.state,
      until: decision.until === undefined ? null : new Date(decision.until),
      entry: decision.entry ?? null,
      decided_by: by.id,
      changed_at: new Date(tx.now),
    }
    await tx.db.updateTable('lexicon_inbox').set(changes).where('id', '=', id).execute()
    await tx.record(`lexicon.inbox-${decision.state}`, { item: id, source: row.source, entry: changes.entry })
    return this.#item({ ...row, ...changes })
  }

  #item(row: {
    id: string
    source: string
    body: Uint8Array
    state: string
    until: Date | null
    seen: number
    entry: string | null
    decided_by: string | null
    created_at: Date
  }): InboxItem {
    return {
      ...unsealJson<InboxBody>(this.#sealer, row.body),
      id: row.id,
      source: row.source as InboxSource,
      state: row.state as InboxState,
      until: row.until === null ? null : new Date(row.until).toISOString(),
      seen: row.seen,
      entry: row.entry,
      decidedBy: row.decided_by,
      at: new Date(row.created_at).toISOString(),
    }
  }
}
