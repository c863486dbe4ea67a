import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FirebreakError } from '@firebreak/kernel'

/** A server that holds a data directory, reached with the token it left there for this machine's own command line. */
export interface RunningServer {
  readonly url: string
  request(path: string, init?: RequestInit): Promise<Response>
  json<T>(path: string, init?: RequestInit): Promise<T>
}

/** A server that is gone refuses at once; one that is at work on a busy machine may take its time, and is still the one to ask. */
const PATIENCE_MS = 30_000

/** The server that has this data directory open, or null when none answers. */
export async function runningServer(dataDir: string): Promise<RunningServer | null> {
  const found = await readFile(join(dataDir, 'server.json'), 'utf8').catch(() => null)
  if (found === null) return null
  const { url, token } = JSON.parse(found) as { url: string; token: string }
  const origin = new URL(url).origin
  const alive = await fetch(`${origin}/health`, { signal: AbortSignal.timeout(PATIENCE_MS) }).then(
    (response) => response.ok,
    () => false,
  )
  return alive ? new Connection(url.replace(/\/$/, ''), token) : null
}

class Connection implements RunningServer {
  readonly url: string
  readonly #token: string

  constructor(url: string, token: string) {
    this.url = url
    this.#token = token
  }

  async request(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    headers.set('authorization', `Bearer ${this.#token}`)
    const response = await fetch(`${this.url}${path}`, { ...init, headers }).catch((error: unknown) => {
      throw new FirebreakError('ledger/unavailable', [`the server at ${this.url} stopped answering`], { cause: error })
    })
    if (response.ok) return response
    const problem = (await response.json().catch(() => ({}))) as { code?: string; detail?: string; title?: string }
    const said = problem.detail ?? problem.title ?? `HTTP ${response.status}`
    throw new FirebreakError('input/invalid', [
      `the server at ${this.url} refused: ${said}${problem.code ? ` (${problem.code})` : ''}`,
    ])
  }

  async json<T>(path: string, init?: RequestInit): Promise<T> {
    return (await (await this.request(path, init)).json()) as T
  }
}

/** Asks again until `ready` accepts the answer. */
export async function waitFor<T>(ask: () => Promise<T>, ready: (answer: T) => boolean, everyMs = 200): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (ready(answer)) return answer
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}
