import type { ReplayReport, RuleBook } from '@firebreak/guard'
import { type Clock, FirebreakError, isFirebreakError } from '@firebreak/kernel'
import type { Ledger, Principal } from '@firebreak/ledger'
import type { Policy } from '@firebreak/policy'
import { type ReplayRequest, replayPast } from './past.ts'

/** A replay, running or done. */
export interface ReplayRun {
  readonly id: string
  readonly status: 'running' | 'done' | 'failed'
  readonly createdAt: string
  readonly progress: string
  readonly report?: ReplayReport
  readonly error?: { readonly code: string; readonly detail: string }
}

interface ReplayDeskOptions {
  readonly ledger: Ledger
  readonly clock: Clock
  readonly newId: () => string
  readonly rules: RuleBook
  readonly policy: () => Policy
  readonly onFault: (error: unknown) => void
}

const KEPT = 20

/** Replays one at a time, in the background; their reports stay until the process ends. */
export class ReplayDesk {
  readonly #options: ReplayDeskOptions
  readonly #runs = new Map<string, ReplayRun>()

  constructor(options: ReplayDeskOptions) {
    this.#options = options
  }

  /** Answers at once. Throws `http/busy` while another replay runs. */
  async start(request: ReplayRequest, by: Principal): Promise<ReplayRun> {
    if ([...this.#runs.values()].some(({ status }) => status === 'running'))
      throw new FirebreakError('http/busy', ['A replay is running'])
    const { ledger, clock, newId } = this.#options
    const run: ReplayRun = {
      id: newId(),
      status: 'running',
      createdAt: new Date(clock()).toISOString(),
      progress: 'reading',
    }
    this.#set(run)
    await ledger.record('replay.started', { replay: run.id, ownPolicy: request.policy !== null }, by)
    void this.#run(run, request)
    return run
  }

  get(id: string): ReplayRun {
    const run = this.#runs.get(id)
    if (!run) throw new FirebreakError('http/not-found', [`replay ${id}`])
    return run
  }

  async #run(run: ReplayRun, request: ReplayRequest): Promise<void> {
    const { ledger, rules, policy, onFault } = this.#options
    try {
      const report = await replayPast(ledger, request, { policy: policy(), rules: rules.list() }, (progress) =>
        this.#set({ ...run, progress }),
      )
      this.#set({ ...run, status: 'done', progress: '', report })
    } catch (error) {
      if (!isFirebreakError(error)) onFault(error)
      const told = isFirebreakError(error)
        ? { code: error.code, detail: error.message }
        : { code: 'internal/fault', detail: 'The replay failed; the log has more.' }
      this.#set({ ...run, status: 'failed', progress: '', error: told })
    }
  }

  #set(run: ReplayRun): void {
    this.#runs.set(run.id, run)
    if (this.#runs.size > KEPT) this.#runs.delete(this.#runs.keys().next().value!)
  }
}
