import { domainToUnicode } from 'node:url'

/**
 * The ASCII name that a host beyond ASCII is drawn like (`xn--…` for a Cyrillic spelling of `example.com` → `example.com`), or null
 * when it does not pass for one. `skeleton` maps look-alikes of a text to one string.
 */
export function lookalikeOf(host: string, skeleton: (text: string) => string): string | null {
  if (!host.includes('xn--')) return null
  const drawn = skeleton(domainToUnicode(host)).toLowerCase()
  return drawn !== host && /^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/.test(drawn) ? drawn : null
}
