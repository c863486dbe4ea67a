import { decodeHTML } from 'entities'

/** A text made plain enough for the link grammar, with the way back to where each unit stood. */
export interface FoldedText {
  readonly text: string
  /** Offset in the original of each UTF-16 unit of `text`, and of its end; null when nothing moved. */
  readonly at: Uint32Array | null
}

const PLAIN = /^[\t\n\r\x20-\x25\x27-\x7e]*$/
const ENTITY = /&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});/iy
const IGNORABLE = /^[\p{Default_Ignorable_Code_Point}\p{Cf}]$/u
/** Marks that pass for a dot, a slash or a colon without being compatible with it. */
const LIKE: ReadonlyMap<string, string> = new Map([
  ...[...'。｡'].map((c) => [c, '.'] as const),
  ...[...'⁄∕╱⧸'].map((c) => [c, '/'] as const),
  ...[...'∶꞉ː'].map((c) => [c, ':'] as const),
])
/** Letters in circles, squares and flags that have no compatibility form: first code point and count, A to Z. */
const LETTER_ROWS: readonly number[] = [0x1f150, 0x1f170, 0x1f1e6]

/**
 * Invisible characters fall out, HTML entities, full-width, mathematical and enclosed letters become what they stand for.
 * Other scripts stay. Cost: O(length); plain ASCII is returned as it is.
 */
export function foldLinkText(text: string): FoldedText {
  if (PLAIN.test(text)) return { text, at: null }
  let out = ''
  const at: number[] = []
  for (let i = 0; i < text.length; ) {
    const char = String.fromCodePoint(text.codePointAt(i)!)
    const entity = char === '&' ? entityAt(text, i) : null
    const plain = entity ? decodeHTML(entity) : folded(char)
    for (let k = 0; k < plain.length; k++) at.push(i)
    out += plain
    i += entity?.length ?? char.length
  }
  at.push(text.length)
  return { text: out, at: Uint32Array.from(at) }
}

function entityAt(text: string, from: number): string | null {
  ENTITY.lastIndex = from
  const found = ENTITY.exec(text)?.[0] ?? null
  return found !== null && decodeHTML(found) !== found ? found : null
}

function folded(char: string): string {
  const code = char.codePointAt(0)!
  if (code < 0x80) return char
  if (IGNORABLE.test(char)) return ''
  const like = LIKE.get(char)
  if (like !== undefined) return like
  for (const first of LETTER_ROWS) if (code >= first && code < first + 26) return String.fromCharCode(97 + code - first)
  const compatible = char.normalize('NFKC')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII
  return /^[\x00-\x7f]+$/.test(compatible) ? compatible : char
}
