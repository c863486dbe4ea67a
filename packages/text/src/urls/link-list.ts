import { FirebreakError } from '@firebreak/kernel'
import { parseUrl, type UrlParts } from './canonical.ts'
import { expressionHash, expressionsOf, hostSuffixes, pathPrefixes } from './expressions.ts'
import { isPublicSuffix } from './registrable.ts'

/** What a list knows a URL by. `prefix` is a hash prefix: possible, to be confirmed with the full hash before acting on it. */
export interface LinkHit<Entry> {
  readonly entry: Entry
  /** The expression that matched; of hashed lists the one whose hash it was. */
  readonly expression: string
  readonly how: 'listed' | 'hash' | 'prefix'
}

/**
 * Known URLs: hosts with everything below them, single addresses, and hashes of expressions as shared lists carry them (SHA-256,
 * whole or the first 4 to 31 bytes). A look-up costs at most five map reads for plain entries; hashes are computed only when the
 * list holds some.
 */
export class LinkList<Entry> {
  readonly #paths = new Map<string, Map<string, Entry[]>>()
  readonly #hashes = new Map<number, Map<string, Entry[]>>()
  #size = 0

  /** Entries held. */
  get size(): number {
    return this.#size
  }

  /**
   * Adds a URL: `http://a.example/` or `a.example` covers the host, its subdomains and all paths; `a.example/x/` all below; with a
   * query only that. Throws `input/invalid` for what is no URL or a public suffix (`co.uk`), which would hit strangers.
   */
  addUrl(url: string, entry: Entry): void {
    const parts = parseUrl(url)
    if (!parts) throw new FirebreakError('input/invalid', ['not a URL with a host'])
    if (isPublicSuffix(parts.host))
      throw new FirebreakError('input/invalid', [`${parts.host} has many owners; list one of them`])
    const path = parts.query ? `${parts.path}?${parts.query}` : parts.path
    const paths = this.#paths.get(parts.host) ?? new Map<string, Entry[]>()
    this.#paths.set(parts.host, paths)
    push(paths, path, entry)
    this.#size++
  }

  /** Adds the SHA-256 of an expression in hex, whole (64 digits) or its first 4 to 31 bytes. Throws `input/invalid` for others. */
  addHash(hex: string, entry: Entry): void {
    if (!/^(?:[0-9a-f]{2}){4,32}$/i.test(hex))
      throw new FirebreakError('input/invalid', ['a hash is 4 to 32 bytes in hex'])
    const known = this.#hashes.get(hex.length) ?? new Map<string, Entry[]>()
    this.#hashes.set(hex.length, known)
    push(known, hex.toLowerCase(), entry)
    this.#size++
  }

  /** Every entry that covers the URL; empty when none does or it is no URL. */
  find(url: string): LinkHit<Entry>[] {
    const parts = parseUrl(url)
    return parts ? this.findParts(parts) : []
  }

  /** The same for a URL already taken apart. */
  findParts(parts: UrlParts): LinkHit<Entry>[] {
    const hits: LinkHit<Entry>[] = []
    if (this.#paths.size > 0) this.#findPlain(parts, hits)
    if (this.#hashes.size > 0) this.#findHashed(parts, hits)
    return hits
  }

  #findPlain(parts: UrlParts, hits: LinkHit<Entry>[]): void {
    for (const host of hostSuffixes(parts.host)) {
      const paths = this.#paths.get(host)
      if (paths === undefined) continue
      for (const path of pathPrefixes(parts))
        for (const entry of paths.get(path) ?? []) hits.push({ entry, expression: host + path, how: 'listed' })
    }
  }

  #findHashed(parts: UrlParts, hits: LinkHit<Entry>[]): void {
    for (const expression of expressionsOf(parts)) {
      const digest = expressionHash(expression)
      for (const [length, known] of this.#hashes)
        for (const entry of known.get(digest.slice(0, length)) ?? [])
          hits.push({ entry, expression, how: length === 64 ? 'hash' : 'prefix' })
    }
  }
}

function push<Entry>(map: Map<string, Entry[]>, key: string, entry: Entry): void {
  const known = map.get(key)
  if (known) known.push(entry)
  else map.set(key, [entry])
}
