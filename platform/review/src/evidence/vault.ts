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
    { evidence, job }: { readonly evidence: string; readonly job: string },
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
        `insert into vault_item (id, case_id, evidence, job, media_type, digest, body, stored_by, stored_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9::timestamptz)`,
        [id, caseId, evidence, job, item.type, digest, body, by.id, storedAt],
      )
      await tx.record('vault.stored', { item: id, case: caseId, evidence, digest })
      return { id, caseId, evidence, type: item.type, digest, storedAt }
    })
  }

  /** Asks to open an item of one's lanes; answers the grant's id for somebody else to approve. */
  ask(item: string, purpose: string, by: Reviewer): Promise<string> {
    return this.#ask(
      `select $1, v.id, v.case_id, $3, $4, $5::timestamptz from vault_item v join job j on j.id = v.job
       where v.id = $2 and j.lane = any($6::text[])`,
      item,
      purpose,
      by,
    )
  }

  /** Asks to destroy what is kept of a case. */
  askDestruction(caseId: string, purpose: string, by: Reviewer): Promise<string> {
    return this.#ask(
      `select $1, null, k.case_id, $3, $4, $5::timestamptz from vault_key k where k.case_id = $2 and cardinality($6::text[]) >= 0`,
      caseId,
      purpose,
      by,
    )
  }

  #ask(select: string, what: string, purpose: string, by: Reviewer): Promise<string> {
    const id = this.#newId()
    return this.#ledger.transaction(principalOf(by), async (tx) => {
      const made = await rowsOf<{ item: string | null; case_id: string }>(
        tx.db,
        `insert into vault_grant (id, item, case_id, purpose, asked_by, asked_at) ${select} returning item, case_id`,
        [id, what, purpose, by.id, new Date(tx.now).toISOString(), by.lanes],
      )
      const [row] = made
      if (row === undefined) throw new FirebreakError('http/not-found', ['such thing in the vault'])
      await tx.record('vault.asked', { grant: id, item: row.item, case: row.case_id })
      return id
    })
  }

  /** Grants what somebody else asked for, within one's lanes. Throws when it was one's own, or is settled. */
  grant(id: string, by: Reviewer): Promise<void> {
    return this.#ledger.transaction(principalOf(by), async (tx) => {
      const rows = await rowsOf<{ item: string | null; case_id: string }>(
        tx.db,
        `update vault_grant g set granted_by = $2, granted_at = $3::timestamptz where g.id = $1 and g.granted_by is null and g.asked_by <> $2
           and not exists (select 1 from vault_item v join job j on j.id = v.job
             where (v.id = g.item or (g.item is null and v.case_id = g.case_id)) and not (j.lane = any($4::text[])))
         returning g.item, g.case_id`,
        [id, by.id, new Date(tx.now).toISOString(), by.lanes],
      )
      const [row] = rows
      if (row === undefined)
        throw new FirebreakError('review/evidence', ['there is nothing of somebody else to grant within your lanes'])
      await tx.record('vault.granted', { grant: id, item: row.item, case: row.case_id })
    })
  }

  /** Opens an item once, within a quarter of an hour of the grant, for who asked. */
  async open(id: string, by: Reviewer): Promise<{ readonly type: string; readonly bytes: Uint8Array }> {
    const reveal = this.#newId()
    const found = await this.#ledger.transaction(principalOf(by), async (tx) => {
      const grant = await useGrant(tx, id, by)
      const [row] = await rowsOf<Opened>(
        tx.db,
        `select v.id as item, v.evidence, v.job, v.body, v.media_type, v.digest, v.case_id, j.severity from vault_item v
         join job j on j.id = v.job where v.id = $1 and j.lane = any($2::text[])`,
        [grant.item, by.lanes],
      )
      if (row === undefined) throw new FirebreakError('http/not-found', ['item in the vault within your lanes'])
      // A view like any other: it counts towards the day's exposure, and tells that the item was seen.
      await rowsOf(
        tx.db,
        'insert into reveal (id, evidence, job, reviewer, purpose, severity, at) values ($1, $2, $3, $4, $5, $6, $7::timestamptz)',
        [reveal, row.evidence, row.job, by.id, grant.purpose, row.severity, new Date(tx.now).toISOString()],
      )
      await tx.record('vault.opened', { grant: id, item: row.item, reveal })
      return row
    })
    const key = await this.#existingKey(this.#ledger.db, found.case_id)
    if (key === null) throw new FirebreakError('review/evidence', ['the key of its case was destroyed'])
    const bytes = decrypt(key, found.body)
    if (createHash('sha256').update(bytes).digest('hex') !== found.digest)
      throw new FirebreakError('internal/fault', ['an item of the vault is not what was put in'])
    return { type: found.media_type, bytes }
  }

  /**
   * Destroys the key of a case and its copies, by a grant of somebody else; the record in the chain is the certificate. Throws while a
   * legal hold stands on what the copies are about. Returns how many there were.
   */
  destroy(grantId: string, by: Reviewer): Promise<number> {
    return this.#ledger.transaction(principalOf(by), async (tx) => {
      const grant = await useGrant(tx, grantId, by)
      if (grant.item !== null) throw new FirebreakError('review/evidence', ['this grant opens an item'])
      const held = await rowsOf(
        tx.db,
        `select 1 from vault_item v join job j on j.id = v.job join entity e on e.id = j.subject left join entity o on o.id = e.owner
         join legal_hold h on h.released_at is null and ((h.subject_type = e.kind and h.subject_id = e.name)
           or (h.subject_type = o.kind and h.subject_id = o.name)) where v.case_id = $1 limit 1`,
        [grant.case_id],
      )
      if (held.length > 0) throw new FirebreakError('http/conflict', ['A legal hold stands on what this case is about'])
      const items = await rowsOf<{ digest: string }>(
        tx.db,
        'delete from vault_item where case_id = $1 returning digest',
        [grant.case_id],
      )
      await rowsOf(tx.db, 'delete from vault_key where case_id = $1', [grant.case_id])
      await tx.record('vault.destroyed', {
        case: grant.case_id,
        grant: grantId,
        digests: items.map(({ digest }) => digest),
      })
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

interface Opened {
  readonly item: string
  readonly evidence: string
  readonly job: string
  readonly body: Uint8Array
  readonly media_type: string
  readonly digest: string
  readonly case_id: string
  readonly severity: number
}

interface Grant {
  readonly item: string | null
  readonly case_id: string
  readonly purpose: string
}

/** Uses a grant up: one's own, granted within the last quarter of an hour. */
async function useGrant(tx: LedgerTransaction, id: string, by: Reviewer): Promise<Grant> {
  const [grant] = await rowsOf<Grant>(
    tx.db,
    `update vault_grant set used_at = $3::timestamptz where id = $1 and asked_by = $2 and used_at is null
       and granted_at > $3::timestamptz - interval '${GRANT_LIFE / MINUTE} minutes' returning item, case_id, purpose`,
    [id, by.id, new Date(tx.now).toISOString()],
  )
  if (grant === undefined) throw new FirebreakError('review/evidence', ['no open grant of yours has that id'])
  return grant
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
