import { basePath } from '../base.ts'

/** A problem document (RFC 9457) that the server answered with, or the lack of an answer as code `console/offline`. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly code: string
  readonly status: number

  constructor(code: string, status: number, detail: string) {
    super(detail)
    this.code = code
    this.status = status
  }
}

export interface RequestOptions {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly body?: unknown
  readonly base?: string
  readonly signal?: AbortSignal
}

/** Asks this console's own server; refuses with a ProblemError. */
export async function request<T>(path: string, options: RequestOptions = {}): Promise<T> {
  const { method = 'GET', body, base = basePath(location.pathname), signal } = options
  const init: RequestInit = { method, credentials: 'same-origin', headers: { accept: 'application/json' } }
  if (body !== undefined) {
    init.body = JSON.stringify(body)
    init.headers = { accept: 'application/json', 'content-type': 'application/json' }
  }
  if (signal) init.signal = signal
  const response = await fetch(base + path, init).catch((cause: unknown) => {
    throw new ProblemError('console/offline', 0, `The server does not answer (${String(cause)}). Is it still running?`)
  })
  if (!response.ok) throw problemOf(response.status, await response.text())
  const text = await response.text()
  return (text === '' ? undefined : JSON.parse(text)) as T
}

/** Reads a refusal; an answer that is no problem document still becomes one. */
export function problemOf(status: number, text: string): ProblemError {
  try {
    const problem = JSON.parse(text) as { code?: string; detail?: string; title?: string }
    return new ProblemError(
      problem.code ?? `http/${status}`,
      status,
      problem.detail ?? problem.title ?? `Status ${status}`,
    )
  } catch {
    return new ProblemError(`http/${status}`, status, `The server answered with status ${status}.`)
  }
}
