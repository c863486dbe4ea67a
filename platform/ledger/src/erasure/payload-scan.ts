import { asBuffer } from '../chain/digest.ts'
import { seal, unseal } from '../keys/cipher.ts'
import type { SubjectKeys } from '../keys/subject-keys.ts'
import type { Sql, Store } from '../store/store.ts'
import type { WriteContext, Writer } from '../writer/writer.ts'
import { withoutMention } from './redact.ts'
import { recordRemoval } from './removal.ts'

const PAGE = 4_000

/** Notes, in the erasure's own transaction, that other people's payloads up to here are still to be searched for the id. */
export async function beginScan(context: WriteContext, entity: number, id: string): Promise<void> {
  const { sql } = context
  await context.flushChain()
  const needle = context.sealNeedle(Buffer.from(id))
  await sql.query(
    `insert into erasure_scan (entity, needle, last, done) select $1, $2, coalesce(max(seq), 0), 0 from event
     on conflict (entity) do update set last = excluded.last, done = 0`,
    [entity, needle],
  )
}

interface Sought {
  readonly entity: number
  readonly id: string
  /** As it stands inside JSON. */
  readonly needle: string
  readonly last: number
  readonly done: number
}

export interface ScanParts {
  readonly store: Store
  readonly writer: Writer
  /** Keys for reading, remembered for one search only. */
  readonly keys: () => SubjectKeys
  readonly openNeedle: (sealed: Uint8Array) => Buffer
}

/**
 * Looks through the payloads of everybody else for ids that were erased, outside any transaction, and rewrites those that mention one.
 * Goes on where a process that died left off. Cost: every payload decrypted once for all erasures waiting.
 */
export class PayloadScan {
  readonly #parts: ScanParts
  #running: Promise<void> | undefined
  #again = false

  constructor(parts: ScanParts) {
    this.#parts = parts
  }

  /** Resolves when nothing that was erased before the call is left to look for. */
  async finish(): Promise<void> {
    if (this.#running !== undefined) {
      this.#again = true
      return this.#running
    }
    this.#running = (async () => {
      try {
        do {
          this.#again = false
          await this.#all()
        } while (this.#again)
      } finally {
        this.#running = undefined
      }
    })()
    return this.#running
  }

  async #all(): Promise<void> {
    const { store } = this.#parts
    for (let sought = await this.#sought(); sought.length > 0; sought = await this.#sought()) {
      const keys = this.#parts.keys()
      let done = Math.min(...sought.map((one) => one.done))
      const last = Math.max(...sought.map((one) => one.last))
      while (done < last) {
        const page = await readPage(store, keys, done, last)
        done = page.to
        await this.#rewrite(page.texts, sought)
        await store.query('update erasure_scan set done = greatest(done, $1) where entity = any($2::int[])', [
          done,
          sought.map(({ entity }) => entity),
        ])
      }
      await store.query('delete from erasure_scan where done >= last and entity = any($1::int[])', [
        sought.map(({ entity }) => entity),
      ])
    }
  }

  async #sought(): Promise<Sought[]> {
    const { rows } = await this.#parts.store.query<{ entity: number; needle: Uint8Array; last: number; done: number }>(
      'select entity, needle, last, done from erasure_scan',
    )
    return rows.map(({ entity, needle, last, done }) => {
      const id = this.#parts.openNeedle(asBuffer(needle)).toString()
      return { entity, id, needle: JSON.stringify(id).slice(1, -1), last, done }
    })
  }

  async #rewrite(texts: ReadonlyMap<number, string>, sought: readonly Sought[]): Promise<void> {
    const hits = [...texts].filter(([seq, text]) => sought.some((one) => seq <= one.last && text.includes(one.needle)))
    if (hits.length === 0) return
    await this.#parts.writer.write((context) =>
      rewriteRows(
        context,
        hits.map(([seq]) => seq),
        sought,
      ),
    )
  }
}

/** Payloads after a position, decrypted; `to` is how far they reach. */
async function readPage(
  sql: Sql,
  keys: SubjectKeys,
  after: number,
  last: number,
): Promise<{ to: number; texts: Map<number, string> }> {
  const { rows } = await sql.query<PayloadRow>(
    `select seq, payload_owner as owner, payload from event where seq > $1 and seq <= $2 and payload is not null order by seq limit $3`,
    [after, last, PAGE],
  )
  const texts = new Map<number, string>()
  const found = await keys.find(
    sql,
    rows.map(({ owner }) => owner),
  )
  for (const { seq, owner, payload } of rows) {
    const key = found.get(owner)
    if (key !== undefined) texts.set(seq, unseal(key, asBuffer(payload)).toString())
  }
  return { to: rows.length < PAGE ? last : rows.at(-1)!.seq, texts }
}

interface PayloadRow {
  readonly seq: number
  readonly owner: number
  readonly payload: Uint8Array
}

async function rewriteRows(context: WriteContext, seqs: readonly number[], sought: readonly Sought[]): Promise<void> {
  const { sql, keys, random } = context
  // Read again under the head lock: another erasure may have come first.
  const { rows } = await sql.query<PayloadRow>(
    'select seq, payload_owner as owner, payload from event where seq = any($1::bigint[]) and payload is not null',
    [seqs],
  )
  const found = await keys.find(
    sql,
    rows.map(({ owner }) => owner),
  )
  const changed: number[] = []
  for (const { seq, owner, payload } of rows) {
    const key = found.get(owner)
    if (key === undefined) continue
    const text = unseal(key, asBuffer(payload)).toString()
    let value: unknown = JSON.parse(text)
    for (const { id, last, entity } of sought) if (seq <= last) value = withoutMention(value, id, `erased-${entity}`)
    const clean = JSON.stringify(value)
    if (clean === text) continue
    const sealed = seal(key, random.take(12), Buffer.from(clean))
    await sql.query('update event set payload = $2, salt = null where seq = $1', [seq, sealed])
    changed.push(seq)
  }
  if (changed.length > 0) await recordRemoval(context, 'subject.erased: mentions', changed)
}
