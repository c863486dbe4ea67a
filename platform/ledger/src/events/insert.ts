import type { KeyObject } from 'node:crypto'
import { eventFields } from '../chain/canonical.ts'
import { seal } from '../keys/cipher.ts'
import type { Entities, Entity } from '../writer/entities.ts'
import { principalName, type WriteContext } from '../writer/writer.ts'
import type { PreparedEvent } from './prepare.ts'

/** The entities that an event names, looked up once. */
export interface Parties {
  readonly actor: Entity
  readonly subject: Entity
  readonly object: Entity | null
  readonly by: string
  readonly writtenBy: number
  /** Whose key encrypts the payload, if there is one: the acting account's, else the account it is about. */
  readonly payloadOwner: number | null
}

export function partiesOf(entities: Entities, events: readonly PreparedEvent[]): Parties[] {
  let by = ''
  let writtenBy = -1
  return events.map((event) => {
    const { input, payload } = event
    const actor = entities.get(input.actor.type, input.actor.id)
    const subject = entities.get(input.subject.type, input.subject.id)
    const object = input.object === undefined ? null : entities.get(input.object.type, input.object.id)
    const name = principalName(event.by)
    if (name !== by) {
      by = name
      writtenBy = entities.get('principal', name).id
    }
    const own = input.actor.type === 'account' || input.subject.type !== 'account'
    return { actor, subject, object, by, writtenBy, payloadOwner: payload === null ? null : (own ? actor : subject).id }
  })
}

/** Every entity whose key these events need. */
export function payloadOwners(parties: readonly Parties[]): number[] {
  return parties.flatMap(({ payloadOwner }) => payloadOwner ?? [])
}

/** Chains the events and sends their rows off; returns their positions. */
export function insertEvents(
  context: WriteContext,
  events: readonly PreparedEvent[],
  parties: readonly Parties[],
  keys: ReadonlyMap<number, KeyObject>,
): number[] {
  const { random, now } = context
  const seqs: number[] = []
  const rows = events.map((event, i) => {
    const { input, at, idKey, typeNumber } = event
    const { by, payloadOwner, ...named } = parties[i]!
    const payload = event.payload === null ? null : seal(keys.get(payloadOwner!)!, random.take(12), event.payload)
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
        by,
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
      named.actor.id,
      named.subject.id,
      named.object?.id ?? null,
      surface,
      named.writtenBy,
      payloadOwner,
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
