import type { KeyObject } from 'node:crypto'
import { eventFields } from '../chain/canonical.ts'
import { loadEdges, type NumberedChange, writeEdgeChanges } from '../edges/apply.ts'
import {
  type BackupList,
  backupList,
  contentRelation,
  type EdgeChange,
  edgeChanges,
  type Node,
} from '../edges/changes.ts'
import type { Relations } from '../edges/relations.ts'
import { eraseSubject, hasLegalHold } from '../erasure/erase.ts'
import { seal } from '../keys/cipher.ts'
import type { AppendResult } from '../types.ts'
import { type Entities, type Entity, entityKey } from '../writer/entities.ts'
import { principalName, type WriteContext } from '../writer/writer.ts'
import type { PreparedEvent } from './prepare.ts'
import { EVENT_TYPE_LIST } from './vocabulary.ts'

type Answered = AppendResult | undefined

/**
 * Appends a batch inside the writing transaction: repeated ids are duplicates, the rest is numbered, chained and stored, and edges
 * follow. An erasure splits the batch: it takes what was written before it, not what comes after.
 */
export async function appendEvents(
  context: WriteContext,
  relations: Relations,
  events: readonly PreparedEvent[],
): Promise<AppendResult[]> {
  const results: Answered[] = new Array(events.length)
  const fresh = await withoutDuplicates(context, events, results)
  let from = 0
  while (from < fresh.length) {
    const erasure = fresh.findIndex((index, i) => i >= from && events[index]!.input.type === 'subject.erased')
    const to = erasure === -1 ? fresh.length : erasure
    if (to > from) await storeEvents(context, relations, events, fresh.slice(from, to), results)
    if (erasure !== -1) await storeErasure(context, relations, events, fresh[erasure]!, results)
    from = to + 1
  }
  return results as AppendResult[]
}

/** Indices of events whose id is new; answers the others. */
async function withoutDuplicates(
  context: WriteContext,
  events: readonly PreparedEvent[],
  results: Answered[],
): Promise<number[]> {
  const { rows } = await context.sql.query<{ key: string }>(
    `select encode(e.id_key, 'base64') as key from jsonb_array_elements_text($1::text::jsonb) as k(key)
     join event e on e.id_key = decode(k.key, 'base64')`,
    [JSON.stringify(events.map((event) => event.idKey))],
  )
  const seen = new Set(rows.map(({ key }) => key))
  const fresh: number[] = []
  for (const [index, { idKey, input }] of events.entries()) {
    if (seen.has(idKey)) results[index] = { id: input.id, status: 'duplicate' }
    else {
      seen.add(idKey)
      fresh.push(index)
    }
  }
  return fresh
}

async function storeErasure(
  context: WriteContext,
  relations: Relations,
  events: readonly PreparedEvent[],
  index: number,
  results: Answered[],
): Promise<void> {
  const { input } = events[index]!
  if (await hasLegalHold(context.sql, input.subject)) {
    results[index] = {
      id: input.id,
      status: 'rejected',
      code: 'legal-hold',
      detail: 'a legal hold stands on this subject',
    }
    return
  }
  await storeEvents(context, relations, events, [index], results)
  await context.settled()
  await eraseSubject(context, input.subject)
}

/** Events whose rows are made while the store works on those before. */
const SLICE = 2_500

/** All questions first, then all writes, which are left under way: the next rows are made while the store inserts the last ones. */
async function storeEvents(
  context: WriteContext,
  relations: Relations,
  all: readonly PreparedEvent[],
  indices: readonly number[],
  results: Answered[],
): Promise<void> {
  await context.settled()
  const events = indices.map((index) => all[index]!)
  const changes = events.map(edgeChanges)
  const lists = events.map(backupList)
  context.entities.settle()
  await context.entities.intern(context.sql, unknownNames(context.entities, events, changes, lists))
  const late = recordAuthors(context, events)
  const numbered = await numberChanges(context, relations, events, changes)
  numbered.push(...(await backupChanges(context, relations, events, lists)))
  if (late.length > 0) numbered.push(...(await lateContentChanges(context, relations, late)))
  const edges = await loadEdges(context.sql, numbered)
  const keys = await context.keys.ensure(context.sql, payloadOwners(context, events))
  let position = 0
  for (let from = 0; from < events.length; from += SLICE) {
    const seqs = insertEvents(context, events.slice(from, from + SLICE), keys)
    for (const [i, seq] of seqs.entries()) {
      const index = indices[from + i]!
      results[index] = { id: all[index]!.input.id, status: 'accepted', seq }
      position = seq
    }
    context.later(context.flushChain())
  }
  if (numbered.length > 0) writeEdgeChanges(context, edges, numbered, position)
}

type Names = Map<string, Node>

function unknownNames(
  entities: Entities,
  events: readonly PreparedEvent[],
  changes: readonly (readonly EdgeChange[])[],
  lists: readonly (BackupList | undefined)[],
): Names {
  const names: Names = new Map()
  const add = (kind: string, name: string) => {
    if (!entities.knows(kind, name)) names.set(entityKey(kind, name), [kind, name])
  }
  for (const [i, { input, by }] of events.entries()) {
    add(input.actor.type, input.actor.id)
    add(input.subject.type, input.subject.id)
    if (input.object !== undefined) add(input.object.type, input.object.id)
    add('principal', principalName(by))
    for (const { target } of changes[i]!) if (!('authorOf' in target)) add(...target)
    for (const backup of lists[i]?.backups ?? []) add('account', backup)
  }
  return names
}

