/** Statements sent but not yet answered. */
export class UnderWay {
  readonly #statements: Promise<unknown>[] = []

  add(statement: Promise<unknown>): void {
    statement.catch(() => {}) // read in whole(), in order
    this.#statements.push(statement)
  }

  async settled(): Promise<void> {
    await Promise.all(this.#statements)
    this.#statements.length = 0
  }

  /** Waits until every statement has its answer, good or bad. */
  async ended(): Promise<void> {
    await Promise.allSettled(this.#statements)
    this.#statements.length = 0
  }

  /** Does the work and waits for everything under way. After one failure PostgreSQL refuses the rest: the first is the cause. */
  async whole<T>(work: () => Promise<T>): Promise<T> {
    try {
      const result = await work()
      await Promise.all(this.#statements)
      return result
    } catch (error) {
      const ended = await Promise.allSettled(this.#statements)
      const first = ended.find((statement) => statement.status === 'rejected')
      throw first === undefined ? error : first.reason
    }
  }
}
