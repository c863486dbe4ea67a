import type { EventType, StoredEvent } from '@firebreak/ledger'

/** One text that an event brought, with the kind of subject it would be judged as. */
export interface Said {
  readonly kind: 'content' | 'hashtag' | 'url' | 'comment' | 'account' | 'query' | 'group'
  readonly text: string
}

/** Events that bring texts. */
export const SAYING: readonly EventType[] = [
  'post.created',
  'post.updated',
  'comment',
  'search.made',
  'account.created',
  'account.updated',
  'group.created',
]

/** Every text of an event; none of an erased one. */
export function saidIn({ type, subject, data = {} }: StoredEvent): Said[] {
  if (type === 'search.made') return [{ kind: 'query', text: subject.id }]
  const texts = (kind: Said['kind'], ...names: readonly string[]): Said[] =>
    names.flatMap((name) => {
      const value = data[name]
      return [value].flat().flatMap((one) => (typeof one === 'string' && one !== '' ? [{ kind, text: one }] : []))
    })
  if (type === 'comment') return texts('comment', 'text')
  if (type.startsWith('account.')) return texts('account', 'handle', 'name', 'bio')
  if (type.startsWith('group.')) return texts('group', 'name', 'description')
  return [...texts('content', 'text', 'title', 'caption'), ...texts('hashtag', 'hashtags'), ...texts('url', 'links')]
}