/** Whose key encrypts the payload: the acting account's, else the account it is about. */
function payloadOwner({ actor, subject }: PreparedEvent['input']): Node {
  const owner = actor.type === 'account' || subject.type !== 'account' ? actor : subject
  return [owner.type, owner.id]
}

function payloadOwners({ entities }: WriteContext, events: readonly PreparedEvent[]): number[] {
  return events.flatMap(({ payload, input }) => (payload === null ? [] : [entities.get(...payloadOwner(input)).id]))
}

/** Chains the events and sends their rows off; returns their positions. */
function insertEvents(
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
     from jsonb_to_recordset($1::text::jsonb) as r(q bigint, k text, i text, t smallint, a timestamptz, f integer, s integer,
       o integer, u text, b integer, w integer, p text, z text)`,
      [JSON.stringify(rows), new Date(now).toISOString()],
    ),
  )
  return seqs
}

/** Notes who made each content. Returns content that was already acted on before its author was known. */
function recordAuthors(context: WriteContext, events: readonly PreparedEvent[]): Entity[] {
  const made = new Map<number, number>()
  const late: Entity[] = []
  for (const { input } of events) {
    if (input.type !== 'post.created' && input.type !== 'stream.started') continue
    const content = context.entities.get(input.subject.type, input.subject.id)
    if (content.owner !== null) continue
    content.owner = context.entities.get(input.actor.type, input.actor.id).id
    made.set(content.id, content.owner)
    if (!content.fresh) late.push(content)
  }
  if (made.size > 0)
    context.later(
      context.sql.query(
        `update entity set owner = r.o from jsonb_to_recordset($1::text::jsonb) as r(c integer, o integer) where entity.id = r.c`,
        [JSON.stringify(Array.from(made, ([c, o]) => ({ c, o })))],
      ),
    )
  return late
}

async function numberChanges(
  context: WriteContext,
  relations: Relations,
  events: readonly PreparedEvent[],
  changes: readonly (readonly EdgeChange[])[],
): Promise<NumberedChange[]> {
  const { entities, sql } = context
  const numbered: NumberedChange[] = []
  for (const [i, list] of changes.entries()) {
    for (const change of list) {
      const source = entities.get(...change.source)
      const target = targetOf(context, change.target)
      if (target === null || target.id === source.id) continue
      const relation = await relations.number(sql, change.relation)
      const { act, counted, weight } = change
      const fresh = source.fresh || target.fresh
      numbered.push({ source: source.id, target: target.id, relation, act, counted, weight, at: events[i]!.at, fresh })
    }
  }
  return numbered
}

function targetOf({ entities }: WriteContext, target: EdgeChange['target']): { id: number; fresh: boolean } | null {
  if (!('authorOf' in target)) return entities.get(...target)
  const { owner } = entities.get(...target.authorOf)
  return owner === null ? null : { id: owner, fresh: false }
}

/** New names in a backup list become edges; names gone from it are withdrawn. */
async function backupChanges(
  context: WriteContext,
  relations: Relations,
  events: readonly PreparedEvent[],
  lists: readonly (BackupList | undefined)[],
): Promise<NumberedChange[]> {
  const changes: NumberedChange[] = []
  if (lists.every((list) => list === undefined)) return changes
  const { entities, sql } = context
  const relation = await relations.number(sql, 'backup')
  const current = await currentBackups(context, relation, lists)
  for (const [i, list] of lists.entries()) {
    if (list === undefined) continue
    const source = entities.get(...list.source)
    const at = events[i]!.at
    const named = new Set(list.backups.map((name) => entities.get('account', name).id))
    named.delete(source.id)
    const change = (act: boolean) => (target: number) =>
      changes.push({ source: source.id, target, relation, act, counted: false, weight: 1, at, fresh: false })
    const before = current.get(source.id) ?? new Set()
    ;[...before].filter((target) => !named.has(target)).forEach(change(false))
    ;[...named].filter((target) => !before.has(target)).forEach(change(true))
    current.set(source.id, named)
  }
  return changes
}

async function currentBackups(
  { sql, entities }: WriteContext,
  relation: number,
  lists: readonly (BackupList | undefined)[],
): Promise<Map<number, Set<number>>> {
  const sources = lists.filter((list) => list !== undefined).map((list) => entities.get(...list.source).id)
  const { rows } = await sql.query<{ source: number; target: number }>(
    'select source, target from edge where source = any($1::int[]) and relation = $2 and withdrawn_at is null',
    [sources, relation],
  )
  const current = new Map<number, Set<number>>()
  for (const { source, target } of rows) current.set(source, (current.get(source) ?? new Set()).add(target))
  return current
}

/** Likes and comments that arrived before the post they are on: now that its author is known, they become edges. */
async function lateContentChanges(
  context: WriteContext,
  relations: Relations,
  late: readonly Entity[],
): Promise<NumberedChange[]> {
  const { rows } = await context.sql.query<{ actor: number; subject: number; type: number; at: Date }>(
    'select actor, subject, type, at from event where subject = any($1::int[]) order by seq',
    [late.map(({ id }) => id)],
  )
  const owners = new Map(late.map(({ id, owner }) => [id, owner!]))
  const changes: NumberedChange[] = []
  for (const { actor, subject, type, at } of rows) {
    const known = contentRelation(EVENT_TYPE_LIST[type]!)
    const target = owners.get(subject)!
    if (known === undefined || actor === target) continue
    const relation = await relations.number(context.sql, known.relation)
    changes.push({
      source: actor,
      target,
      relation,
      act: known.act,
      counted: true,
      weight: 1,
      at: at.getTime(),
      fresh: false,
    })
  }
  return changes
}
