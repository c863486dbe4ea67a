import { FirebreakError } from '@firebreak/kernel'
import { documentFields } from '../chain/canonical.ts'
import type { Sql, Store } from '../store/store.ts'
import type { Documents, Principal, StoredDocument } from '../types.ts'
import { principalName, principalOf, type WriteContext, type Writer } from '../writer/writer.ts'

interface DocumentRow {
  readonly kind: string
  readonly id: string
  readonly version: number
  readonly at: Date
  readonly by: string
  readonly body: string
}

/** Versioned JSON documents: networks, probe runs, settings, imports. */
export function documentsOver(store: Store, writer: Writer): Documents {
  return {
    get: <T>(kind: string, id: string) => latestDocument<T>(store, kind, id),
    async put<T>(kind: string, id: string, body: T, by: Principal, options: { ifVersion?: number } = {}) {
      return writer.write((context) => putNext(context, { kind, id, body, by, ...options }))
    },
    async list<T>(kind: string, options: { limit?: number } = {}) {
      const { rows } = await store.query<DocumentRow>(
        `select * from (
           select distinct on (id) x.* from (${SELECT} where d.kind = $1 and d.body is not null) x order by id, version desc
         ) latest order by at desc, id limit $2`,
        [kind, options.limit ?? 1000],
      )
      return rows.map((row) => fromRow<T>(row))
    },
  }
}

/** The latest version that still has a body. */
export async function latestDocument<T>(sql: Sql, kind: string, id: string): Promise<StoredDocument<T> | null> {
  const { rows } = await sql.query<DocumentRow>(
    `${SELECT} where d.kind = $1 and d.id = $2 and d.body is not null order by d.version desc limit 1`,
    [kind, id],
  )
  return rows[0] === undefined ? null : fromRow<T>(rows[0])
}

/** Writes the version after the latest, inside a write; null when that is not `ifVersion`. */
export async function putNext<T>(
  context: WriteContext,
  { kind, id, body, by, ifVersion }: { kind: string; id: string; body: T; by: Principal; ifVersion?: number },
): Promise<StoredDocument<T> | null> {
  const text = JSON.stringify(body)
  if (text === undefined) throw new FirebreakError('input/invalid', ['a document is JSON'])
  const version = await latestVersion(context, kind, id)
  if (ifVersion !== undefined && ifVersion !== version) return null
  await putDocument(context, { kind, id, version: version + 1, text, by })
  const at = new Date(context.now).toISOString()
  return { kind, id, version: version + 1, at, by, body: JSON.parse(text) as T }
}

const SELECT = `select d.kind, d.id, d.version, d.at, p.name as by, d.body from document d join entity p on p.id = d.written_by`

function fromRow<T>({ kind, id, version, at, by, body }: DocumentRow): StoredDocument<T> {
  return { kind, id, version, at: at.toISOString(), by: principalOf(by), body: JSON.parse(body) as T }
}

async function latestVersion({ sql }: WriteContext, kind: string, id: string): Promise<number> {
  const { rows } = await sql.query<{ version: number }>(
    'select max(version) as version from document where kind = $1 and id = $2',
    [kind, id],
  )
  return rows[0]?.version ?? 0
}

/** Writes one version inside a write. */
export async function putDocument(
  context: WriteContext,
  { kind, id, version, text, by }: { kind: string; id: string; version: number; text: string; by: Principal },
): Promise<number> {
  const writtenBy = await context.principal(by)
  const salt = context.random.take(16)
  const fields = documentFields({ kind, id, version, at: context.now, by: principalName(by), body: text })
  const seq = context.chain('document', salt, fields)
  await context.sql.query(
    `insert into document (seq, kind, id, version, at, written_by, body, salt)
     values ($1, $2, $3, $4, $5::timestamptz, $6, $7, $8)`,
    [seq, kind, id, version, new Date(context.now).toISOString(), writtenBy, text, salt],
  )
  return seq
}
