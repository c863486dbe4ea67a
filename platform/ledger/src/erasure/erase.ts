import type { Ref } from '@firebreak/kernel'
import { rebuildAdjacency } from '../edges/adjacency.ts'
import { catchUp } from '../edges/catch-up.ts'
import type { Sql } from '../store/store.ts'
import type { WriteContext } from '../writer/writer.ts'
import { cleanBackupLists } from './backup-lists.ts'
import { eraseFromLayers } from './layer-tables.ts'
import { eraseLabels, eraseMentions } from './mentions.ts'
import { detachShared, type OwnThing, ownThings } from './own-things.ts'
import { beginScan } from './payload-scan.ts'
import { recordRemoval } from './removal.ts'

/** How an erased subject is called from then on. */
export function pseudonymOf(entity: number): string {
  return `erased-${entity}`
}

export async function hasLegalHold(sql: Sql, subject: Ref): Promise<boolean> {
  const { rows } = await sql.query(
    'select 1 from legal_hold where subject_type = $1 and subject_id = $2 and released_at is null limit 1',
    [subject.type, subject.id],
  )
  return rows.length > 0
}

/**
 * Removes a person from the ledger in the current transaction: the payload key, the payloads of events they took part in, their name
 * and those of what they made or alone used, edges, adjacency, labels, and every mention in documents, evidence, audit records, the
 * tables of the layers above and the backup lists of others. Mentions in other payloads are looked for afterwards (payload-scan.ts).
 * The chain keeps its entries; their salts go, so that nobody can try names against the digests.
 */
export async function eraseSubject(context: WriteContext, subject: Ref): Promise<void> {
  const { sql, entities } = context
  const { id } = entities.get(subject.type, subject.id)
  const pseudonym = pseudonymOf(id)
  const things = await ownThings(sql, id)
  const numbers = things.map(({ entity }) => entity)
  const positions = [
    ...(await cleanBackupLists(context, id, subject.id, pseudonym)),
    ...(await reduceEvents(sql, id, numbers)),
    ...(await eraseMentions(context, subject, pseudonym)),
  ]
  for (const thing of await labelled(sql, numbers))
    positions.push(...(await eraseLabels(context, thing, pseudonymOf(thing.entity))))
  await detachShared(sql, id, numbers)
  await eraseFromLayers(sql, { id: subject.id, pseudonym, entities: [id, ...numbers] })
  await catchUp(context)
  await removeEdges(sql, id)
  await context.keys.destroy(sql, [id])
  await sql.query('update entity set name = null where id = any($1::int[])', [[id, ...numbers]])
  await recordRemoval(context, 'subject.erased', positions)
  await beginScan(context, id, subject.id)
  entities.forgetAll()
  context.erased()
}

async function labelled(sql: Sql, things: readonly number[]): Promise<OwnThing[]> {
  const { rows } = await sql.query<OwnThing>(
    `select n.id as entity, n.kind as type, n.name as id from entity n where n.id = any($1::int[])
       and exists (select 1 from label l where l.subject_type = n.kind and l.subject_id = n.name)`,
    [things],
  )
  return rows
}

/** Events the person took part in lose payload and id; events on their content only what would tell its name. */
async function reduceEvents(sql: Sql, person: number, content: readonly number[]): Promise<number[]> {
  const { rows: own } = await sql.query<{ seq: number }>(
    `update event set payload = null, salt = null, id = null where actor = $1 or subject = $1 or object = $1 returning seq`,
    [person],
  )
  const { rows: onContent } = await sql.query<{ seq: number }>(
    `update event set salt = null, id = null
     where (subject = any($1::int[]) or object = any($1::int[])) and salt is not null returning seq`,
    [content],
  )
  return [...own, ...onContent].map(({ seq }) => seq)
}

const NODES_AT_ONCE = 200

async function removeEdges(sql: Sql, person: number): Promise<void> {
  const { rows } = await sql.query<{ other: number }>(
    `with gone as (delete from edge where source = $1 or target = $1 returning source, target)
     select distinct case when source = $1 then target else source end as other from gone`,
    [person],
  )
  await sql.query('delete from adjacency where node = $1', [person])
  for (let from = 0; from < rows.length; from += NODES_AT_ONCE)
    await rebuildAdjacency(
      sql,
      rows.slice(from, from + NODES_AT_ONCE).map(({ other }) => other),
    )
}
