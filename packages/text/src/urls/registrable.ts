import { parse } from 'tldts'

/** Whose name a host is: what one owner registered, public suffixes of hosting services (`*.github.io`) taken as separate owners. */
export interface Owner {
  /** `example.co.uk`, or an address itself; null when nobody can register it (a public suffix, `localhost`). */
  readonly registrable: string | null
  readonly isAddress: boolean
}

const OPTIONS = { allowPrivateDomains: true, extractHostname: false, validateHostname: false } as const

/** Endings outside the public DNS (RFC 2606, RFC 6761, RFC 7686) under which names are given out one level down. */
const SPECIAL: ReadonlySet<string> = new Set(['example', 'test', 'invalid', 'onion', 'local', 'internal', 'i2p'])

/**
 * The owner of a canonical host, by the Public Suffix List (publicsuffix.org, private section included). `anyEnding`: endings that
 * nobody gives out count too, as after an explicit scheme.
 */
export function ownerOf(host: string, anyEnding = false): Owner {
  const { domain, isIcann, isPrivate, isIp } = parse(host.startsWith('[') ? host.slice(1, -1) : host, OPTIONS)
  if (isIp) return { registrable: host, isAddress: true }
  const known = isIcann || isPrivate || anyEnding || SPECIAL.has(host.slice(host.lastIndexOf('.') + 1))
  return { registrable: known ? domain : null, isAddress: false }
}

/** Whether a host stands for many owners, so that listing it would hit strangers: `com`, `co.uk`, `github.io`. */
export function isPublicSuffix(host: string): boolean {
  const { domain, publicSuffix, isIp } = parse(host, OPTIONS)
  return isIp !== true && domain === null && publicSuffix === host
}
