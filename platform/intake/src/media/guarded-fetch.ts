import { lookup } from 'node:dns'
import { Agent, type Dispatcher } from 'undici'
import { AddressRefused, type AllowedHosts, guardedConnector, type Resolve } from './guarded-connect.ts'

/** Why nothing came back. `retry`: whether trying later makes sense. */
export interface FetchFailure {
  readonly code:
    | 'fetch/url'
    | 'fetch/address'
    | 'fetch/redirects'
    | 'fetch/status'
    | 'fetch/type'
    | 'fetch/too-large'
    | 'fetch/timeout'
    | 'fetch/aborted'
    | 'fetch/network'
  readonly detail: string
  readonly retry: boolean
}

/** An answer of any status, read whole within the limits. */
export interface GuardedAnswer {
  readonly ok: true
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly bytes: Uint8Array
  /** Where the answer came from, after redirects. */
  readonly url: string
}

/** An answer, or why there is none. */
export type GuardedResult = GuardedAnswer | ({ readonly ok: false } & FetchFailure)

/** What to send, and what it may cost. */
export interface GuardedRequest {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'HEAD'
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  /** Time for the whole exchange, redirects and body included; 15 s unless told. */
  readonly timeoutMs?: number
  /** Largest body taken; 1 MiB unless told. */
  readonly maxBytes?: number
  /** Redirects followed, on GET and HEAD only; 3 unless told. Others are handed back as they are. */
  readonly maxRedirects?: number
  readonly signal?: AbortSignal
}

/** What a client may reach beyond public addresses, and how it looks names up. */
export interface GuardSettings {
  /** Hosts (`host` or `host:port`) that may be reached although they are not public. */
  readonly allow?: AllowedHosts
  /** `dns.lookup` unless a test brings its own. */
  readonly resolve?: Resolve
  readonly connectTimeoutMs?: number
}

const REDIRECTS = new Set([301, 302, 303, 307, 308])
/** What goes along to another origin; keys have too many names to list them. */
const HARMLESS = new Set(['accept', 'accept-encoding', 'accept-language', 'range', 'user-agent'])
const TOO_LARGE = Symbol('too large')

/**
 * An HTTP client for addresses that others have chosen (media, webhooks, exchanges): http and https only, public addresses
 * only (checked when the connection is made, also after a redirect), one time limit and one size limit for everything.
 * Never throws for what the other side does: failures are values with a code. Keep one per purpose; `close` it at the end.
 */
export class GuardedClient {
  readonly #agent: Agent

  constructor({ allow = [], resolve = lookup, connectTimeoutMs = 5_000 }: GuardSettings = {}) {
    this.#agent = new Agent({ connect: guardedConnector(allow, resolve, connectTimeoutMs), pipelining: 0 })
  }

  async request(url: string, request: GuardedRequest = {}): Promise<GuardedResult> {
    const limit = AbortSignal.timeout(request.timeoutMs ?? 15_000)
    const signal = request.signal ? AbortSignal.any([limit, request.signal]) : limit
    try {
      return await this.#follow(url, request, signal)
    } catch (error) {
      return failureOf(error, limit, request.signal)
    }
  }

  async close(): Promise<void> {
    await this.#agent.destroy()
  }

  async #follow(first: string, request: GuardedRequest, signal: AbortSignal): Promise<GuardedResult> {
    const method = request.method ?? 'GET'
    let headers: Record<string, string> = { 'accept-encoding': 'identity', ...lowerCase(request.headers ?? {}) }
    let url = webAddress(first)
    for (let hops = 0; url; hops++) {
      const response = await this.#once(url, method, headers, request.body, signal)
      const target = (method === 'GET' || method === 'HEAD') && redirectTarget(response, url)
      if (!target) return await answer(response, url, request.maxBytes ?? 1_048_576)
      await discard(response)
      if (hops >= (request.maxRedirects ?? 3)) return failed('fetch/redirects', `more than ${hops} redirects`, false)
      const next = webAddress(target)
      if (next && next.origin !== url.origin) headers = harmlessOf(headers)
      url = next
    }
    return failed('fetch/url', 'not an http or https address without user and password', false)
  }

  #once(
    url: URL,
    method: Dispatcher.HttpMethod,
    headers: Record<string, string>,
    body: string | Uint8Array | undefined,
    signal: AbortSignal,
  ) {
    const { origin, pathname, search } = url
    return this.#agent.request({ origin, path: pathname + search, method, headers, body: body ?? null, signal })
  }
}

/** One request through a client of its own; see `GuardedClient`. */
export async function guardedFetch(
  url: string,
  request: GuardedRequest = {},
  settings: GuardSettings = {},
): Promise<GuardedResult> {
  const client = new GuardedClient(settings)
  try {
    return await client.request(url, request)
  } finally {
    await client.close()
  }
}

export function failed(code: FetchFailure['code'], detail: string, retry: boolean): GuardedResult {
  return { ok: false, code, detail, retry }
}

function webAddress(text: string): URL | null {
  const url = URL.parse(text)
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:')) return null
  return url.username === '' && url.password === '' && url.hostname !== '' ? url : null
}

function redirectTarget({ statusCode, headers }: Dispatcher.ResponseData, from: URL): string | null {
  const { location } = headers
  if (!REDIRECTS.has(statusCode) || typeof location !== 'string') return null
  return URL.parse(location, from.href)?.href ?? 'unreadable:'
}

async function answer(response: Dispatcher.ResponseData, url: URL, maxBytes: number): Promise<GuardedResult> {
  const headers = plainHeaders(response.headers)
  if (Number(headers['content-length'] ?? 0) > maxBytes) {
    await discard(response)
    return tooLarge(maxBytes)
  }
  const bytes = await readUpTo(response, maxBytes)
  if (bytes === TOO_LARGE) return tooLarge(maxBytes)
  return { ok: true, status: response.statusCode, headers, bytes, url: url.href }
}

async function readUpTo(response: Dispatcher.ResponseData, maxBytes: number): Promise<Uint8Array | typeof TOO_LARGE> {
  const parts: Uint8Array[] = []
  let total = 0
  for await (const part of response.body as AsyncIterable<Uint8Array>) {
    total += part.length
    if (total > maxBytes) {
      await discard(response)
      return TOO_LARGE
    }
    parts.push(part)
  }
  return new Uint8Array(Buffer.concat(parts))
}

function tooLarge(maxBytes: number): GuardedResult {
  return failed('fetch/too-large', `more than ${maxBytes} bytes`, false)
}

async function discard({ body }: Dispatcher.ResponseData): Promise<void> {
  body.on('error', () => {})
  body.destroy()
}

function failureOf(error: unknown, limit: AbortSignal, asked: AbortSignal | undefined): GuardedResult {
  const refused = causes(error).find((cause) => cause instanceof AddressRefused)
  if (refused) return failed('fetch/address', refused.message, false)
  if (asked?.aborted) return failed('fetch/aborted', 'stopped by the caller', true)
  const code = causes(error).map((cause) => (cause as NodeJS.ErrnoException).code ?? '')
  if (limit.aborted || code.some((one) => /TIMEOUT/.test(one))) return failed('fetch/timeout', 'took too long', true)
  return failed('fetch/network', error instanceof Error ? error.message : String(error), true)
}

function causes(error: unknown): Error[] {
  if (!(error instanceof Error)) return []
  const inner = error instanceof AggregateError ? error.errors.flatMap(causes) : []
  return [error, ...causes(error.cause), ...inner]
}

function lowerCase(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
}

function harmlessOf(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => HARMLESS.has(name)))
}

function plainHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value ?? '')]))
}
