const MOST_DEPTH = 3
/** Parameters that carry where a redirect leads, so that a bare host in them counts. */
const CARRIERS: ReadonlySet<string> = new Set(
  'u url uri q to target dest destination redirect redirect_uri redirect_url redir rurl r link href goto go next out continue return returnurl return_to ref site page view cache proxy open'.split(
    ' ',
  ),
)
const HOST_LIKE = /^(?:[a-z0-9-]{1,63}\.){1,8}[a-z][a-z0-9-]{1,62}(?:[:/?#]|$)/i
const SCHEMED = /^(?:h(?:tt|xx|\*\*)ps?|ftp):?\/{1,4}[^/\s]/i
/** Hosts whose first path segment is the address they show. */
const READERS =
  /^(?:archive\.(?:today|is|ph|li|md|vn|fo)|ghostarchive\.org|r\.jina\.ai|12ft\.io|web\.archive\.org|.*\.cdn\.ampproject\.org|cdn\.ampproject\.org|(?:www\.)?google\.[a-z.]+)$/

/**
 * Where a link leads that carries another address in its query, path or host: redirect wrappers (`?u=https%3A…`), archives, caches,
 * AMP and translation proxies. Null when it carries none. Takes the URL as written; nothing is fetched.
 */
export function wrappedAddress(url: string): string | null {
  const parts = /^[^:/?#]+:\/\/([^/?#]*)([^?#]*)(\?[^#]*)?(#.*)?$/.exec(url)
  if (!parts) return null
  const [, host = '', path = '', query = '', fragment = ''] = parts
  return (
    translated(host.toLowerCase()) ??
    inParameters(query.slice(1)) ??
    inPath(host.toLowerCase(), decoded(path)) ??
    inParameters(fragment.replace(/^#[/!?]*/, ''))
  )
}

function inParameters(query: string): string | null {
  if (query === '') return null
  for (const pair of query.split(/[&;]/)) {
    const equals = pair.indexOf('=')
    const name = equals < 0 ? '' : pair.slice(0, equals).toLowerCase()
    const value = addressIn(decoded(pair.slice(equals + 1)), CARRIERS.has(name) || equals < 0)
    if (value !== null) return value
  }
  return null
}

function addressIn(value: string, bareCounts: boolean): string | null {
  const plain = value.replace(/^cache:(?:[\w-]{6,20}:)?/, '').replace(/^view-source:/, '')
  if (SCHEMED.test(plain)) return plain
  if (bareCounts && (plain.startsWith('//') ? HOST_LIKE.test(plain.slice(2)) : HOST_LIKE.test(plain)))
    return `http://${plain.replace(/^\/\//, '')}`
  if (/^aHR0c[\w+/-]{8,2000}=*$/.test(plain)) return addressIn(Buffer.from(plain, 'base64').toString('utf8'), false)
  return null
}

function inPath(host: string, path: string): string | null {
  const schemed = /\/((?:h(?:tt|xx)ps?|ftp):\/{1,4}[^/\s].*)$/i.exec(path)
  if (schemed) return schemed[1]!.replace(/:\/{1,4}/, '://')
  if (!READERS.test(host)) return null
  const segment = path.replace(/^\/(?:web\/\d{4,14}[a-z_*]*\/|amp\/(?:s\/)?|[cviw]\/(?:s\/)?|o\/\w+\/)?/, '')
  return HOST_LIKE.test(segment) ? `http://${segment}` : null
}

/** `example-com.translate.goog`: hyphens stand for dots, doubled ones for themselves. */
function translated(host: string): string | null {
  const label = /^([a-z0-9-]+)\.translate\.goog$/.exec(host)?.[1]
  return label ? `http://${label.replace(/--|-/g, (run) => (run === '-' ? '.' : '-'))}/` : null
}

function decoded(text: string): string {
  let value = text
  for (let depth = 0; depth < MOST_DEPTH && value.includes('%'); depth++) {
    try {
      value = decodeURIComponent(value)
    } catch {
      return value
    }
  }
  return value
}
