import type { TransactionSql } from '../store/store.ts'
import { asBuffer, blockDigest, ENTRY_BYTES, linkOf, RUN } from './digest.ts'

interface Mark {
  readonly seq: number
  readonly hash: Buffer
}

/** The end of the chain while a transaction adds to it. Rows added between two flushes share one entry. */
export class ChainTail {
  seq: number
  hash: Buffer
  #pending: { readonly kind: number; readonly digest: Buffer }[] = []

  constructor(head: { readonly seq: number; readonly hash: Uint8Array }) {
    this.seq = head.seq
    this.hash = asBuffer(head.hash)
  }

  /** Gives a row its position. */
  add(kind: number, digest: Buffer): number {
    this.#pending.push({ kind, digest })
    return ++this.seq
  }

  /** Call when nothing is pending. */
  mark(): Mark {
    return { seq: this.seq, hash: this.hash }
  }

  /** Back to a mark; what was added since, flushed or not, is forgotten here and undone by the caller in the store. */
  reset({ seq, hash }: Mark): void {
    this.seq = seq
    this.hash = hash
    this.#pending = []
  }

  /** Writes what was added since the last flush as one entry. */
  async flush(sql: TransactionSql): Promise<void> {
    const pending = this.#pending
    if (pending.length === 0) return
    this.#pending = []
    const { seq } = this
    const [only] = pending
    if (pending.length === 1) {
      this.hash = linkOf(this.hash, seq, only!.kind, only!.digest)
      await sql.query('insert into chain (seq, kind, digest, hash) values ($1, $2, $3, $4)', [
        seq,
        only!.kind,
        only!.digest,
        this.hash,
      ])
      return
    }
    const first = seq - pending.length + 1
    const digests = Buffer.allocUnsafe(pending.length * ENTRY_BYTES)
    for (const [i, { kind, digest }] of pending.entries())
      digests.set(digest, digests.writeUInt8(kind, i * ENTRY_BYTES))
    const digest = blockDigest(first, digests)
    this.hash = linkOf(this.hash, seq, RUN, digest)
    await sql.insert(CHAIN, [[seq, RUN, digest, this.hash, first, digests]])
  }
}

const CHAIN = {
  table: 'chain',
  columns: [
    ['seq', 'int8'],
    ['kind', 'int2'],
    ['digest', 'bytea'],
    ['hash', 'bytea'],
    ['first', 'int8'],
    ['digests', 'bytea'],
  ],
} as const
