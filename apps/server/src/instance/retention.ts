import { type Clock, DAY } from '@firebreak/kernel'
import type { Ledger, Principal } from '@firebreak/ledger'

export const RETENTION_TASK = 'retention'
/** At night, off the hour, when least is written. */
const NIGHTLY = '17 3 * * *'
/** A start has more urgent things to do than to delete. */
const AFTER_START_MS = 60_000
const SYSTEM: Principal = { kind: 'system', id: 'retention' }

export interface RetentionOptions {
  readonly ledger: Ledger
  readonly clock: Clock
  readonly onFault: (error: unknown) => void
}

/** Applies the retention table every night, once over all processes, and after a start when a day went by without it. */
export class Retention {
  readonly #options: RetentionOptions
  #timer: NodeJS.Timeout | undefined
  #stop: (() => Promise<void>) | undefined
  #stopWatching: (() => void) | undefined

  constructor(options: RetentionOptions) {
    this.#options = options
  }

  /** Begins after a minute. */
  start(): void {
    this.#timer = setTimeout(() => void this.begin().catch(this.#options.onFault), AFTER_START_MS)
    this.#timer.unref()
  }

  async begin(): Promise<void> {
    const { ledger, clock, onFault } = this.#options
    this.#stopWatching = ledger.tasks.onProblem(onFault)
    this.#stop = await ledger.tasks.work(RETENTION_TASK, () => this.sweep(), { timeoutSeconds: 6 * 3_600 })
    await ledger.tasks.schedule(RETENTION_TASK, NIGHTLY)
    const last = await lastSweep(ledger)
    if (last === null || clock() - last > DAY)
      await ledger.tasks.enqueue(RETENTION_TASK, {}, { singletonKey: 'after a start' })
  }

  /** What was due goes; what went is recorded. */
  async sweep(): Promise<void> {
    const { ledger } = this.#options
    const removed = (await ledger.sweep()).filter((report) => report.removed > 0)
    await ledger.record('retention.swept', { removed }, SYSTEM)
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer)
    this.#stopWatching?.()
    await this.#stop?.()
  }
}

async function lastSweep({ db }: Ledger): Promise<number | null> {
  const row = await db
    .selectFrom('audit')
    .select(({ fn }) => fn.max('at').as('at'))
    .where('kind', '=', 'retention.swept')
    .executeTakeFirst()
  return row?.at == null ? null : new Date(row.at).getTime()
}
