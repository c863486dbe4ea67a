import { type Clock, FirebreakError, isFirebreakError } from '@firebreak/kernel'
import type { Ledger, Principal } from '@firebreak/ledger'
import type { ProbeDefinition } from '@firebreak/measurement'
import type { ProbeOutcome } from './probe-outcome.ts'

export interface ProbeRun extends Partial<Omit<ProbeOutcome, 'recommender'>> {
  readonly id: string
  readonly createdAt: string
  readonly status: 'running' | 'done' | 'failed'
  readonly recommender: string
  readonly progress?: { readonly done: number; readonly total: number }
  readonly error?: { readonly code: string; readonly detail: string }
}

/** What to probe: a recommender by name or address, or a full definition. */
export interface ProbeTarget {
  readonly recommender?: string | undefined
  readonly definition?: ProbeDefinition | undefined
}

/** Carries probes out; the demo has built-in recommenders, an operator's own answers under its address. */
export interface ProbeRunner {
  readonly recommenders: readonly string[]
  nameOf(target: ProbeTarget): string
  /** Throws `input/invalid` for a target it cannot probe. */
  check(target: ProbeTarget): void
  run(target: ProbeTarget, onProgress: (done: number, total: number) => void): Promise<ProbeOutcome>
}

export interface ProbeDeskOptions {
  readonly ledger: Ledger
  readonly runner: ProbeRunner
  readonly clock: Clock
  readonly newId: () => string
  readonly onFault: (error: unknown) => void
}

/** The synthetic platform's own recommenders. */
export const DEMO_RECOMMENDERS: readonly string[] = ['co-follow', 'item-based', 'popularity']

const KIND = 'probe-run'
type Stored = Omit<ProbeRun, 'id' | 'progress'>

/** Probe runs: asked for, carried out one after the other, kept in the ledger. */
export class ProbeDesk {
  readonly #options: ProbeDeskOptions
  readonly #progress = new Map<string, { done: number; total: number }>()
  #last: Promise<void> = Promise.resolve()

  constructor(options: ProbeDeskOptions) {
    this.#options = options
  }

  get recommenders(): readonly string[] {
    return this.#options.runner.recommenders
  }

  async start(target: ProbeTarget, by: Principal): Promise<{ id: string; settled: Promise<void> }> {
    const { runner, clock, newId, ledger } = this.#options
    runner.check(target)
    const id = newId()
    const run: Stored = {
      createdAt: new Date(clock()).toISOString(),
      status: 'running',
      recommender: runner.nameOf(target),
    }
    await ledger.documents.put(KIND, id, run, by)
    this.#progress.set(id, { done: 0, total: 0 })
    const settled = this.#last.then(() => this.#carryOut(id, run, target, by))
    this.#last = settled
    return { id, settled }
  }

  async list(): Promise<Pick<ProbeRun, 'id' | 'createdAt' | 'status' | 'recommender'>[]> {
    const stored = await this.#options.ledger.documents.list<Stored>(KIND, { limit: 200 })
    return stored
      .map(({ id, body: { createdAt, status, recommender } }) => ({ id, createdAt, status, recommender }))
      .sort((a, b) => (a.createdAt < b.createdAt ? 1 : a.createdAt > b.createdAt ? -1 : 0))
  }

  /** Throws `http/not-found`. */
  async run(id: string): Promise<ProbeRun> {
    const stored = await this.#options.ledger.documents.get<Stored>(KIND, id)
    if (!stored) throw new FirebreakError('http/not-found', ['probe run with that id'])
    const progress = this.#progress.get(id)
    return { ...stored.body, id, arms: stored.body.arms ?? [], ...(progress ? { progress } : {}) }
  }

  /** Runs that a stop interrupted. */
  async closeInterrupted(by: Principal): Promise<void> {
    for (const { id, body } of await this.#options.ledger.documents.list<Stored>(KIND)) {
      if (body.status !== 'running' || this.#progress.has(id)) continue
      const error = { code: 'http/conflict', detail: 'The server stopped during this run; start it again.' }
      await this.#options.ledger.documents.put(KIND, id, { ...body, status: 'failed', error }, by)
    }
  }

  async #carryOut(id: string, run: Stored, target: ProbeTarget, by: Principal): Promise<void> {
    const { ledger, runner, onFault } = this.#options
    try {
      const outcome = await runner.run(target, (done, total) => this.#progress.set(id, { done, total }))
      await ledger.documents.put(KIND, id, { ...run, ...outcome, status: 'done' }, by)
    } catch (error) {
      // The process is stopping; the next start says that this was interrupted.
      if (isFirebreakError(error) && error.code === 'ledger/closed') return
      // A recommender that fails is the operator's to see (probe/…); only our own faults are not explained.
      const known = isFirebreakError(error) && (error.status < 500 || error.code.startsWith('probe/'))
      if (!known) onFault(error)
      const shown = known
        ? { code: error.code, detail: error.message }
        : { code: 'internal/fault', detail: 'The run failed; the log has more.' }
      await ledger.documents.put(KIND, id, { ...run, status: 'failed', error: shown }, by).catch(onFault)
    } finally {
      this.#progress.delete(id)
    }
  }
}
