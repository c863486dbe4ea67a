import type { PreparedEvent } from '../events/prepare.ts'

export type Node = readonly [kind: string, name: string]

/** What one event does to one edge. `counted` relations add up (three comments, weight 3); the others are a state (following or not). */
export interface EdgeChange {
  readonly act: boolean
  readonly source: Node
  /** A node, or the author of a content, if known. */
  readonly target: Node | { readonly authorOf: Node }
  readonly relation: string
  readonly counted: boolean
  readonly weight: number
}

/** The full current list of accounts that a profile names as backups; those no longer named are withdrawn. */
export interface BackupList {
  readonly source: Node
  readonly backups: readonly string[]
}

const COUNTED: ReadonlySet<string> = new Set(['like', 'comment', 'mention', 'contact', 'hashtag', 'link', 'media'])

const ON_CONTENT: ReadonlySet<string> = new Set(['like', 'comment'])

/** Event type → the relation it makes (act) or takes back. */
const SIMPLE: Readonly<Record<string, readonly [relation: string, act: boolean]>> = {
  follow: ['follow', true],
  unfollow: ['follow', false],
  block: ['block', true],
  unblock: ['block', false],
  like: ['like', true],
  unlike: ['like', false],
  comment: ['comment', true],
  'comment.removed': ['comment', false],
  mention: ['mention', true],
  'mention.removed': ['mention', false],
  'contact.started': ['contact', true],
  'group.created': ['group', true],
  'group.joined': ['group', true],
  'group.left': ['group', false],
  'identifier.seen': ['identifier', true],
}

const POST_ITEMS = [
  ['hashtags', 'hashtag'],
  ['links', 'link'],
  ['media', 'media'],
] as const

/** The changes to edges that an event makes, in order. */
export function edgeChanges({ input }: PreparedEvent): EdgeChange[] {
  const simple = SIMPLE[input.type]
  if (input.type === 'identifier.seen' && input.data?.shared === true) return []
  if (simple !== undefined) return [simpleChange(input, simple)]
  if (input.type === 'post.created' || input.type === 'post.updated') return postChanges(input)
  return []
}

/** The relation that an event of this type makes with the author of the content it is on, if any. */
export function contentRelation(type: string): { readonly relation: string; readonly act: boolean } | undefined {
  const simple = SIMPLE[type]
  return simple !== undefined && ON_CONTENT.has(simple[0]) ? { relation: simple[0], act: simple[1] } : undefined
}

/** The backup list that an account event carries, if any. */
export function backupList({ input }: PreparedEvent): BackupList | undefined {
  if (input.type !== 'account.created' && input.type !== 'account.updated') return undefined
  const backups = input.data?.backups as string[] | undefined
  return backups === undefined ? undefined : { source: ['account', input.subject.id], backups }
}

function simpleChange(
  { actor, subject, data }: PreparedEvent['input'],
  [relation, act]: readonly [string, boolean],
): EdgeChange {
  const named = relation === 'follow' ? ((data?.relation as string | undefined) ?? relation) : relation
  const node: Node = [subject.type, subject.id]
  const itself = subject.type === 'account' || subject.type === 'group' || subject.type === 'identifier'
  return {
    act,
    source: [actor.type, actor.id],
    target: itself ? node : { authorOf: node },
    relation: named,
    counted: COUNTED.has(named),
    weight: (data?.weight as number | undefined) ?? 1,
  }
}

function postChanges({ actor, data }: PreparedEvent['input']): EdgeChange[] {
  const source: Node = [actor.type, actor.id]
  return POST_ITEMS.flatMap(([list, relation]) =>
    [...new Set(((data?.[list] as string[] | undefined) ?? []).map((name) => itemName(relation, name)))].map(
      (name): EdgeChange => ({ act: true, source, target: [relation, name], relation, counted: true, weight: 1 }),
    ),
  )
}

/** One hashtag is one item however it was typed. */
function itemName(relation: string, name: string): string {
  return relation === 'hashtag' ? name.replace(/^#+/, '').normalize('NFC').toLowerCase() || name : name
}
