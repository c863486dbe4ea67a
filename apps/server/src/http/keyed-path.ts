import type { IncomingMessage } from 'node:http'

const KEYED = /^((?:\/own)?\/hma)\/([\w-]{40,200})(?=\/)/

/**
 * HMA's clients send no key, so theirs may stand in the base URL: `/hma/KEY/m/raw_lookup` is asked as `/hma/m/raw_lookup` with the
 * key as its header. Gone from the address before anything sees or logs it.
 */
export function keyedPath(request: Pick<IncomingMessage, 'url' | 'headers'>): string {
  const url = request.url ?? '/'
  const keyed = KEYED.exec(url)
  if (keyed === null) return url
  request.headers.authorization ??= `Bearer ${keyed[2]}`
  return `${keyed[1]}${url.slice(keyed[0].length)}`
}
