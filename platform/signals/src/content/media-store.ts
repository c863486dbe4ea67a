import type { Ledger, LedgerTransaction } from '@firebreak/ledger'
import { HASH_BYTES, type HashKind, hashFromHex, hexOf } from '../banks/kinds.ts'
import { type Sealer, sealJson, unsealJson } from '../store/seal.ts'
import type { Attachment } from './attachments.ts'
import type { MediaHash } from './ports.ts'

/**
 * Where a medium stands. `failed`: nothing more is tried by itself; `off`: there is no legal basis to look at it where it appeared, so
 * nothing did; `gone`: its post no longer has it.
 */
export const MEDIUM_STATES = ['pending', 'hashed', 'failed', 'off', 'gone'] as const
/** One of `MEDIUM_STATES`. */
export type MediumState = (typeof MEDIUM_STATES)[number]

/** What a medium's address is: a URL, or an upload whose bytes came once and are not kept. */
export type Source = { readonly url: string } | { readonly upload: string } | { readonly unreadable: string }

/** A medium that a worker has claimed. */
export interface ClaimedMedium extends MediumPlace {
  readonly id: number
  readonly content: number
  readonly source: Source
  readonly attempts: number
}

/** A hashed medium, opened. */
export interface HashedMedium {
  readonly id: number
  readonly content: number
  readonly hashes: readonly MediaHash[]
}

/** Where a post came up, for what may be looked at. */
export interface MediumPlace {
  readonly surface: string | null
  readonly jurisdiction: string | null
}

type StoredHash = [HashKind, string] | [HashKind, string, number]

/** A try that hangs or dies is taken up by another after this long. */
export const LEASE = 90_000

/** The media's table. Never holds bytes; addresses and hashes are sealed. */
export class MediaStore {
  readonly #ledger: Ledger
  readonly #sealer: Sealer

  constructor(ledger: Ledger, sealer: Sealer) {
    this.#ledger = ledger
    this.#sealer = sealer
  }

