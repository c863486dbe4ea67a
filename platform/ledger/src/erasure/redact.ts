/**
 * A JSON value without any mention of an id: list elements that are about it (an object with a field equal to it) go, fields equal to
 * it and mentions inside a sentence become the pseudonym, keys that name it go. Rather too much than too little.
 */
export function withoutMention(value: unknown, id: string, pseudonym: string): unknown {
  const word = new RegExp(`(?<![\\p{L}\\p{N}_-])${escaped(id)}(?![\\p{L}\\p{N}_-])`, 'gu')
  const clean = (part: unknown): unknown => {
    if (typeof part === 'string') return part === id ? pseudonym : part.replace(word, pseudonym)
    if (Array.isArray(part)) return part.filter((element) => !isAbout(element, id)).map(clean)
    if (typeof part !== 'object' || part === null) return part
    return Object.fromEntries(
      Object.entries(part)
        .filter(([key]) => key !== id && key.search(word) === -1)
        .map(([key, inner]) => [key, clean(inner)]),
    )
  }
  return clean(value)
}

function isAbout(element: unknown, id: string): boolean {
  if (element === id) return true
  return (
    typeof element === 'object' && element !== null && !Array.isArray(element) && Object.values(element).includes(id)
  )
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, (sign) => `\\x${sign.charCodeAt(0).toString(16).padStart(2, '0')}`)
}
