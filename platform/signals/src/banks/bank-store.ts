import { createHash } from 'node:crypto'
import { FirebreakError } from '@firebreak/kernel'
import type { Ledger, LedgerTransaction } from '@firebreak/ledger'
import { type Sealer, sealJson } from '../store/seal.ts'
import { type EntryChange, type JournalRow, OPERATIONS, type Operation } from './changes.ts'
import { CHUNK, type NewEntry, packChunk, unpackChunk } from './chunk.ts'
import { HASH_BYTES, type HashKind } from './kinds.ts'
import { type BankSettings, bankSettings } from './settings.ts'

/** A bank's row, opened. */
export interface BankRow {
  readonly id: number
  readonly name: string
  readonly settings: BankSettings
  readonly removed: boolean
}

/** Entries packed and sealed, ready to be written inside a transaction (sealing takes longer than the head may be held). */
export interface SealedEntries {
  readonly kind: HashKind
  readonly count: number
  readonly body: Buffer
}

/** An entry as it was put in. */
export interface StoredEntry {
  readonly kind: HashKind
  readonly hash: Uint8Array
  /** What its source calls it. */
  readonly sourceId: string | null
}

const ROWS_AT_ONCE = 512
/** Entries whose rows are read together. */
const ENTRIES_AT_ONCE = 131_072

/** The banks' tables. Writing happens inside a ledger transaction, so that the journal's order is the order of commits. */
export class BankStore {
  readonly #ledger: Ledger
  readonly #sealer: Sealer

  constructor(ledger: Ledger, sealer: Sealer) {
    this.#ledger = ledger
    this.#sealer = sealer
  }

  async banks(): Promise<BankRow[]> {
    const rows = await this.#ledger.db.selectFrom('bank').selectAll().orderBy('id').execute()
    return rows.map(({ id, name, settings, removed_at }) => ({
      id,
      name,
      settings: bankSettings({}, JSON.parse(settings) as Partial<BankSettings>),
      removed: removed_at !== null,
    }))
  }

  /** Journal rows after a position, in order, opened. Large chunks are read one or two at a time, single entries by the hundred. */
  async *journal(after: number, to: number = Number.MAX_SAFE_INTEGER): AsyncIterable<JournalRow> {
    for (let seq = after; ; ) {
      const sizes = await this.#ledger.db
        .selectFrom('bank_journal')
        .select(['seq', 'count'])
        .where('seq', '>', seq)
        .where('seq', '<=', to)
        .orderBy('seq')
        .limit(ROWS_AT_ONCE)
        .execute()
      for (const [first, last] of batches(sizes)) {
        const rows = await this.#ledger.db
          .selectFrom('bank_journal')
          .select(['seq', 'bank', 'operation', 'first', 'count', 'body'])
          .where('seq', '>=', first)
          .where('seq', '<=', last)
          .orderBy('seq')
          .execute()
        for (const row of rows) yield this.#open(row)
      }
      if (sizes.length < ROWS_AT_ONCE) return
      seq = sizes.at(-1)!.seq
    }
  }

  /** How many entries ever came in, over all banks. */
  async entries(): Promise<number> {
    const row = await this.#ledger.db
      .selectFrom('bank')
      .select((e) => e.fn.sum<number>('entries').as('all'))
      .executeTakeFirst()
    return Number(row?.all ?? 0)
  }

  async head(db: Pick<LedgerTransaction['db'], 'selectFrom'> = this.#ledger.db): Promise<number> {
    const row = await db
      .selectFrom('bank_journal')
      .select((e) => e.fn.max('seq').as('seq'))
      .executeTakeFirst()
    return row?.seq ?? 0
  }

  /** The keyed hash by which an entry's source id is found again. */
  refOf(bank: number, sourceId: string): bigint {
    const ref = this.#sealer.keyed('entry', `${bank}\0${sourceId}`).readBigUInt64LE(0)
    return ref === 0n ? 1n : ref
  }

  /** Packs and seals entries of one kind, in chunks. Throws `input/invalid` for a hash of the wrong length. */
  sealed(bank: number, kind: HashKind, entries: readonly NewEntry[]): SealedEntries[] {
    const made: SealedEntries[] = []
    for (let from = 0; from < entries.length; from += CHUNK) {
      const part = entries.slice(from, from + CHUNK)
      for (const { hash } of part)
        if (hash.length !== HASH_BYTES[kind])
          throw new FirebreakError('input/invalid', [
            `a ${kind} hash has ${HASH_BYTES[kind]} bytes, not ${hash.length}`,
          ])
      const body = this.#sealer.seal(packChunk(kind, part, (id) => this.refOf(bank, id)))
      made.push({ kind, count: part.length, body })
    }
    return made
  }

