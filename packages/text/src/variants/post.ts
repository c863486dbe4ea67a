/** What somebody said once: its hashtags and, of free text, its words. */
export interface Post {
  /** Milliseconds since 1970. */
  readonly at: number
  readonly account: string
  readonly tags: readonly string[]
}

const TOKEN = /[#＃]?[\p{L}\p{N}\p{M}_$@!]+|\p{Extended_Pictographic}(?:\u200d\p{Extended_Pictographic})*/gu
const LEAST = 3
const MOST = 100

/** Hashtags, words of three letters on, and emoji of a text, in lower case and without `#`; each once. Linear. */
export function tagsIn(text: string): string[] {
  const tags = new Set<string>()
  for (const [token] of text.normalize('NFKC').matchAll(TOKEN)) {
    const plain = token
      .replace(/^[#＃]/, '')
      .replace(/[!@]+$/, '')
      .toLowerCase()
    if (
      plain.length <= MOST &&
      (plain.length >= LEAST || token.startsWith('#') || /\p{Extended_Pictographic}/u.test(token))
    )
      tags.add(plain)
  }
  return [...tags]
}

/**
 * A post out of `{at, account, tags}` or `{at, account, text}` (`at`: ISO time or milliseconds since 1970), or out of a stored or
 * imported event (`data.hashtags`, `data.text`, the query of a search). Null for events that say nothing; a string tells why the
 * value cannot be used. A `phrase` of several words counts as one tag, its words joined, where the text holds it.
 */
export function postOf(value: unknown, phrase = ''): Post | null | string {
  if (typeof value !== 'object' || value === null) return 'not an object'
  const given = value as Readonly<Record<string, unknown>>
  const at = timeOf(given.at)
  if (at === null) return 'no time in "at"'
  const event = typeof given.actor === 'object' && given.actor !== null
  const account = event ? (given.actor as { id?: unknown }).id : given.account
  if (typeof account !== 'string' && typeof account !== 'number') return 'no "account"'
  const said = event ? saidIn(given) : given
  const tags = Array.isArray(said.tags) ? said.tags.map(String) : []
  if (typeof said.text === 'string') tags.push(...tagsIn(said.text), ...phraseIn(said.text, phrase))
  if (tags.length === 0)
    return event || Array.isArray(said.tags) || typeof said.text === 'string' ? null : 'neither "tags" nor "text"'
  return { at, account: String(account), tags }
}

function timeOf(value: unknown): number | null {
  const at = typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value) : Number.NaN
  return Number.isFinite(at) ? at : null
}

function saidIn({ type, data, subject }: Readonly<Record<string, unknown>>): { tags?: unknown; text?: unknown } {
  const { hashtags, text } = (data ?? {}) as { hashtags?: unknown; text?: unknown }
  const query = type === 'search.made' ? (subject as { id?: unknown } | undefined)?.id : undefined
  return { tags: hashtags, text: text ?? query }
}

function phraseIn(text: string, phrase: string): string[] {
  const words = phrase.toLowerCase().split(/\s+/)
  return words.length > 1 && text.toLowerCase().replace(/\s+/g, ' ').includes(words.join(' ')) ? [words.join('')] : []
}
