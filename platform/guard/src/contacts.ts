import type { Adjacency, EventInput } from '@firebreak/ledger'

/** Relations by which a viewer itself made contact. What others do to a viewer, and a block, is none. */
export const CONTACT_RELATIONS: readonly string[] = ['follow', 'like', 'comment', 'mention', 'contact']

const CONTACT_EVENTS: ReadonlySet<string> = new Set([
  'follow',
  'like',
  'comment',
  'mention',
  'contact.started',
  'recommendation.opened',
  'view.sampled',
])

/** Whom an event brings its actor into contact with, or null. */
export function contactOf(event: EventInput): { viewer: string; account: string } | null {
  if (!CONTACT_EVENTS.has(event.type) || event.actor.type !== 'account') return null
  const author = event.data?.author
  const account = event.subject.type === 'account' ? event.subject.id : author
  if (typeof account !== 'string' || account === event.actor.id) return null
  return { viewer: event.actor.id, account }
}

/** Adjacency by account, as `ledger.neighbours` gives it. */
export type Adjacencies = ReadonlyMap<string, Adjacency>

/** Pairs of an account asked about and somebody who acted on it. */
export function* contactsIn(adjacencies: Adjacencies): Iterable<readonly [account: string, viewer: string]> {
  for (const [account, { neighbours }] of adjacencies)
    for (const { other, direction, relation } of neighbours)
      if (direction === 'in' && CONTACT_RELATIONS.includes(relation)) yield [account, other]
}
