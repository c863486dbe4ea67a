import { auditFields } from '../chain/canonical.ts'
import type { Sql } from '../store/store.ts'
import type { AuditRecord, Principal } from '../types.ts'
import { principalName, principalOf, type WriteContext } from '../writer/writer.ts'

/** Adds an audit record inside a write, so that the deed and its record are one commit. */
export async function recordIn(
  context: WriteContext,
  kind: string,
  data: Readonly<Record<string, unknown>>,
  by: Principal,
): Promise<number> {
  const writtenBy = await context.principal(by)
  const text = JSON.stringify(data)
  const salt = context.random.take(16)
  const seq = context.chain('audit', salt, auditFields({ kind, at: context.now, by: principalName(by), data: text }))
  await context.sql.query(
    'insert into audit (seq, kind, at, written_by, data, salt) values ($1, $2, $3::timestamptz, $4, $5, $6)',
    [seq, kind, new Date(context.now).toISOString(), writtenBy, text, salt],
  )
  return seq
}

interface AuditRow {
  readonly seq: number
  readonly kind: string
  readonly at: Date
  readonly by: string
  readonly data: string | null
}

export async function readAudit(
  sql: Sql,
  query: { afterSeq?: number; limit?: number; kind?: string },
): Promise<AuditRecord[]> {
  const { rows } = await sql.query<AuditRow>(
    `select a.seq, a.kind, a.at, p.name as by, a.data from audit a join entity p on p.id = a.written_by
     where a.seq > $1 and ($2::text is null or a.kind = $2) order by a.seq limit $3`,
    [query.afterSeq ?? 0, query.kind ?? null, query.limit ?? 1000],
  )
  return rows.map(({ seq, kind, at, by, data }) => ({
    seq,
    kind,
    at: at.toISOString(),
    by: principalOf(by),
    data: data === null ? {} : (JSON.parse(data) as Record<string, unknown>),
  }))
}
