import { FirebreakError, SECOND } from '@firebreak/kernel'

/** How often a loop looks, and who is told of faults. */
export interface WorkLoopOptions {
  /** Longest time between two looks for work (default 1 s). */
  readonly pollEvery?: number
  readonly onFault?: ((error: unknown) => void) | undefined
}

/**
 * Steps repeated until the end: at once while a step says that there is more, else when woken or after a while. A step that throws is
 * told and tried again later.
 */
export class WorkLoop {
  readonly #options: WorkLoopOptions
  readonly #ended = new AbortController()
  readonly #running: Promise<void>[] = []
  #wake: () => void = () => {}
  #woken: Promise<void> = Promise.resolve()

  constructor(options: WorkLoopOptions = {}) {
    this.#options = options
    this.#rearm()
  }

  /** Aborted at the end; for whatever a step waits for. */
  get signal(): AbortSignal {
    return this.#ended.signal
  }

  /** `step` answers whether there may be more to do. */
  run(step: () => Promise<boolean>): void {
    this.#running.push(this.#repeat(step))
  }

  wake(): void {
    const wake = this.#wake
    this.#rearm()
    wake()
  }

  /** Waits, or until the end. */
  sleep(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const { signal } = this.#ended
    const ended = () => resolve()
    const timer = setTimeout(ended, ms)
    signal.addEventListener('abort', ended)
    if (signal.aborted) ended()
    return promise.finally(() => {
      clearTimeout(timer)
      signal.removeEventListener('abort', ended)
    })
  }

  /** Ends and waits for the steps under way. */
  async close(): Promise<void> {
    this.#ended.abort()
    this.wake()
    await Promise.all(this.#running)
  }

  async #repeat(step: () => Promise<boolean>): Promise<void> {
    while (!this.signal.aborted) {
      const woken = this.#woken
      const more = await step().catch((error: unknown) => {
        const closed = error instanceof FirebreakError && error.code === 'ledger/closed'
        if (!this.signal.aborted && !closed) this.#options.onFault?.(error)
        return false
      })
      if (!more) await Promise.race([woken, this.sleep(this.#options.pollEvery ?? SECOND)])
    }
  }

  #rearm(): void {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#woken = promise
    this.#wake = resolve
  }
}
