import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Subject } from '../api-types.ts'
import { Firebreak } from '../client.ts'
import {
  failModeOf,
  type MappedRoute,
  type Mapping,
  matchPath,
  segmentsOf,
  subjectOf,
  valueAt,
  withValueAt,
} from './mapping.ts'

export { type Mapping, MappingError, readMapping } from './mapping.ts'

const MOST_BYTES = 16 * 1_048_576
const MOST_BODY = 1_048_576
const HOP = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'host',
  'content-length',
  'content-encoding',
  'accept-encoding',
])

/** A guarded list holds for this moment: with the recommender's validators a browser would keep it after a label changed. */
const VALIDATORS = new Set(['if-none-match', 'if-modified-since', 'etag', 'last-modified', 'cache-control', 'expires'])

interface Matched {
  readonly route: MappedRoute
  readonly names: Readonly<Record<string, string>>
}

/**
 * A server in front of a recommender: mapped lists pass the guard, everything else passes as it is. Nothing of the platform's
 * code changes but the address it asks. `x-firebreak` says how many were withheld, or that the list is unchecked.
 */
export function guardProxy(mapping: Mapping, key: string, onFault: (error: unknown) => void = () => {}): Server {
  const client = new Firebreak({
    url: mapping.firebreak.url,
    key,
    ...(mapping.firebreak.timeout === undefined ? {} : { timeout: mapping.firebreak.timeout }),
    failMode: (surface) => failModeOf(mapping.routes.find((route) => route.surface === surface) ?? mapping.routes[0]!),
    onFailure: ({ error }) => onFault(error),
  })
  return createServer((request, response) => {
    handle(mapping, client, request, response).catch((error) => {
      onFault(error)
      if (response.headersSent) return void response.destroy()
      response.writeHead(502, { 'content-type': 'application/json' })
      response.end('{"error":"the recommender could not be asked"}')
    })
  })
}

async function handle(
  mapping: Mapping,
  client: Firebreak,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const asked = askedUrl(request.url ?? '/', mapping.upstream)
  const segments = asked === null ? null : segmentsOf(asked.pathname)
  if (asked === null || segments === null || segments.some((part) => part === '..' || part.includes('/')))
    return refuse(response)
  const matched = request.method === 'GET' || request.method === 'POST' ? matchedRoute(mapping, segments) : null
  const wanted = matched?.route.overfetch ? overfetch(asked, matched.route.overfetch) : null
  const passedOn = (name: string) => !HOP.has(name) && !(matched && VALIDATORS.has(name))
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => passedOn(name))) as Record<
    string,
    string
  >
  const body = request.method === 'GET' || request.method === 'HEAD' ? null : await bodyOf(request)
  const upstream = new URL(mapping.upstream)
  const path = matched ? `/${segments.map(encodeURIComponent).join('/')}` : asked.pathname
  upstream.pathname = `${upstream.pathname.replace(/\/$/, '')}${path}`
  upstream.search = asked.search
  const answer = await fetch(upstream, { method: request.method ?? 'GET', headers, body, redirect: 'manual' })
  if (!matched || !answer.ok) return pass(answer, response)
  const judged = await guarded(client, matched, request, asked, answer, wanted)
  const out = JSON.stringify(judged.payload)
  response.writeHead(judged.status, {
    ...plainHeaders(answer, VALIDATORS),
    'cache-control': 'no-store',
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(out),
    'x-firebreak': judged.note,
  })
  response.end(out)
}

/** `//host/path` is a path here, never another host. */
function askedUrl(url: string, upstream: string): URL | null {
  const path = url.startsWith('/') ? url : `/${url}`
  return URL.canParse(`${new URL(upstream).origin}${path}`) ? new URL(`${new URL(upstream).origin}${path}`) : null
}

/** A path that servers read in different ways is passed on to none. */
function refuse(response: ServerResponse): void {
  response.writeHead(400, { 'content-type': 'application/json' })
  response.end('{"error":"the path cannot be read in one way"}')
}

