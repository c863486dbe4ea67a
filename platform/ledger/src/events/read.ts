import type { KeyObject } from 'node:crypto'
import type { Ref } from '@firebreak/kernel'
import { pseudonymOf } from '../erasure/erase.ts'
import { unseal } from '../keys/cipher.ts'
import type { SubjectKeys } from '../keys/subject-keys.ts'
import type { Sql } from '../store/store.ts'
import type { StoredEvent } from '../types.ts'
import { principalOf } from '../writer/writer.ts'
import { EVENT_TYPE_LIST, type EventType } from './vocabulary.ts'

export interface EventQuery {
  readonly afterSeq?: number
  readonly limit?: number
  readonly types?: readonly EventType[]
  readonly of?: Ref
}

interface EventRow {
  readonly seq: number
  readonly id: string | null
  readonly type: number
  readonly v: number
  readonly at: Date
  readonly received_at: Date
  readonly actor: number
  readonly actor_kind: string
  readonly actor_name: string | null
  readonly subject: number
  readonly subject_kind: string
  readonly subject_name: string | null
  readonly object: number | null
  readonly object_kind: string | null
  readonly object_name: string | null
  readonly surface: string | null
  readonly by: string
  readonly payload_owner: number | null
  readonly payload: Uint8Array | null
  readonly reduced: boolean
}

/** Events after a position in commit order, payloads decrypted where their key still exists. */
export async function readEvents(sql: Sql, keys: SubjectKeys, query: EventQuery): Promise<StoredEvent[]> {
  const types = query.types?.map((type) => EVENT_TYPE_LIST.indexOf(type)) ?? null
  const { rows } = await sql.query<EventRow>(
    `select e.seq, e.id, e.type, e.v, e.at, e.received_at, e.actor, a.kind as actor_kind, a.name as actor_name,
       e.subject, s.kind as subject_kind, s.name as subject_name, e.object, o.kind as object_kind, o.name as object_name,
       e.surface, p.name as by, e.payload_owner, e.payload, e.salt is null as reduced
     from (select * from event e where e.seq > $1 and ($3::int[] is null or e.type = any($3::int[]))
       ${query.of === undefined ? '' : OF_ENTITY} order by e.seq limit $2) e
     join entity a on a.id = e.actor join entity s on s.id = e.subject left join entity o on o.id = e.object
     join entity p on p.id = e.written_by order by e.seq`,
    [query.afterSeq ?? 0, query.limit ?? 1000, types, ...(query.of === undefined ? [] : [query.of.type, query.of.id])],
  )
  const owners = rows.filter((row) => row.payload !== null).map((row) => row.payload_owner!)
  const found = owners.length === 0 ? new Map<number, KeyObject>() : await keys.find(sql, owners)
  return rows.map((row) => fromRow(row, found))
}

const OF_ENTITY = `and exists (select 1 from entity n where n.kind = $4 and n.name = $5 and (e.actor = n.id or e.subject = n.id or e.object = n.id))`

function fromRow(row: EventRow, keys: ReadonlyMap<number, KeyObject>): StoredEvent {
  const key = row.payload === null ? undefined : keys.get(row.payload_owner!)
  const payload =
    key === undefined ? {} : (JSON.parse(unseal(key, row.payload!).toString()) as Pick<StoredEvent, 'context' | 'data'>)
  return {
    seq: row.seq,
    id: row.id ?? `erased-${row.seq}`,
    v: row.v,
    type: EVENT_TYPE_LIST[row.type]!,
    at: row.at.toISOString(),
    receivedAt: row.received_at.toISOString(),
    actor: { type: row.actor_kind, id: row.actor_name ?? pseudonymOf(row.actor) },
    subject: { type: row.subject_kind, id: row.subject_name ?? pseudonymOf(row.subject) },
    ...(row.object === null
      ? {}
      : { object: { type: row.object_kind!, id: row.object_name ?? pseudonymOf(row.object) } }),
    ...(row.surface === null ? {} : { surface: row.surface }),
    ...payload,
    by: principalOf(row.by),
    erased: row.reduced,
  }
}
