/** How often and how soon a task that failed is tried again. */
export interface TaskRetry {
  /** Tries after the first (default 5); then the task is dead-lettered. */
  readonly limit?: number
  /** Seconds before the second try (default 5); doubles from try to try, with jitter, up to an hour. */
  readonly backoffSeconds?: number
}

export interface TaskSettings {
  readonly retry?: TaskRetry
  /** A handler that runs longer (default 900 seconds) is told by `signal`, and the task is tried again. */
  readonly timeoutSeconds?: number
  /** PostgreSQL: a worker that has died is noticed after this long (default 30, at least 10) plus 15 seconds. Embedded: at the next start. */
  readonly heartbeatSeconds?: number
}

export interface EnqueueOptions {
  /** ISO time before which it does not run. */
  readonly runAfter?: string
  /** While a task of this name and key is waiting, a second one is not added. One that already runs does not count: it may have looked before. */
  readonly singletonKey?: string
  /** Instead of the name's own settings. */
  readonly retry?: TaskRetry
}

/** Background work as a handler sees it. It may be run more than once: a handler does the same thing again, or nothing. */
export interface Task<Data extends object = Record<string, unknown>> {
  readonly id: string
  readonly name: string
  readonly data: Data
  /** 1 the first time. */
  readonly attempt: number
  /** Aborted when the ledger closes, the time is over or the claim is lost. */
  readonly signal: AbortSignal
}

export interface TaskCounts {
  readonly name: string
  /** Waiting to run, those whose time has not come included. */
  readonly waiting: number
  readonly active: number
  /** Of the waiting: failed at least once, to be tried again. */
  readonly retrying: number
  /** Done within the last day; then they are forgotten. */
  readonly completed: number
  /** Failed for good and not replayed yet. Kept 30 days. */
  readonly deadLettered: number
}

export interface DeadTask {
  readonly id: string
  readonly name: string
  readonly data: Readonly<Record<string, unknown>>
  readonly failedAt: string
  readonly error: string
}

/**
 * Background tasks, durable, at least once (pg-boss in the ledger's own store; nothing is started before the first call). A task's data
 * names things by id and carries nothing personal: erasure takes an erased id out of finished and dead tasks only. Times are the database's.
 */
export interface Tasks {
  /** Declares a task name and its settings; again with others to change them. Needed before `tx.enqueue` in this process. */
  define(name: string, settings?: TaskSettings): Promise<void>
  /** Adds a task, durable when it resolves; its id, or null when one with its `singletonKey` waits already. An undefined name gets the default settings. */
  enqueue(name: string, data: object, options?: EnqueueOptions): Promise<string | null>
  /**
   * Runs tasks of a name, `concurrency` (default 1) at a time in this process. A handler that throws has failed. Tasks added by this
   * process begin at once, those of others within two seconds. Answers a function that stops it and waits for the one under way.
   */
  work<Data extends object = Record<string, unknown>>(
    name: string,
    handler: (task: Task<Data>) => Promise<void>,
    settings?: TaskSettings & { readonly concurrency?: number },
  ): Promise<() => Promise<void>>
  /** Adds a task whenever a cron expression (five fields, minute resolution, default UTC) is due, once over all processes. Replaces the schedule of that name and key. */
  schedule(name: string, cron: string, data?: object, options?: { timezone?: string; key?: string }): Promise<void>
  unschedule(name: string, options?: { key?: string }): Promise<void>
  /** Counts of every name, counted now. */
  counts(): Promise<TaskCounts[]>
  /** Tasks that failed for good, newest first, up to `limit` (default 100). */
  dead(options?: { name?: string; limit?: number }): Promise<DeadTask[]>
  /** Puts dead tasks back to be tried afresh, oldest first, up to `limit` (default 1,000). Returns how many. */
  replay(options?: { name?: string; ids?: readonly string[]; limit?: number }): Promise<number>
  /** Called with errors of the machinery itself (a lost connection). Without a listener they are process warnings. */
  onProblem(listener: (error: Error) => void): () => void
}