  /**
   * Takes the media that a post names now; what it no longer names is gone. Uploads came by another way and stay. Answers whether
   * something is gone.
   */
  async takeIn(
    tx: LedgerTransaction,
    content: number,
    attachments: readonly Attachment[],
    place: MediumPlace,
  ): Promise<boolean> {
    const at = new Date(tx.now)
    const keys = attachments.map(({ key }) => this.#key(key))
    for (const [i, { url, key }] of attachments.entries())
      await tx.db
        .insertInto('medium')
        .values({
          ...{ content, source_key: keys[i]!, ...place, created_at: at, changed_at: at },
          source: sealJson(this.#sealer, url === null ? { unreadable: key } : { url }),
          ...(url === null
            ? { state: 'failed', error: 'medium/unreadable-address', next_at: null }
            : { state: 'pending', error: null, next_at: at }),
        })
        .onConflict((on) =>
          on
            .columns(['content', 'source_key'])
            .doUpdateSet({ state: 'pending', next_at: at, attempts: 0, changed_at: at })
            .where('medium.state', '=', 'gone'),
        )
        .execute()
    let others = tx.db
      .selectFrom('medium')
      .select(['id', 'source'])
      .where('content', '=', content)
      .where('state', '!=', 'gone')
    if (keys.length > 0) others = others.where('source_key', 'not in', keys)
    const named = (await others.execute()).filter(({ source }) => !this.#isUpload(source))
    const ending = named.map(({ id }) => id)
    return this.#goneIn(tx, ending)
  }

  /** The post is removed: all its media are gone, uploads too. Answers whether there were any. */
  async removeIn(tx: LedgerTransaction, content: number): Promise<boolean> {
    const there = tx.db.selectFrom('medium').select('id').where('content', '=', content).where('state', '!=', 'gone')
    const media = (await there.execute()).map(({ id }) => id)
    return this.#goneIn(tx, media)
  }

  async #goneIn(tx: LedgerTransaction, media: readonly number[]): Promise<boolean> {
    if (media.length === 0) return false
    await tx.db
      .updateTable('medium')
      .set({ state: 'gone', changed_at: new Date(tx.now), hashes: null, next_at: null })
      .where('id', 'in', [...media])
      .execute()
    return true
  }

  /** Forgets what media met: they were looked at anew. Answers whether there was something. */
  async forgetIn(tx: LedgerTransaction, media: readonly number[]): Promise<boolean> {
    const { numDeletedRows } = await tx.db
      .deleteFrom('medium_match')
      .where('medium', 'in', [...media])
      .executeTakeFirst()
    return numDeletedRows > 0n
  }

  /** Writes down an upload before it is looked at, so that one lost in the middle is seen. */
  async uploadIn(tx: LedgerTransaction, content: number, upload: string, place: MediumPlace): Promise<ClaimedMedium> {
    const at = new Date(tx.now)
    const source = { upload }
    const row = await tx.db
      .insertInto('medium')
      .values({
        ...{ content, source_key: this.#key(`upload ${upload}`), ...place, created_at: at, changed_at: at },
        ...{ source: sealJson(this.#sealer, source), state: 'pending', attempts: 1, next_at: new Date(tx.now + LEASE) },
      })
      .onConflict((on) =>
        on
          .columns(['content', 'source_key'])
          .doUpdateSet({ state: 'pending', attempts: 1, next_at: new Date(tx.now + LEASE), ...place }),
      )
      .returning('id')
      .executeTakeFirstOrThrow()
    return { id: row.id, content, source, attempts: 1, ...place }
  }

  /** PDQ hashes of media after an id, one per medium, for sources that are asked about them. */
  async pdqAfter(after: number, most: number): Promise<{ id: number; hash: Uint8Array }[]> {
    const found: { id: number; hash: Uint8Array }[] = []
    for (let from = after; found.length < most; ) {
      const media = await this.hashedAfter(from, most)
      for (const { id, hashes } of media) {
        const first = hashes.find(({ kind, quality = 100 }) => kind === 'pdq' && quality >= 50)
        if (first !== undefined && found.length < most) found.push({ id, hash: first.hash })
      }
      if (media.length < most) break
      from = media.at(-1)!.id
    }
    return found
  }

  /** Claims the medium that is longest due. A claim lapses by itself; whoever claims next finds the count of tries raised. */
  async claim(at: number, holder: string): Promise<ClaimedMedium | null> {
    const row = await this.#ledger.db
      .updateTable('medium')
      .set((e) => ({ holder, attempts: e('attempts', '+', 1), next_at: new Date(at + LEASE) }))
      .where('id', 'in', (e) =>
        e
          .selectFrom('medium')
          .select('id')
          .where('state', '=', 'pending')
          .where('next_at', '<=', new Date(at))
          .orderBy('next_at')
          .limit(1)
          .forUpdate()
          .skipLocked(),
      )
      .returning(['id', 'content', 'source', 'attempts', 'surface', 'jurisdiction'])
      .executeTakeFirst()
    return row === undefined ? null : { ...row, source: unsealJson<Source>(this.#sealer, row.source) }
  }

  /** Keeps a claim up while its work goes on. */
  async keep({ id, attempts }: ClaimedMedium, at: number): Promise<void> {
    await this.#ledger.db
      .updateTable('medium')
      .set({ next_at: new Date(at + LEASE) })
      .where('id', '=', id)
      .where('attempts', '=', attempts)
      .where('state', '=', 'pending')
      .execute()
  }

  /** Frees every claim, for the only process of a store. */
  async reclaim(at: number): Promise<void> {
    await this.#ledger.db
      .updateTable('medium')
      .set({ holder: null, next_at: new Date(at) })
      .where('state', '=', 'pending')
      .where('holder', 'is not', null)
      .execute()
    await this.#ledger.db.updateTable('signals_work').set({ holder: null }).execute()
  }

  /** Whether the medium still waits for this claim's outcome. */
  async isOurs(tx: LedgerTransaction, { id, attempts }: ClaimedMedium): Promise<boolean> {
    const row = await tx.db.selectFrom('medium').select(['state', 'attempts']).where('id', '=', id).executeTakeFirst()
    return row?.state === 'pending' && row.attempts === attempts
  }

  /** `missing`: the code of a kind of hash that could not be made, so that a half-compared medium is seen. */
  async hashedIn(
    tx: LedgerTransaction,
    id: number,
    hashes: readonly MediaHash[],
    matchedSeq: number,
    missing: string | null,
  ): Promise<void> {
    const list = hashes.map(
      ({ kind, hash, quality }): StoredHash =>
        quality === undefined ? [kind, hexOf(hash)] : [kind, hexOf(hash), quality],
    )
    await tx.db
      .updateTable('medium')
      .set({
        ...{ state: 'hashed', error: missing, next_at: null, holder: null, changed_at: new Date(tx.now) },
        ...{ hashes: sealJson(this.#sealer, list), matched_seq: matchedSeq },
      })
      .where('id', '=', id)
      .execute()
  }

  async failedIn(tx: LedgerTransaction, id: number, code: string, retryAt: number | null): Promise<void> {
    const waiting =
      retryAt === null ? { state: 'failed', next_at: null } : { state: 'pending', next_at: new Date(retryAt) }
    await tx.db
      .updateTable('medium')
      .set({ ...waiting, error: code, holder: null, changed_at: new Date(tx.now) })
      .where('id', '=', id)
      .execute()
  }

  /** There is no legal basis to look at it. */
  async offIn(tx: LedgerTransaction, id: number): Promise<void> {
    await tx.db
      .updateTable('medium')
      .set({ state: 'off', error: null, next_at: null, holder: null, changed_at: new Date(tx.now) })
      .where('id', '=', id)
      .execute()
  }

  /** Puts media back that were left out for want of a legal basis; each is asked about again. Answers how many. */
  async reopenIn(tx: LedgerTransaction): Promise<number> {
    const { numUpdatedRows } = await tx.db
      .updateTable('medium')
      .set({ state: 'pending', attempts: 0, next_at: new Date(tx.now) })
      .where('state', '=', 'off')
      .executeTakeFirst()
    return Number(numUpdatedRows)
  }

  /** Puts failed media of an error back to be tried; those whose bytes are gone cannot be. Answers how many. */
  async retryIn(tx: LedgerTransaction, errors: readonly string[] | null): Promise<number> {
    let update = tx.db
      .updateTable('medium')
      .set({ state: 'pending', attempts: 0, next_at: new Date(tx.now) })
      .where('state', '=', 'failed')
      .where('error', 'not in', ['medium/upload-lost', 'medium/unreadable-address'])
    if (errors !== null) update = update.where('error', 'in', [...errors])
    return Number((await update.executeTakeFirst()).numUpdatedRows)
  }

  /** Hashed media after an id, in order. */
  async hashedAfter(id: number, most: number): Promise<HashedMedium[]> {
    const rows = await this.#ledger.db
      .selectFrom('medium')
      .select(['id', 'content', 'hashes'])
      .where('id', '>', id)
      .where('state', '=', 'hashed')
      .orderBy('id')
      .limit(most)
      .execute()
    return rows.map(({ hashes, ...row }) => ({ ...row, hashes: this.#hashes(hashes!) }))
  }

  #hashes(sealed: Uint8Array): MediaHash[] {
    return unsealJson<StoredHash[]>(this.#sealer, sealed).flatMap(([kind, hex, quality]) => {
      const hash = kind in HASH_BYTES ? hashFromHex(kind, hex) : null
      return hash === null ? [] : [{ kind, hash, ...(quality === undefined ? {} : { quality }) }]
    })
  }

  #isUpload(source: Uint8Array): boolean {
    return 'upload' in unsealJson<Source>(this.#sealer, source)
  }

  #key(text: string): Buffer {
    return this.#sealer.keyed('medium', text).subarray(0, 16)
  }
}
