import { hash } from 'node:crypto'
import { parseUrl, type UrlParts } from './canonical.ts'

const MOST_HOSTS = 5
const MOST_FOLDERS = 4

/**
 * The host-suffix/path-prefix expressions under which a list may know a URL (Web Risk, "Suffix/prefix expressions"): at most five
 * hosts by six paths. Empty when it is no URL with a host.
 */
export function urlExpressions(url: string): string[] {
  const parts = parseUrl(url)
  return parts ? expressionsOf(parts) : []
}

/** The same from a URL already taken apart. */
export function expressionsOf(parts: UrlParts): string[] {
  const paths = pathPrefixes(parts)
  return hostSuffixes(parts.host).flatMap((host) => paths.map((path) => host + path))
}

/** The host itself and up to four shorter ones out of its last five labels; of an address only itself. */
export function hostSuffixes(host: string): string[] {
  if (isAddress(host)) return [host]
  const shorter: string[] = []
  let dot = host.lastIndexOf('.')
  for (let labels = 2; labels <= MOST_HOSTS && dot > 0; labels++) {
    dot = host.lastIndexOf('.', dot - 1)
    if (dot >= 0) shorter.push(host.slice(dot + 1))
  }
  return [host, ...shorter.reverse()]
}

/** Whether a canonical host is an IP address. */
export function isAddress(host: string): boolean {
  const last = host.charCodeAt(host.length - 1)
  return last === 93 || (last >= 48 && last <= 57 && /^\d+(?:\.\d+){3}$/.test(host))
}

/** The path with its query, the path, and the folders that hold it, from the root on. */
export function pathPrefixes({ path, query }: UrlParts): string[] {
  const paths = query ? [`${path}?${query}`, path] : [path]
  let slash = 0
  for (let folder = 0; folder < MOST_FOLDERS && slash >= 0; folder++) {
    const prefix = path.slice(0, slash + 1)
    if (prefix !== path) paths.push(prefix)
    slash = path.indexOf('/', slash + 1)
  }
  return paths
}

/** SHA-256 of an expression in lower-case hex, as hashed lists hold it; a list of prefixes holds its first 4 to 32 bytes. */
export function expressionHash(expression: string): string {
  return hash('sha256', expression, 'hex')
}
