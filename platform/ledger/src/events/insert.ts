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
    const payload = event.payload === null ? null : seal(keys.get(owner!)!, random.take(12), event.payload)
    const salt = random.take(16)
    const { actor, subject, object } = input
    const surface = input.surface ?? null
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
        surface,
        by: principalName(by),
        payload: payload?.toString('base64') ?? null,
      }),
    )
    seqs.push(seq)
    return [
      seq,
      idKey,
      input.id,
      typeNumber,
      1,
      at,
      now,
      entities.get(actor.type, actor.id).id,
      entities.get(subject.type, subject.id).id,
      object === undefined ? null : entities.get(object.type, object.id).id,
      surface,
      entities.get('principal', principalName(by)).id,
      owner,
      payload,
      salt,
    ]
  })
  context.later(context.sql.insert(EVENT, rows))
  return seqs
}

const EVENT = {
  table: 'event',
  columns: [
    ['seq', 'int8'],
    ['id_key', 'bytea'],
    ['id', 'text'],
    ['type', 'int2'],
    ['v', 'int2'],
    ['at', 'timestamptz'],
    ['received_at', 'timestamptz'],
    ['actor', 'int4'],
    ['subject', 'int4'],
    ['object', 'int4'],
    ['surface', 'text'],
    ['written_by', 'int4'],
    ['payload_owner', 'int4'],
    ['payload', 'bytea'],
    ['salt', 'bytea'],
  ],
} as const