  async createIn(tx: LedgerTransaction, name: string, settings: BankSettings): Promise<number> {
    const at = new Date(tx.now)
    const made = await tx.db
      .insertInto('bank')
      .values({ name, settings: JSON.stringify(settings), created_at: at })
      .onConflict((on) => on.column('name').doNothing())
      .returning('id')
      .executeTakeFirst()
    if (made === undefined) throw new FirebreakError('http/conflict', [`there is or was a bank ${name}`])
    await this.#write(tx, made.id, 'settings', 0, 0, sealJson(this.#sealer, { rematch: false }))
    await tx.record('bank.created', { bank: name, settings })
    return made.id
  }

  async settingsIn(tx: LedgerTransaction, bank: BankRow, settings: BankSettings, removed = false): Promise<void> {
    await tx.db
      .updateTable('bank')
      .set({ settings: JSON.stringify(settings), removed_at: removed ? new Date(tx.now) : null })
      .where('id', '=', bank.id)
      .execute()
    const rematch = !removed && reachesFurther(settings, bank.settings)
    await this.#write(tx, bank.id, 'settings', 0, 0, sealJson(this.#sealer, { rematch }))
    await tx.record(removed ? 'bank.removed' : 'bank.settings', { bank: bank.name, settings })
  }

  /** Appends entries; answers the number of the first. The chain covers a digest of each sealed chunk. */
  async addIn(
    tx: LedgerTransaction,
    bank: { id: number; name: string },
    parts: readonly SealedEntries[],
  ): Promise<number> {
    const row = await tx.db.selectFrom('bank').select('entries').where('id', '=', bank.id).executeTakeFirstOrThrow()
    let next = row.entries
    const digests: string[] = []
    for (const { body, count } of parts) {
      await this.#write(tx, bank.id, 'add', next, count, body)
      digests.push(createHash('sha256').update(body).digest('base64url'))
      next += count
    }
    await tx.db.updateTable('bank').set({ entries: next }).where('id', '=', bank.id).execute()
    await tx.record('bank.entries', { bank: bank.name, first: row.entries, count: next - row.entries, digests })
    return row.entries
  }

  async changeIn(
    tx: LedgerTransaction,
    bank: { id: number; name: string },
    changes: readonly EntryChange[],
    reason: string,
  ): Promise<void> {
    if (changes.length === 0) return
    const body = this.#sealer.seal(Buffer.from(JSON.stringify(changes)))
    await this.#write(tx, bank.id, 'change', 0, changes.length, body)
    const kinds = Map.groupBy(changes, (change) => change.do)
    await tx.record('bank.changed', {
      bank: bank.name,
      reason,
      counts: Object.fromEntries([...kinds].map(([what, list]) => [what, list.length])),
      digest: createHash('sha256').update(body).digest('base64url'),
    })
  }

  /** An entry read back from its chunk, for what is told to its source; never for an answer. Null when there is none. */
  async entryOf(bank: number, entry: number): Promise<StoredEntry | null> {
    const row = await this.#ledger.db
      .selectFrom('bank_journal')
      .select(['first', 'body'])
      .where('bank', '=', bank)
      .where('operation', '=', OPERATIONS.indexOf('add'))
      .where('first', '<=', entry)
      .orderBy('first', 'desc')
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst()
    if (row === undefined) return null
    const chunk = unpackChunk(this.#sealer.unseal(row.body))
    const at = entry - row.first
    if (at >= chunk.count) return null
    const width = HASH_BYTES[chunk.kind]
    const hash = chunk.hashes.slice(at * width, (at + 1) * width)
    return { kind: chunk.kind, hash, sourceId: chunk.sourceIds()[at] || null }
  }

  #open(row: Omit<JournalRow, 'operation'> & { readonly operation: number }): JournalRow {
    const { seq, bank, first, count } = row
    return { seq, bank, first, count, operation: OPERATIONS[row.operation]!, body: this.#sealer.unseal(row.body) }
  }

  async #write(
    tx: LedgerTransaction,
    bank: number,
    operation: Operation,
    first: number,
    count: number,
    body: Uint8Array,
  ): Promise<void> {
    const seq = (await this.head(tx.db)) + 1
    await tx.db
      .insertInto('bank_journal')
      .values({ seq, bank, operation: OPERATIONS.indexOf(operation), first, count, at: new Date(tx.now), body })
      .execute()
  }
}

/** Whether media that did not match before may match now. */
function reachesFurther(now: BankSettings, before: BankSettings): boolean {
  return now.distance > before.distance || now.expiresAt !== before.expiresAt || now.enabledRatio > before.enabledRatio
}

/** First and last position of runs of rows that together hold few enough entries. */
function* batches(rows: readonly { readonly seq: number; readonly count: number }[]): Iterable<[number, number]> {
  let entries = 0
  let first: number | null = null
  let last = 0
  for (const { seq, count } of rows) {
    if (first !== null && entries + count > ENTRIES_AT_ONCE) {
      yield [first, last]
      first = null
      entries = 0
    }
    first ??= seq
    last = seq
    entries += count
  }
  if (first !== null) yield [first, last]
}
