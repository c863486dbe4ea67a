import type { PreparedEvent } from '../events/prepare.ts'
import { EVENT_TYPE_LIST } from '../events/vocabulary.ts'
import type { Entity } from '../writer/entities.ts'
import type { WriteContext } from '../writer/writer.ts'
import type { NumberedChange } from './apply.ts'
import { type BackupList, contentRelation, type EdgeChange } from './changes.ts'
import type { Relations } from './relations.ts'

/** The changes between numbered nodes. Content stands for its author; without one known, and on oneself, there is no edge. */
export async function numberChanges(
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
export async function backupChanges(
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
export async function lateContentChanges(
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
