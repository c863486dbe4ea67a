import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import { type Db, rowsOf } from '@firebreak/intake'
import { FirebreakError, MINUTE } from '@firebreak/kernel'
import type { Ledger, LedgerTransaction } from '@firebreak/ledger'
import { principalOf, type Reviewer } from '../reviewer.ts'

/** How long a grant opens an item, once. */
const GRANT_LIFE = 15 * MINUTE

/** Wraps and unwraps the keys of cases; the store never holds one openly. */
export interface Wrapper {
  seal(text: string): string
  unseal(sealed: string): string
}

/** A copy in the vault as it may be listed. */
export interface VaultItem {
  readonly id: string
  readonly caseId: string
  readonly evidence: string
  readonly type: string
  /** SHA-256 of the item when it was put in. */
  readonly digest: string
  readonly storedAt: string
}

/**
 * Copies of evidence for cases that must outlive the platform's own: encrypted under a key per case, opened by two people together,
 * destroyed with the case's key. Everything that happens to an item stands in the chain.
 */
export class Vault {
  readonly #ledger: Pick<Ledger, 'db' | 'transaction'>
  readonly #wrapper: Wrapper
  readonly #newId: () => string

  constructor(ledger: Pick<Ledger, 'db' | 'transaction'>, wrapper: Wrapper, newId: () => string) {
    this.#ledger = ledger
    this.#wrapper = wrapper
    this.#newId = newId
  }

  /** Puts a copy in. The bytes are held in memory only for the moment of encryption. */
  put(
    caseId: string,
    evidence: string,
    item: { readonly type: string; readonly bytes: Uint8Array },
    by: Reviewer,
  ): Promise<VaultItem> {
    const id = this.#newId()
    const digest = createHash('sha256').update(item.bytes).digest('hex')
    return this.#ledger.transaction(principalOf(by), async (tx) => {
      const storedAt = new Date(tx.now).toISOString()
      const body = encrypt(await this.#keyOf(tx, caseId), item.bytes)
      await rowsOf(
        tx.db,
        `insert into vault_item (id, case_id, evidence, media_type, digest, body, stored_by, stored_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8::timestamptz)`,
        [id, caseId, evidence, item.type, digest, body, by.id, storedAt],
      )
      await tx.record('vault.stored', { item: id, case: caseId, evidence, digest })
      return { id, caseId, evidence, type: item.type, digest, storedAt }
    })
  }

  /** Asks to open an item; answers the grant's id for somebody else to approve. */
  ask(item: string, purpose: string, by: Reviewer): Promise<string> {
    const id = this.#newId()
    return this.#ledger.transaction(principalOf(by), async (tx) => {
      const made = await rowsOf(
        tx.db,
        `insert into vault_grant (id, item, purpose, asked_by, asked_at) select $1, id, $3, $4, $5::timestamptz from vault_item where id = $2 returning id`,
        [id, item, purpose, by.id, new Date(tx.now).toISOString()],
      )
      if (made.length === 0) throw new FirebreakError('http/not-found', ['item in the vault with that id'])
      await tx.record('vault.asked', { grant: id, item })
      return id
    })
  }

  /** Grants what somebody else asked for. Throws when it was one's own, or is settled. */
  grant(id: string, by: Reviewer): Promise<void> {
    return this.#ledger.transaction(principalOf(by), async (tx) => {
      const rows = await rowsOf<{ item: string }>(
        tx.db,
        `update vault_grant set granted_by = $2, granted_at = $3::timestamptz where id = $1 and granted_by is null and asked_by <> $2 returning item`,
        [id, by.id, new Date(tx.now).toISOString()],
      )
      if (rows.length === 0) throw new FirebreakError('review/evidence', ['there is nothing of somebody else to grant'])
      await tx.record('vault.granted', { grant: id, item: rows[0]!.item })
    })
  }

  /** Opens an item once, within a quarter of an hour of the grant, for who asked. */
  async open(id: string, by: Reviewer): Promise<{ readonly type: string; readonly bytes: Uint8Array }> {
    const found = await this.#ledger.transaction(principalOf(by), async (tx) => {
      const [row] = await rowsOf<{
        item: string
        body: Uint8Array
        media_type: string
        digest: string
        case_id: string
      }>(
        tx.db,
        `with used as (update vault_grant set used_at = $3::timestamptz where id = $1 and asked_by = $2 and used_at is null
           and granted_at > $3::timestamptz - interval '${GRANT_LIFE / MINUTE} minutes' returning item)
         select v.id as item, v.body, v.media_type, v.digest, v.case_id from used u join vault_item v on v.id = u.item`,
        [id, by.id, new Date(tx.now).toISOString()],
      )
      if (row === undefined) throw new FirebreakError('review/evidence', ['no open grant of yours has that id'])
      await tx.record('vault.opened', { grant: id, item: row.item })
      return row
    })
    const key = await this.#existingKey(this.#ledger.db, found.case_id)
    if (key === null) throw new FirebreakError('review/evidence', ['the key of its case was destroyed'])
    const bytes = decrypt(key, found.body)
    if (createHash('sha256').update(bytes).digest('hex') !== found.digest)
      throw new FirebreakError('internal/fault', ['an item of the vault is not what was put in'])
    return { type: found.media_type, bytes }
  }

  /** Destroys the key of a case and its copies; the record in the chain is the certificate. Returns how many copies there were. */
  destroy(caseId: string, by: Reviewer): Promise<number> {
    return this.#ledger.transaction(principalOf(by), async (tx) => {
      const items = await rowsOf<{ digest: string }>(
        tx.db,
        'delete from vault_item where case_id = $1 returning digest',
        [caseId],
      )
      await rowsOf(tx.db, 'delete from vault_key where case_id = $1', [caseId])
      await tx.record('vault.destroyed', { case: caseId, digests: items.map(({ digest }) => digest) })
      return items.length
    })
  }

  async #keyOf(tx: LedgerTransaction, caseId: string): Promise<Buffer> {
    const known = await this.#existingKey(tx.db, caseId)
    if (known !== null) return known
    const key = randomBytes(32)
    await rowsOf(tx.db, 'insert into vault_key (case_id, wrapped, made_at) values ($1, $2, $3::timestamptz)', [
      caseId,
      this.#wrapper.seal(key.toString('base64')),
      new Date(tx.now).toISOString(),
    ])
    return key
  }

  async #existingKey(db: Db, caseId: string): Promise<Buffer | null> {
    const [row] = await rowsOf<{ wrapped: string }>(db, 'select wrapped from vault_key where case_id = $1', [caseId])
    return row === undefined ? null : Buffer.from(this.#wrapper.unseal(row.wrapped), 'base64')
  }
}

/** AES-256-GCM: iv (12) ‖ tag (16) ‖ ciphertext, a fresh iv each. */
function encrypt(key: Uint8Array, plain: Uint8Array): Buffer {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv)
  const body = Buffer.concat([cipher.update(plain), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), body])
}

function decrypt(key: Uint8Array, sealed: Uint8Array): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, 12))
  decipher.setAuthTag(sealed.subarray(12, 28))
  return Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()])
}
