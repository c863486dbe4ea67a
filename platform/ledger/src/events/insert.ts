import type { KeyObject } from 'node:crypto'
import { eventFields } from '../chain/canonical.ts'
import type { Node } from '../edges/changes.ts'
import { seal } from '../keys/cipher.ts'
import { principalName, type WriteContext } from '../writer/writer.ts'
import type { PreparedEvent } from './prepare.ts'

/** Whose key encrypts the payload: the acting account's, else the account it is about. */
function payloadOwner({ actor, subject }: PreparedEvent['input']): Node {
  const owner = actor.type === 'account' || subject.type !== 'account' ? actor : subject
  return [owner.type, owner.id]
}

/** Every entity whose key these events need. */
export function payloadOwners({ entities }: WriteContext, events: readonly PreparedEvent[]): number[] {
  return events.flatMap(({ payload, input }) => (payload === null ? [] : [entities.get(...payloadOwner(input)).id]))
}

/** Chains the events and sends their rows off; returns their positions. */
export function insertEvents(
  context: WriteContext,
  events: readonly PreparedEvent[],
  keys: ReadonlyMap<number, KeyObject>,
): number[] {
  const { entities, random, now } = context
  const seqs: number[] = []
  const rows = events.map((event) => {
    const { input, at, idKey, typeNumber, by } = event
    const owner = event.payload === null ? null : entities.get(...payloadOwner(input)).id
    const payload =
      event.payload === null ? null : seal(keys.get(owner!)!, random.take(12), event.payload).toString('base64')
    const salt = random.take(16)
    const { actor, subject, object } = input
    const seq = context.chain(
      'event',
      salt,
      eventFields({
        id: input.id,
        type: input.type,
        v: 1,
        at,
        receivedAt: now,
        actor: [actor.type, actor.id],
        subject: [subject.type, subject.id],
        object: object === undefined ? null : [object.type, object.id],
        surface: input.surface ?? null,
        by: principalName(by),
        payload,
      }),
    )
    seqs.push(seq)
    return {
      q: seq,
      k: idKey,
      i: input.id,
      t: typeNumber,
      a: new Date(at).toISOString(),
      f: entities.get(actor.type, actor.id).id,
      s: entities.get(subject.type, subject.id).id,
      o: object === undefined ? null : entities.get(object.type, object.id).id,
      u: input.surface,
      b: entities.get('principal', principalName(by)).id,
      w: owner,
      p: payload,
      z: Buffer.from(salt).toString('base64'),
    }
  })
  context.later(
    context.sql.query(
      `insert into event (seq, id_key, id, type, v, at, received_at, actor, subject, object, surface, written_by, payload_owner, payload, salt)
     select q, decode(k, 'base64'), i, t, 1, a, $2::timestamptz, f, s, o, u, b, w, decode(p, 'base64'), decode(z, 'base64')
     from json_to_recordset($1::text::json) as r(q bigint, k text, i text, t smallint, a timestamptz, f integer, s integer,
       o integer, u text, b integer, w integer, p text, z text)`,
      [JSON.stringify(rows), new Date(now).toISOString()],
    ),
  )
  return seqs
}
