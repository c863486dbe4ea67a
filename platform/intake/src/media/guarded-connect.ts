import type { lookup as systemLookup } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { buildConnector } from 'undici'
import { isPublicAddress } from './address-rules.ts'

/** A connection that was not made because the address is not a public one. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused'

  constructor(host: string) {
    super(`${host} is not a public address`)
  }
}

/** Host names, `host:port` or addresses that an operator has named as trusted although they are not public. */
export type AllowedHosts = readonly string[]

export type Resolve = typeof systemLookup

function isNamed(allow: AllowedHosts, host: string, port: string): boolean {
  return allow.some((entry) => entry === host || entry === `${host}:${port}`)
}

/** A look-up that answers only when every address of the name is public, so that what was checked is what is connected to. */
function publicLookup(resolve: Resolve): LookupFunction {
  return (host, options, done) => {
    resolve(host, { ...options, all: true }, (error, addresses) => {
      if (error) return done(error, '', 0)
      const refused = addresses.find(({ address }) => !isPublicAddress(address))
      const first = addresses[0]
      if (refused || !first) return done(new AddressRefused(`${host} (${refused?.address ?? 'no address'})`), '', 0)
      if (options.all) return done(null, addresses)
      return done(null, first.address, first.family)
    })
  }
}

/**
 * Connects as undici does, but to public addresses only. The check sits where the connection is made: a name that answers
 * differently on a second look-up, a redirect or an address written in an unusual way gains nothing.
 */
export function guardedConnector(allow: AllowedHosts, resolve: Resolve, timeoutMs: number): buildConnector.connector {
  const guarded = buildConnector({ allowH2: false, timeout: timeoutMs, lookup: publicLookup(resolve) })
  const trusted = buildConnector({ allowH2: false, timeout: timeoutMs })
  return (options, done) => {
    const host = options.hostname.replace(/^\[|\]$/g, '')
    const port = options.port || (options.protocol === 'https:' ? '443' : '80')
    if (isNamed(allow, host, port)) return trusted(options, done)
    // The look-up is never asked about a literal address.
    if (isIP(host) !== 0 && !isPublicAddress(host)) return done(new AddressRefused(host), null)
    return guarded(options, done)
  }
}
