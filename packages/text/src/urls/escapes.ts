/**
 * Percent escapes on byte strings (one UTF-16 unit per byte, 0..255), as the Web Risk rules read URLs: bytes, not characters.
 */

const PERCENT = 0x25
const CHUNK = 8_192

/**
 * Removes percent escapes until none is left, in one pass: each decoded byte may complete an escape together with the bytes
 * before it. Escapes never overlap, so the order does not matter. Cost: O(length), however deep the nesting.
 */
export function unescapeAll(bytes: string): string {
  if (!bytes.includes('%')) return bytes
  const out = new Uint8Array(bytes.length)
  let size = 0
  for (let i = 0; i < bytes.length; i++) {
    out[size++] = bytes.charCodeAt(i)
    while (size >= 3 && out[size - 3] === PERCENT) {
      const value = hexPair(out[size - 2]!, out[size - 1]!)
      if (value < 0) break
      size -= 2
      out[size - 1] = value
    }
  }
  return byteString(out.subarray(0, size))
}

/** Escapes once what Web Risk wants escaped: bytes up to 0x20, from 0x7F on, `#` and `%`. */
export function escapeOnce(bytes: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control bytes are what has to be escaped
  return bytes.replace(/[\x00-\x20#%\x7f-\xff]/g, escaped)
}

/** The UTF-8 bytes of a text as a byte string. */
export function toBytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1')
}

/** The text that a byte string spells in UTF-8, or null when it is not UTF-8. */
export function fromBytes(bytes: string): string | null {
  try {
    return UTF8.decode(Buffer.from(bytes, 'latin1'))
  } catch {
    return null
  }
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function escaped(byte: string): string {
  return `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`
}

function hexPair(high: number, low: number): number {
  const h = hexDigit(high)
  const l = hexDigit(low)
  return h < 0 || l < 0 ? -1 : h * 16 + l
}

function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  const letter = code | 0x20
  return letter >= 97 && letter <= 102 ? letter - 87 : -1
}

function byteString(bytes: Uint8Array): string {
  let text = ''
  for (let from = 0; from < bytes.length; from += CHUNK)
    text += String.fromCharCode(...bytes.subarray(from, from + CHUNK))
  return text
}
