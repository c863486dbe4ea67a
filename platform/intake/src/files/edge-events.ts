import { createHash } from 'node:crypto'
import type { EventInput } from '@firebreak/ledger'

/** One row of an edge file, as `readEdges` understood it. */
export interface EdgeRow {
  readonly source: string
  readonly target: string
  readonly relation: string
  readonly weight: number
  /** Milliseconds since 1970; when absent, the time of the import is used. */
  readonly atMs: number | undefined
}

/** Turns the rows of an edge file into events. `finish` returns what only the whole file can tell. */
export interface EdgeEvents {
  of(row: EdgeRow): EventInput[]
  finish(): EventInput[]
}

const SAME_NAME = new Set(['follow', 'block', 'like', 'comment', 'mention', 'mute'])
const ITEMS: Readonly<Record<string, string>> = { hashtag: 'hashtags', link: 'links', media: 'media' }

/** Relations that Firebreak has a meaning for; any other name is kept as its own kind of edge, and usually a typo. */
export const KNOWN_RELATIONS: ReadonlySet<string> = new Set([
  ...SAME_NAME,
  ...Object.keys(ITEMS),
  'backup',
  'contact',
  'group',
  'identifier',
])

/**
 * Events with ids made from the rows themselves, so that the same file imported twice changes nothing.
 * A relation without an event type of its own becomes a `follow` that carries its name.
 */
export function edgeEvents(importedAtMs: number): EdgeEvents {
  const backups = new Map<string, { targets: Set<string>; atMs: number }>()
  return {
    of(row) {
      if (row.relation !== 'backup') return [eventOf(row, importedAtMs)]
      const atMs = row.atMs ?? importedAtMs
      const known = backups.get(row.source) ?? { targets: new Set(), atMs }
      known.targets.add(row.target)
      known.atMs = Math.max(known.atMs, atMs)
      backups.set(row.source, known)
      return []
    },
    finish: () => [...backups].map(([source, { targets, atMs }]) => backupEvent(source, [...targets], atMs)),
  }
}

/** A profile names all its backups at once, so their rows are gathered into one update of the profile. */
function backupEvent(source: string, targets: string[], atMs: number): EventInput {
  return {
    id: rowId('backup', source, targets.sort().join('\0'), atMs),
    type: 'account.updated',
    at: new Date(atMs).toISOString(),
    actor: account(source),
    subject: account(source),
    data: { backups: targets },
  }
}

function eventOf({ source, target, relation, weight, atMs }: EdgeRow, importedAtMs: number): EventInput {
  const id = rowId(relation, source, target, atMs)
  const base = { id, at: new Date(atMs ?? importedAtMs).toISOString(), actor: account(source) }
  const weighted = weight === 1 ? {} : { data: { weight } }
  if (SAME_NAME.has(relation)) return { ...base, type: relation, subject: account(target), ...weighted }
  if (relation === 'contact') return { ...base, type: 'contact.started', subject: account(target), ...weighted }
  if (relation === 'group') return { ...base, type: 'group.joined', subject: { type: 'group', id: target } }
  if (relation === 'identifier')
    return { ...base, type: 'identifier.seen', subject: { type: 'identifier', id: target } }
  const list = ITEMS[relation]
  if (list) return { ...base, type: 'post.created', subject: { type: 'content', id }, data: { [list]: [target] } }
  return { ...base, type: 'follow', subject: account(target), data: { relation, ...(weight === 1 ? {} : { weight }) } }
}

function account(id: string): { type: 'account'; id: string } {
  return { type: 'account', id }
}

function rowId(relation: string, source: string, target: string, atMs: number | undefined): string {
  const digest = createHash('sha256')
    .update(`${relation}\0${source}\0${target}\0${atMs ?? ''}`)
    .digest('base64url')
  return `file:${digest.slice(0, 32)}`
}
