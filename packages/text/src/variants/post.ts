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
