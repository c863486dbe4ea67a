/** Work that comes round every so often, one at a time each, until stopped. What fails is told and tried again at the next round. */
export class Rounds {
  readonly #onFault: (error: unknown) => void
  readonly #timers: NodeJS.Timeout[] = []
  readonly #running = new Set<Promise<void>>()
  #stopped = false

  constructor(onFault: (error: unknown) => void) {
    this.#onFault = onFault
  }

  every(ms: number, work: () => Promise<unknown>): void {
    let busy = false
    const timer = setInterval(() => {
      if (busy || this.#stopped) return
      busy = true
      const run = work()
        .then(() => {}, this.#onFault)
        .finally(() => {
          busy = false
          this.#running.delete(run)
        })
      this.#running.add(run)
    }, ms)
    timer.unref()
    this.#timers.push(timer)
  }

  async stop(): Promise<void> {
    this.#stopped = true
    for (const timer of this.#timers) clearInterval(timer)
    await Promise.all(this.#running)
  }
}
