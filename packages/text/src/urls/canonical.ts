import { escapeOnce, fromBytes, toBytes, unescapeAll } from './escapes.ts'
import { canonicalHost } from './host.ts'

/** A URL taken apart by the Web Risk rules; every part is ASCII and escaped exactly once. */
export interface UrlParts {
  readonly scheme: string
  readonly host: string
  /** Begins with a slash. */
  readonly path: string
  /** Without the question mark; null when there is none. */
  readonly query: string | null
}

/**
 * Takes a URL apart as Web Risk and Safe Browsing do (cloud.google.com/web-risk/docs/urls-hashing, "Canonicalization"): no tab, CR,
 * LF or fragment, escapes removed until none is left and then put back once, user and port dropped, host in lower case Punycode or
 * four decimal parts, `/./`, `/../` and `//` resolved. A missing scheme means http. Null when there is no host (`mailto:`, `data:`).
 * Text whose characters are bytes in disguise (`Ã¼` for `ü`) is read as the bytes. Cost: O(length).
 */
export function parseUrl(url: string): UrlParts | null {
  const hash = url.indexOf('#')
  const whole = hash < 0 ? url : url.slice(0, hash)
  return split(isPlain(whole) ? whole : cleaned(whole))
}

/** `scheme://host/path` by the same rules; the query counts in `urlExpressions` only. Null when the URL has no host. */
export function canonicalUrl(url: string): string | null {
  const parts = parseUrl(url)
  return parts && `${parts.scheme}://${parts.host}${parts.path}`
}

/** Visible ASCII without escapes: nothing to clean. */
function isPlain(url: string): boolean {
  for (let i = 0; i < url.length; i++) {
    const code = url.charCodeAt(i)
    if (code < 0x21 || code > 0x7e || code === 0x25) return false
  }
  return true
}

function cleaned(url: string): string {
  return escapeOnce(unescapeAll(bytesOf(url.trim().replace(/[\t\r\n]/g, ''))))
}

function bytesOf(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is its own bytes
  if (/^[\x00-\x7f]*$/.test(text)) return text
  // biome-ignore lint/suspicious/noControlCharactersInRegex: bytes, one per character
  if (!/^[\x00-\xff]*$/.test(text)) return toBytes(text)
  // C1 controls never stand in text, so these are bytes.
  return /[\x80-\x9f]/.test(text) || fromBytes(text) !== null ? text : toBytes(text)
}

function split(text: string): UrlParts | null {
  const { scheme, rest } = schemeOf(text)
  if (rest === null) return null
  const mark = rest.indexOf('?')
  const before = mark < 0 ? rest : rest.slice(0, mark)
  const slash = before.indexOf('/')
  const host = canonicalHost(slash < 0 ? before : before.slice(0, slash))
  if (host === '') return null
  const path = slash < 0 ? '/' : resolved(before.slice(slash))
  return { scheme, host, path, query: mark < 0 ? null : rest.slice(mark + 1) }
}

/** What follows the slashes, or null when the scheme names something without a host. */
function schemeOf(text: string): { scheme: string; rest: string | null } {
  if (text.startsWith('https://')) return { scheme: 'https', rest: text.slice(8) }
  if (text.startsWith('http://')) return { scheme: 'http', rest: text.slice(7) }
  const colon = text.indexOf(':')
  const named = colon > 0 && /^[a-z][a-z0-9+.-]*$/i.test(text.slice(0, colon))
  if (!named) return { scheme: 'http', rest: text.startsWith('//') ? text.slice(2) : text }
  const after = text.slice(colon + 1)
  if (after.startsWith('//')) return { scheme: text.slice(0, colon).toLowerCase(), rest: after.slice(2) }
  return { scheme: 'http', rest: /^\d{1,5}(?:[/?]|$)/.test(after) ? text : null }
}

function resolved(path: string): string {
  if (!path.includes('/.') && !path.includes('//')) return path
  const kept: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') kept.pop()
    else if (part !== '' && part !== '.') kept.push(part)
  }
  return kept.length === 0 ? '/' : `/${kept.join('/')}${path.endsWith('/') ? '/' : ''}`
}
