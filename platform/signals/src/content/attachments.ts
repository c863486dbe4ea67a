import type { StoredEvent } from '@firebreak/ledger'

/** A medium that a post names. */
export interface Attachment {
  /** Absolute http or https address; null when what was sent is none. */
  readonly url: string | null
  /** What tells it from the content's other media. */
  readonly key: string
}

const MOST = 100

/** `data.attachments` of a post: addresses, or `{url}`. What cannot be read stays in the list, so that it is seen and counted. */
export function attachmentsOf({ data }: Pick<StoredEvent, 'data'>): Attachment[] {
  const given = data?.attachments
  if (given === undefined) return []
  const items = Array.isArray(given) ? given : [given]
  const found = new Map<string, Attachment>()
  for (const item of items.slice(0, MOST)) {
    const attachment = attachmentOf(item)
    found.set(attachment.key, attachment)
  }
  if (items.length > MOST) found.set('more', { url: null, key: `more than ${MOST}: ${items.length}` })
  return [...found.values()]
}

function attachmentOf(item: unknown): Attachment {
  const text = typeof item === 'string' ? item : (item as { url?: unknown } | null)?.url
  const url = typeof text === 'string' && text.length <= 4096 ? URL.parse(text) : null
  if (url !== null && (url.protocol === 'https:' || url.protocol === 'http:')) return { url: url.href, key: url.href }
  return { url: null, key: `unreadable: ${JSON.stringify(item)?.slice(0, 512)}` }
}