function matchedRoute(mapping: Mapping, path: readonly string[]): Matched | null {
  for (const route of mapping.routes) {
    const names = matchPath(route.path, path)
    if (names) return { route, names }
  }
  return null
}

/** Asks for more; returns how many were wanted. */
function overfetch(
  asked: URL,
  { query, factor, default: normally, most = 200 }: NonNullable<MappedRoute['overfetch']>,
): number {
  const given = Number(asked.searchParams.get(query) ?? normally)
  const wanted = Number.isInteger(given) && given > 0 ? given : normally
  asked.searchParams.set(query, String(Math.max(wanted, Math.min(most, Math.ceil(wanted * factor)))))
  return wanted
}

interface Judged {
  readonly status: number
  readonly payload: unknown
  readonly note: string
}

async function guarded(
  client: Firebreak,
  { route, names }: Matched,
  request: IncomingMessage,
  asked: URL,
  answer: Response,
  wanted: number | null,
): Promise<Judged> {
  const payload = await answer.json().catch(() => undefined)
  const items = valueAt(payload, route.items)
  if (payload === undefined || !Array.isArray(items)) return notUnderstood(route, payload)
  const subjects = items.map((item) => subjectOf(item, route.item))
  const known = items.filter((_, i) => subjects[i] !== null)
  if (known.length < items.length && failModeOf(route) === 'open') return { status: 200, payload, note: 'unchecked' }
  const viewer = viewerOf(route, names, request, asked)
  const bySubject = new Map(items.map((item, i) => [item, subjects[i] as Subject]))
  const { shown, withheld, local } = await client.filter(
    { surface: route.surface, ...(viewer === undefined ? {} : { viewer }) },
    known,
    (item) => bySubject.get(item)!,
  )
  const list = wanted === null ? shown : shown.slice(0, wanted)
  const note = local ? 'unchecked' : `withheld=${withheld + items.length - known.length}`
  return { status: 200, payload: withValueAt(payload, route.items, list), note }
}

/** A list that the mapping cannot find was not judged: what fails closed shows nothing of it. */
function notUnderstood(route: MappedRoute, payload: unknown): Judged {
  if (failModeOf(route) === 'open' && payload !== undefined) return { status: 200, payload, note: 'unchecked' }
  return { status: 502, payload: { error: `the answer has no list at "${route.items}"` }, note: 'not understood' }
}

function viewerOf(
  route: MappedRoute,
  names: Readonly<Record<string, string>>,
  request: IncomingMessage,
  asked: URL,
): string | undefined {
  const [from, name] = (route.viewer ?? ':').split(':') as [string, string]
  if (from === 'path') return names[name]
  if (from === 'query') return asked.searchParams.get(name) ?? undefined
  const header = from === 'header' ? request.headers[name.toLowerCase()] : undefined
  return typeof header === 'string' && header !== '' ? header : undefined
}

async function bodyOf(request: IncomingMessage): Promise<Uint8Array<ArrayBuffer>> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of request) {
    size += (piece as Buffer).length
    if (size > MOST_BODY) throw new Error('the request body is larger than 1 MB')
    pieces.push(piece as Buffer)
  }
  return new Uint8Array(Buffer.concat(pieces))
}

function plainHeaders(answer: Response, without: ReadonlySet<string> = new Set()): Record<string, string | string[]> {
  const cookies = answer.headers.getSetCookie()
  const plain = [...answer.headers].filter(([name]) => !HOP.has(name) && !without.has(name))
  return { ...Object.fromEntries(plain), ...(cookies.length > 0 ? { 'set-cookie': cookies } : {}) }
}

async function pass(answer: Response, response: ServerResponse): Promise<void> {
  const length = Number(answer.headers.get('content-length') ?? 0)
  if (length > MOST_BYTES) throw new Error('the answer is larger than 16 MB')
  response.writeHead(answer.status, plainHeaders(answer))
  if (answer.body === null) response.end()
  // Broken off on either side, it is broken off on the other.
  else await pipeline(Readable.fromWeb(answer.body as import('node:stream/web').ReadableStream), response)
}
