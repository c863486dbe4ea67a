import { FirebreakError } from '@firebreak/kernel'
import type { Ledger, LedgerTransaction } from '@firebreak/ledger'
import { type Sealer, sealJson, unsealJson } from '../store/seal.ts'
import type { CheckedEntry, EntryBody, EntryKind, EntryState, EntryView, OpenEntry } from './entry.ts'
import { masked } from './entry.ts'

/** Rows of one statement. */
const AT_ONCE = 500

/** A checked entry with the id it gets. */
interface Draft {
  readonly id: string
  readonly entry: CheckedEntry
}

type Db = Ledger['db'] | LedgerTransaction['db']

/** A row with the version asked for; bodies stay sealed until opened here. */
export interface EntryRow {
  readonly id: string
  readonly list: string
  readonly kind: EntryKind
  readonly owner: string
  readonly state: EntryState
  readonly version: number
  readonly liveVersion: number | null
  readonly expiresAt: number | null
  readonly createdAt: number
  readonly changed: number
}

export interface VersionRow {
  readonly version: number
  readonly body: EntryBody
  readonly writtenBy: string
  readonly approvedBy: string | null
  readonly at: number
  readonly findings: unknown
}

/** Rows of the lexicon; everything that matches passes through the sealer. */
export class LexiconStore {
  readonly #sealer: Sealer

  constructor(sealer: Sealer) {
    this.#sealer = sealer
  }

  /** Inserts drafts; answers the ids of those whose kind and text were not there yet. */
  async insertAll(tx: LedgerTransaction, drafts: readonly Draft[], owner: string): Promise<Set<string>> {
    const byKey = new Map<string, Draft>()
    for (const draft of drafts) {
      const key = this.#key(draft.entry.kind, draft.entry.text).toString('hex')
      if (!byKey.has(key)) byKey.set(key, draft)
    }
    let changed = await this.#next(tx)
    const added = new Set<string>()
    const fresh = [...byKey]
    for (let from = 0; from < fresh.length; from += AT_ONCE) {
      const some = new Map(fresh.slice(from, from + AT_ONCE))
      const keys = [...some.keys()].map((key) => Buffer.from(key, 'hex'))
      const taken = await tx.db.selectFrom('lexicon_entry').select('text_key').where('text_key', 'in', keys).execute()
      for (const { text_key } of taken) some.delete(Buffer.from(text_key).toString('hex'))
      if (some.size === 0) continue
      const rows = [...some].map(([key, { id, entry }]) =>
        this.#row(id, Buffer.from(key, 'hex'), entry, owner, new Date(tx.now), changed++),
      )
      await tx.db.insertInto('lexicon_entry').values(rows).execute()
      const versions = [...some.values()].map(({ id, entry }) =>
        this.#versionRow(tx, id, 1, { text: entry.text, options: entry.options }, owner, null),
      )
      await tx.db.insertInto('lexicon_version').values(versions).execute()
      for (const { id } of some.values()) added.add(id)
    }
    return added
  }

