import type { Subject, Surface, Verdict, VerdictRequest, VerdictResponse } from './api-types.ts'

/** What a surface gets when Firebreak cannot be asked: `closed` shows nothing, `open` shows it marked `unchecked`. */
export type FailMode = 'closed' | 'open'

const AMPLIFIES: readonly Surface[] = [
  'recommend_accounts',
  'recommend_content',
  'autocomplete',
  'trending',
  'follow_prompt',
]

/** Whatever proposes what nobody asked for fails closed; everything else opens, marked. */
export function defaultFailMode(surface: Surface): FailMode {
  return AMPLIFIES.includes(surface) ? 'closed' : 'open'
}

/** How to reach Firebreak. Times in milliseconds. */
export interface ClientOptions {
  /** Such as `https://firebreak.internal:8787`. */
  readonly url: string
  /** An API key with the scopes `verdicts` and, for events, `events:write`. */
  readonly key: string
  /** Longest wait for verdicts, retries included (default 250). */
  readonly timeout?: number
  /** Further tries after a failure that may pass (default 1 for verdicts, 5 for events). */
  readonly retries?: number
  readonly failMode?: (surface: Surface) => FailMode
  /** Told of every time the fail mode applied, and of events that could not be delivered. */
  readonly onFailure?: (failure: { readonly what: 'verdicts' | 'events'; readonly error: unknown }) => void
  readonly fetch?: typeof fetch
}

/** Verdicts, and whether they are Firebreak's own or the fail mode's. */
export interface Verdicts {
  readonly verdicts: readonly Verdict[]
  readonly policyVersion: string | null
  readonly snapshot: string | null
  /** True when Firebreak could not be asked. */
  readonly local: boolean
}

/** What became of one event. */
export interface EventAnswer {
  readonly id: string | null
  readonly status: 'accepted' | 'duplicate' | 'rejected'
  readonly code?: string
  readonly detail?: string
}

/** Firebreak answered that the request is wrong: a mistake of the caller, never retried and never covered by the fail mode. */
export class RequestRefused extends Error {
  readonly status: number
  readonly code: string | undefined
  constructor(status: number, code: string | undefined, detail: string) {
    super(detail)
    this.name = 'RequestRefused'
    this.status = status
    this.code = code
  }
}

const MOST_SUBJECTS = 1_000
const MOST_EVENTS = 5_000
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504])
const OPEN_AFTER = 5
const REST = 1_000

/**
 * A client that never makes a platform wait: when Firebreak is slow or away, the surface's fail mode answers. After five
 * failures in a row it is left alone for a second.
 */
export class Firebreak {
  readonly #options: Required<Pick<ClientOptions, 'timeout' | 'failMode' | 'fetch'>> & ClientOptions
  #failures = 0
  #restUntil = 0

  constructor(options: ClientOptions) {
    this.#options = { timeout: 250, failMode: defaultFailMode, fetch, ...options }
  }

  /** Verdicts in the order asked. Throws `RequestRefused` for a wrong request or key, nothing else. */
  async verdicts(request: VerdictRequest): Promise<Verdicts> {
    const parts = chunks(request.subjects, MOST_SUBJECTS)
    const answers = await Promise.all(parts.map((subjects) => this.#ask({ ...request, subjects })))
    return {
      verdicts: answers.flatMap(({ verdicts }) => verdicts),
      policyVersion: answers[0]?.policyVersion ?? null,
      snapshot: answers[0]?.snapshot ?? null,
      local: answers.some(({ local }) => local),
    }
  }

  /** Candidates that may be shown, best first: withheld ones are gone, downranked ones moved back. `rank` 1 is the first. */
  async filter<T>(
    question: Omit<VerdictRequest, 'subjects'>,
    candidates: readonly T[],
    subject: (candidate: T) => Subject,
  ): Promise<{ readonly shown: T[]; readonly withheld: number; readonly local: boolean }> {
    if (candidates.length === 0) return { shown: [], withheld: 0, local: false }
    const { verdicts, local } = await this.verdicts({ ...question, subjects: candidates.map(subject) })
    const kept = candidates
      .map((candidate, i) => ({ candidate, rank: (i + 1) / (verdicts[i]?.factor ?? 1), verdict: verdicts[i] }))
      .filter(({ verdict }) => verdict !== undefined && verdict.action !== 'drop' && verdict.action !== 'hold')
      .sort((a, b) => a.rank - b.rank)
    return { shown: kept.map(({ candidate }) => candidate), withheld: candidates.length - kept.length, local }
  }

  /** Delivers events, retrying what may pass; ids make repeats harmless. Throws when they could not be delivered. */
  async events(events: readonly object[]): Promise<EventAnswer[]> {
    const answers: EventAnswer[] = []
    for (const some of chunks(events, MOST_EVENTS)) {
      const { results } = (await this.#deliver('/v1/events', { events: some })) as { results: EventAnswer[] }
      answers.push(...results)
    }
    return answers
  }

  async #ask(request: VerdictRequest): Promise<Verdicts> {
    if (Date.now() < this.#restUntil) return this.#local(request)
    const until = AbortSignal.timeout(this.#options.timeout)
    for (let tries = 0; ; tries++)
      try {
        const answer = (await this.#post('/v1/verdicts', request, until)) as VerdictResponse
        if (answer.verdicts.length !== request.subjects.length) throw new Error('not as many verdicts as subjects')
        this.#failures = 0
        return { ...answer, local: false }
      } catch (error) {
        if (error instanceof RequestRefused && !PASSING.has(error.status)) throw error
        if (tries < (this.#options.retries ?? 1) && !until.aborted) continue
        if (++this.#failures >= OPEN_AFTER) this.#restUntil = Date.now() + REST
        this.#options.onFailure?.({ what: 'verdicts', error })
        return this.#local(request)
      }
  }

  #local({ surface, subjects }: VerdictRequest): Verdicts {
    const verdict: Verdict =
      this.#options.failMode(surface) === 'closed'
        ? { action: 'drop', reason: 'not-available' }
        : { action: 'allow', reason: 'unchecked' }
    return { verdicts: subjects.map(() => verdict), policyVersion: null, snapshot: null, local: true }
  }

  async #deliver(path: string, body: object): Promise<unknown> {
    for (let tries = 0; ; tries++)
      try {
        return await this.#post(path, body, AbortSignal.timeout(30_000))
      } catch (error) {
        const passing = !(error instanceof RequestRefused) || PASSING.has(error.status)
        if (!passing || tries >= (this.#options.retries ?? 5)) {
          this.#options.onFailure?.({ what: 'events', error })
          throw error
        }
        await new Promise((resolve) => setTimeout(resolve, 100 * 2 ** tries * (0.5 + Math.random())))
      }
  }

  async #post(path: string, body: object, signal: AbortSignal): Promise<unknown> {
    const response = await this.#options.fetch(`${this.#options.url.replace(/\/$/, '')}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#options.key}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    })
    if (response.ok) return response.json()
    const problem = (await response.json().catch(() => ({}))) as { code?: string; detail?: string; title?: string }
    throw new RequestRefused(
      response.status,
      problem.code,
      problem.detail ?? problem.title ?? `HTTP ${response.status}`,
    )
  }
}

function chunks<T>(all: readonly T[], size: number): T[][] {
  const parts: T[][] = []
  for (let from = 0; from < all.length; from += size) parts.push(all.slice(from, from + size))
  return parts
}
