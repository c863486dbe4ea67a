import { EVENT_TYPE_LIST } from '../events/vocabulary.ts'
import type { Sql } from '../store/store.ts'
import { auditFields, documentFields, eventFields, labelFields, removalFields } from './canonical.ts'
import { CHAIN_KINDS, digestOf } from './digest.ts'

/** What a table says about one position: its digest now, or null where the salt is gone. */
export type Witness = Buffer | null

/** The rows of every chained table in a range of positions, as digests recomputed from what they hold. */
export async function witnesses(sql: Sql, from: number, to: number): Promise<Map<string, Witness>> {
  const tables = await Promise.all(READERS.map(([, read]) => read(sql, from, to)))
  const found = new Map<string, Witness>()
  for (const [table, [kind]] of READERS.entries())
    for (const [seq, digest] of tables[table]!) found.set(witnessKey(seq, kind), digest)
  return found
}

export function witnessKey(seq: number, kind: number): string {
  return `${seq}:${kind}`
}

type Reader = (sql: Sql, from: number, to: number) => Promise<[seq: number, digest: Witness][]>

interface Salted {
  readonly seq: number
  readonly salt: string | null
}

/** A page of rows as one JSON text: rows as objects of the driver cost five times as much. */
export async function jsonRows<Row>(sql: Sql, select: string, params: readonly unknown[]): Promise<Row[]> {
  const { rows } = await sql.query<{ page: string }>(
    `select coalesce(json_agg(page), '[]')::text as page from (${select}) page`,
    params,
  )
  return JSON.parse(rows[0]!.page) as Row[]
}

function reader<Row extends Salted>(select: string, fields: (row: Row) => unknown[]): Reader {
  return async (sql, from, to) => {
    const rows = await jsonRows<Row>(sql, `${select} where t.seq >= $1 and t.seq <= $2`, [from, to])
    return rows.map((row) => [row.seq, row.salt === null ? null : digestOf(fromHex(row.salt), fields(row))])
  }
}

/** bytea inside JSON is `\\x` and hex digits; a timestamp is ISO text. */
export function fromHex(text: string): Buffer {
  return Buffer.from(text.slice(2), 'hex')
}

const base64 = (bytes: string | null) => (bytes === null ? null : fromHex(bytes).toString('base64'))
const ms = (time: string) => Date.parse(time)

interface EventRow extends Salted {
  readonly id: string
  readonly type: number
  readonly v: number
  readonly at: string
  readonly received_at: string
  readonly ak: string
  readonly an: string
  readonly sk: string
  readonly sn: string
  readonly ok: string | null
  readonly on: string
  readonly surface: string | null
  readonly by: string
  readonly payload: string | null
}
interface LabelRow extends Salted {
  readonly id: string
  readonly subject_type: string
  readonly subject_id: string
  readonly value: string
  readonly source: string
  readonly reason: string
  readonly evidence: string | null
  readonly case_id: string | null
  readonly probability: number | null
  readonly neg: boolean
  readonly retracts: string | null
  readonly at: string
  readonly expires_at: string | null
  readonly by: string
}
interface DocumentRow extends Salted {
  readonly kind: string
  readonly id: string
  readonly version: number
  readonly at: string
  readonly by: string
  readonly body: string
}
interface AuditRow extends Salted {
  readonly kind: string
  readonly at: string
  readonly by: string
  readonly data: string
}
interface RemovalRow extends Salted {
  readonly reason: string
  readonly at: string
  readonly count: number
  readonly positions: string
}

const READERS: readonly (readonly [kind: number, read: Reader])[] = [
  [
    CHAIN_KINDS.event,
    reader<EventRow>(
      `select t.seq, t.salt, t.id, t.type, t.v, t.at, t.received_at, a.kind as ak, a.name as an, s.kind as sk, s.name as sn,
         o.kind as ok, o.name as on, t.surface, p.name as by, t.payload
       from event t left join entity a on a.id = t.actor left join entity s on s.id = t.subject left join entity o on o.id = t.object
       left join entity p on p.id = t.written_by`,
      (r) =>
        eventFields({
          id: r.id,
          type: EVENT_TYPE_LIST[r.type]!,
          v: r.v,
          at: ms(r.at),
          receivedAt: ms(r.received_at),
          actor: [r.ak, r.an],
          subject: [r.sk, r.sn],
          object: r.ok === null ? null : [r.ok, r.on],
          surface: r.surface,
          by: r.by,
          payload: base64(r.payload),
        }),
    ),
  ],
  [
    CHAIN_KINDS.label,
    reader<LabelRow>('select t.*, p.name as by from label t left join entity p on p.id = t.written_by', (r) =>
      labelFields({
        id: r.id,
        subjectType: r.subject_type,
        subjectId: r.subject_id,
        value: r.value,
        source: r.source,
        reason: r.reason,
        evidence: r.evidence,
        caseId: r.case_id,
        probability: r.probability,
        neg: r.neg,
        retracts: r.retracts,
        at: ms(r.at),
        expiresAt: r.expires_at === null ? null : ms(r.expires_at),
        by: r.by,
      }),
    ),
  ],
  [
    CHAIN_KINDS.document,
    reader<DocumentRow>('select t.*, p.name as by from document t left join entity p on p.id = t.written_by', (r) =>
      documentFields({ ...r, at: ms(r.at) }),
    ),
  ],
  [
    CHAIN_KINDS.audit,
    reader<AuditRow>('select t.*, p.name as by from audit t left join entity p on p.id = t.written_by', (r) =>
      auditFields({ ...r, at: ms(r.at) }),
    ),
  ],
  [
    CHAIN_KINDS.removal,
    reader<RemovalRow>('select t.* from removal t', (r) =>
      removalFields({ reason: r.reason, at: ms(r.at), count: r.count, positions: base64(r.positions)! }),
    ),
  ],
]