  #row(id: string, key: Buffer, entry: CheckedEntry, owner: string, now: Date, changed: number) {
    return {
      ...{
        id,
        list: entry.list,
        kind: entry.kind,
        text_key: key,
        owner,
        state: 'draft',
        version: 1,
        live_version: null,
      },
      expires_at: entry.expiresAt === undefined ? null : new Date(entry.expiresAt),
      created_at: now,
      changed,
    }
  }

  #versionRow(
    tx: LedgerTransaction,
    entry: string,
    version: number,
    body: EntryBody,
    by: string,
    approvedBy: string | null,
  ) {
    const sealed = sealJson(this.#sealer, body)
    return {
      entry,
      version,
      body: sealed,
      written_by: by,
      approved_by: approvedBy,
      at: new Date(tx.now),
      findings: null,
    }
  }

  /** Writes the next version of an entry as a draft, or with `approvedBy` as one that was in force before. */
  async newVersion(
    tx: LedgerTransaction,
    row: EntryRow,
    body: EntryBody,
    by: string,
    approvedBy: string | null = null,
  ): Promise<number> {
    const key = this.#key(row.kind, body.text)
    const taken = await tx.db.selectFrom('lexicon_entry').select('id').where('text_key', '=', key).executeTakeFirst()
    if (taken && taken.id !== row.id) throw new FirebreakError('http/conflict', ['another entry has this text'])
    await tx.db.updateTable('lexicon_entry').set({ text_key: key }).where('id', '=', row.id).execute()
    const version = row.version + 1
    await tx.db
      .insertInto('lexicon_version')
      .values(this.#versionRow(tx, row.id, version, body, by, approvedBy))
      .execute()
    return version
  }

  async update(
    tx: LedgerTransaction,
    id: string,
    changes: { state?: EntryState; version?: number; live_version?: number | null; expires_at?: Date | null },
  ): Promise<EntryRow> {
    await tx.db
      .updateTable('lexicon_entry')
      .set({ ...changes, changed: await this.#next(tx) })
      .where('id', '=', id)
      .execute()
    return this.row(tx.db, id)
  }

  async approve(tx: LedgerTransaction, { id, version }: EntryRow, by: string): Promise<void> {
    await tx.db
      .updateTable('lexicon_version')
      .set({ approved_by: by })
      .where('entry', '=', id)
      .where('version', '=', version)
      .execute()
  }

  async findings(tx: LedgerTransaction, { id, version }: EntryRow, findings: object): Promise<void> {
    await tx.db
      .updateTable('lexicon_version')
      .set({ findings: JSON.stringify(findings) })
      .where('entry', '=', id)
      .where('version', '=', version)
      .execute()
  }

  /** Throws `http/not-found` for an unknown id. */
  async row(db: Db, id: string): Promise<EntryRow> {
    const row = await db.selectFrom('lexicon_entry').selectAll().where('id', '=', id).executeTakeFirst()
    if (!row) throw new FirebreakError('http/not-found', ['lexicon entry'])
    return rowOf(row)
  }

  async rows(db: Db, changedAfter = 0): Promise<EntryRow[]> {
    const rows = await db
      .selectFrom('lexicon_entry')
      .selectAll()
      .where('changed', '>', changedAfter)
      .orderBy('changed')
      .execute()
    return rows.map(rowOf)
  }

  async versions(db: Db, id: string): Promise<VersionRow[]> {
    const rows = await db.selectFrom('lexicon_version').selectAll().where('entry', '=', id).orderBy('version').execute()
    return rows.map((row) => ({
      version: row.version,
      body: unsealJson<EntryBody>(this.#sealer, row.body),
      writtenBy: row.written_by,
      approvedBy: row.approved_by,
      at: new Date(row.at).getTime(),
      findings: row.findings === null ? null : JSON.parse(row.findings),
    }))
  }

  /** Throws `http/not-found` for a version that is not there. */
  async version(db: Db, id: string, version: number): Promise<VersionRow> {
    const found = (await this.versions(db, id)).find((one) => one.version === version)
    if (!found) throw new FirebreakError('http/not-found', [`version ${version} of this entry`])
    return found
  }

  /** The given versions, opened: one round trip for a whole list. */
  async opened(
    db: Db,
    rows: readonly EntryRow[],
    which: (row: EntryRow) => number | null,
  ): Promise<Map<string, OpenEntry>> {
    const wanted = new Map(rows.flatMap((row) => (which(row) === null ? [] : [[row.id, row] as const])))
    const opened = new Map<string, OpenEntry>()
    if (wanted.size === 0) return opened
    const bodies = await db
      .selectFrom('lexicon_version')
      .innerJoin('lexicon_entry', 'lexicon_entry.id', 'lexicon_version.entry')
      .select(['entry', 'lexicon_version.version', 'body'])
      .where('lexicon_entry.changed', '>=', Math.min(...[...wanted.values()].map(({ changed }) => changed)))
      .execute()
    for (const { entry, version, body } of bodies) {
      const row = wanted.get(entry)
      if (!row || which(row) !== version) continue
      const { id, list, kind, expiresAt } = row
      opened.set(entry, {
        id,
        list,
        kind,
        version,
        expiresAt: expiresAt ?? Number.POSITIVE_INFINITY,
        ...unsealJson<EntryBody>(this.#sealer, body),
      })
    }
    return opened
  }

  async view(db: Db, row: EntryRow): Promise<EntryView> {
    const { body, findings } = await this.version(db, row.id, row.version)
    return viewOf(row, body, findings)
  }

  #key(kind: string, text: string): Buffer {
    return this.#sealer.keyed('lexicon', `${kind}\0${keyText(text)}`)
  }

  async #next(tx: LedgerTransaction): Promise<number> {
    const { last } = await tx.db
      .selectFrom('lexicon_entry')
      .select(({ fn }) => fn.max('changed').as('last'))
      .executeTakeFirstOrThrow()
    return Number(last ?? 0) + 1
  }
}

export function viewOf(row: EntryRow, body: EntryBody, findings: unknown): EntryView {
  const { id, list, kind, owner, state, version, liveVersion, expiresAt, createdAt } = row
  return {
    id,
    list,
    kind,
    masked: masked(body.text),
    options: body.options,
    owner,
    state,
    version,
    liveVersion,
    expiresAt: expiresAt === null ? null : new Date(expiresAt).toISOString(),
    createdAt: new Date(createdAt).toISOString(),
    findings,
  }
}

/** Equal for entries that differ in case and blanks only. */
function keyText(text: string): string {
  return text.normalize('NFKC').toLowerCase().replace(/\s+/g, ' ').trim()
}

interface StoredRow {
  readonly id: string
  readonly list: string
  readonly kind: string
  readonly owner: string
  readonly state: string
  readonly version: number
  readonly live_version: number | null
  readonly expires_at: Date | null
  readonly created_at: Date
  readonly changed: number
}

function rowOf(row: StoredRow): EntryRow {
  return {
    id: row.id,
    list: row.list,
    kind: row.kind as EntryKind,
    owner: row.owner,
    state: row.state as EntryState,
    version: row.version,
    liveVersion: row.live_version,
    expiresAt: row.expires_at === null ? null : new Date(row.expires_at).getTime(),
    createdAt: new Date(row.created_at).getTime(),
    changed: Number(row.changed),
  }
}
