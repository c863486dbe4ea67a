import type { Sql } from '../store/store.ts'
import { asBuffer, linkOf } from './digest.ts'

interface Mark {
  readonly seq: number
  readonly hash: Buffer
}

/** The end of the chain while a transaction adds to it. */
export class ChainTail {
  seq: number
  hash: Buffer
  #pending: { s: number; k: number; d: string; h: string }[] = []

  constructor(head: { readonly seq: number; readonly hash: Uint8Array }) {
    this.seq = head.seq
    this.hash = asBuffer(head.hash)
  }

  add(kind: number, digest: Buffer): number {
    this.seq++
    this.hash = linkOf(this.hash, this.seq, kind, digest)
    this.#pending.push({ s: this.seq, k: kind, d: digest.toString('base64'), h: this.hash.toString('base64') })
    return this.seq
  }

  mark(): Mark {
    return { seq: this.seq, hash: this.hash }
  }

  /** Back to a mark; what was added since, flushed or not, is forgotten here and undone by the caller in the store. */
  reset({ seq, hash }: Mark): void {
    this.seq = seq
    this.hash = hash
    this.#pending = []
  }

  async flush(sql: Sql): Promise<void> {
    if (this.#pending.length === 0) return
    const rows = JSON.stringify(this.#pending)
    this.#pending = []
    await sql.query(
      `insert into chain (seq, kind, digest, hash)
       select s, k, decode(d, 'base64'), decode(h, 'base64')
       from json_to_recordset($1::text::json) as r(s bigint, k smallint, d text, h text)`,
      [rows],
    )
  }
}
