import type { GuardedRequest, GuardedResult } from '@firebreak/intake'
import { SECOND } from '@firebreak/kernel'
import { ExchangeProblem } from './problem.ts'

/** A request to a source. Addresses may hold a token and are never repeated in an error. */
export type HttpPort = (url: string, request: GuardedRequest) => Promise<GuardedResult>

/** What a source answered. */
export interface SourceAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
}

/** What requests to a source are made with; time comes in so that tests and Retry-After agree. */
export interface ExchangeHttpOptions {
  readonly request: HttpPort
  readonly sleep: (ms: number) => Promise<void>
  /** Milliseconds since 1970, to read a date in Retry-After. */
  readonly now: () => number
  /** Tries of a read (default 4). */
  readonly tries?: number
}

const LARGEST = 64 * 1_048_576
/** Keys stand in headers and addresses: they go where the operator said, and nowhere that an answer points to. */
const READ = { timeoutMs: 60 * SECOND, maxBytes: LARGEST, maxRedirects: 0 } as const
const LONGEST_WAIT = 60 * SECOND
const AGAIN: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504])

/**
 * Reads are repeated after 429, 5xx and lost answers, waiting as the source asks; writes never are, since a lost answer may have been
 * a success: their caller knows whether repeating is safe.
 */
export class ExchangeHttp {
  readonly #options: ExchangeHttpOptions

  constructor(options: ExchangeHttpOptions) {
    this.#options = options
  }

  /** The answer of a read. Statuses in `accept` are handed back besides 200. Throws ExchangeProblem for all others. */
  async get(url: string, headers: Record<string, string> = {}, accept: readonly number[] = []): Promise<SourceAnswer> {
    return this.#read(url, { ...READ, headers, method: 'GET' }, accept)
  }

  /** A question asked by POST that changes nothing at the source, repeated like a read. */
  async ask(url: string, body: string, headers: Record<string, string> = {}): Promise<SourceAnswer> {
    return this.#read(url, { ...READ, headers, body, method: 'POST' }, [])
  }

  /** One write. Throws ExchangeProblem unless the source answered 2xx. */
  async write(
    url: string,
    method: 'POST' | 'PUT',
    body: string,
    headers: Record<string, string>,
  ): Promise<SourceAnswer> {
    const result = await this.#options.request(url, { method, body, headers, timeoutMs: 30 * SECOND })
    const answer = answerOf(result)
    if (answer !== null && answer.status >= 200 && answer.status < 300) return answer
    throw problemOf(result, this.#options.now())
  }

  async #read(url: string, request: GuardedRequest, accept: readonly number[]): Promise<SourceAnswer> {
    const { tries = 4, now, sleep } = this.#options
    for (let attempt = 1; ; attempt++) {
      const result = await this.#options.request(url, request)
      const answer = answerOf(result)
      if (answer !== null && (answer.status === 200 || accept.includes(answer.status))) return answer
      const again = answer === null ? !result.ok && result.retry : AGAIN.has(answer.status)
      const problem = problemOf(result, now())
      const wait = problem.retryAfter ?? SECOND * 2 ** (attempt - 1)
      if (!again || attempt >= tries || wait > LONGEST_WAIT) throw problem
      await sleep(wait)
    }
  }
}

function answerOf(result: GuardedResult): SourceAnswer | null {
  if (!result.ok) return null
  return { status: result.status, headers: result.headers, text: Buffer.from(result.bytes).toString('utf8') }
}

function problemOf(result: GuardedResult, now: number): ExchangeProblem {
  if (!result.ok) return new ExchangeProblem('unreachable', result.code)
  const { status, headers } = result
  const wait = retryAfterOf(headers['retry-after'], now)
  if (status === 429 || status >= 500) return new ExchangeProblem('busy', `answered ${status}`, wait)
  if (status === 401 || status === 403) return new ExchangeProblem('refused', `refused the credentials (${status})`)
  return new ExchangeProblem('refused', `answered ${status}`)
}

/** Retry-After in milliseconds (RFC 9110 §10.2.3: seconds or a date); null when absent or unreadable. */
export function retryAfterOf(value: string | undefined, now: number): number | null {
  if (value === undefined) return null
  if (/^\d+$/.test(value.trim())) return Number(value) * SECOND
  const at = Date.parse(value)
  return Number.isNaN(at) ? null : Math.max(0, at - now)
}

/** JSON of an answer, or ExchangeProblem `malformed` (half a page counts as that). */
export function jsonOf(answer: SourceAnswer): unknown {
  try {
    return JSON.parse(answer.text)
  } catch {
    throw new ExchangeProblem('malformed', 'the answer is not whole JSON')
  }
}

/** Basic credentials (RFC 7617). */
export function basic(user: string, password: string): string {
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
}
