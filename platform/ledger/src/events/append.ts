import { loadEdges, writeEdgeChanges } from '../edges/apply.ts'
import { type BackupList, backupList, type EdgeChange, edgeChanges, type Node } from '../edges/changes.ts'
import { backupChanges, lateContentChanges, numberChanges } from '../edges/number-changes.ts'
import type { Relations } from '../edges/relations.ts'
import { eraseSubject, hasLegalHold } from '../erasure/erase.ts'
import type { AppendResult } from '../types.ts'
import { type Entities, type Entity, entityKey } from '../writer/entities.ts'
import { principalName, type WriteContext } from '../writer/writer.ts'
import { insertEvents, type Parties, partiesOf, payloadOwners } from './insert.ts'
import type { PreparedEvent } from './prepare.ts'

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
  const twins = new Map<number, number>()
  const fresh = await withoutDuplicates(context, events, results, twins)
  let from = 0
  while (from < fresh.length) {
    const erasure = fresh.findIndex((index, i) => i >= from && events[index]!.input.type === 'subject.erased')
    const to = erasure === -1 ? fresh.length : erasure
    if (to > from) await storeEvents(context, relations, events, fresh.slice(from, to), results)
    if (erasure !== -1) await storeErasure(context, relations, events, fresh[erasure]!, results)
    from = to + 1
  }
  // A repetition of what was refused is no duplicate: nothing of it was kept.
  for (const [index, first] of twins) if (results[first]!.status === 'rejected') results[index] = results[first]
  return results as AppendResult[]
}

/** Indices of events whose id is new; answers the others. `twins` gains those that repeat one of this batch, and which. */
async function withoutDuplicates(
  context: WriteContext,
  events: readonly PreparedEvent[],
  results: Answered[],
  twins: Map<number, number>,
): Promise<number[]> {
  const keys = events.map(({ idKey }) => idKey.toString('hex'))
  const { rows } = await context.sql.query<{ key: string }>(
    `select encode(e.id_key, 'hex') as key from unnest($1::text::text[]) as k(key) join event e on e.id_key = decode(k.key, 'hex')`,
    [`{${keys.join()}}`],
  )
  const stored = new Set(rows.map(({ key }) => key))
  const inBatch = new Map<string, number>()
  const fresh: number[] = []
  for (const [index, { input }] of events.entries()) {
    const key = keys[index]!
    const first = inBatch.get(key)
    if (first !== undefined) twins.set(index, first)
    if (stored.has(key) || first !== undefined) results[index] = { id: input.id, status: 'duplicate' }
    else {
      inBatch.set(key, index)
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
  const parties = partiesOf(context.entities, events)
  const late = recordAuthors(context, events, parties)
  context.later(context.entities.save(context.sql))
  const numbered = await numberChanges(context, relations, events, changes)
  numbered.push(...(await backupChanges(context, relations, events, lists)))
  if (late.length > 0) numbered.push(...(await lateContentChanges(context, relations, late)))
  const edges = await loadEdges(context.sql, numbered)
  const keys = await context.keys.ensure(context.sql, payloadOwners(parties))
  let position = 0
  for (let from = 0; from < events.length; from += SLICE) {
    const seqs = insertEvents(context, events.slice(from, from + SLICE), parties.slice(from, from + SLICE), keys)
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

/** Notes who made each content. Returns content that was already acted on before its author was known. */
function recordAuthors(context: WriteContext, events: readonly PreparedEvent[], parties: readonly Parties[]): Entity[] {
  const made = new Map<number, number>()
  const late: Entity[] = []
  for (const [i, { input }] of events.entries()) {
    if (input.type !== 'post.created' && input.type !== 'stream.started') continue
    const { actor, subject: content } = parties[i]!
    if (content.owner !== null) continue
    content.owner = actor.id
    if (content.fresh) continue // written with its owner
    made.set(content.id, content.owner)
    late.push(content)
  }
  if (made.size > 0)
    context.later(
      context.sql.query(
        `update entity set owner = r.o from json_to_recordset($1::text::json) as r(c integer, o integer) where entity.id = r.c`,
        [JSON.stringify(Array.from(made, ([c, o]) => ({ c, o })))],
      ),
    )
  return late
}
