/** Where a connection URL points: a Unix socket needs the host taken out of the URL, which cannot spell it. */
export interface Address {
  readonly url: string
  readonly socketDir: string | null
}

/** Reads libpq's two ways to name a socket directory, `postgres://user@%2Frun%2Fpostgresql/name` and `postgres:///name?host=/run/postgresql`. */
export function addressOf(url: string): Address {
  const [, scheme, user = '', host = '', rest = ''] = /^([a-z]+:\/\/)([^/?#]*@)?([^/?#]*)(.*)$/i.exec(url) ?? []
  if (scheme === undefined) return { url, socketDir: null }
  const written = decodeURIComponent(host)
  if (written.startsWith('/')) return { url: `${scheme}${user}localhost${rest}`, socketDir: written }
  const [path = '', search = ''] = rest.split('?')
  const query = new URLSearchParams(search)
  const named = query.get('host')
  if (host !== '' || named === null) return { url, socketDir: null }
  query.delete('host')
  const kept = query.size === 0 ? '' : `?${query}`
  const socketDir = named.startsWith('/') ? named : null
  return { url: `${scheme}${user}${socketDir === null ? named : 'localhost'}${path}${kept}`, socketDir }
}
