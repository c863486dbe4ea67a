import { randomUUID } from 'node:crypto'
import { FirebreakError, isFirebreakError } from '@firebreak/kernel'
import type { PgBoss } from 'pg-boss'
import { outsideTransactions } from '../store/nesting.ts'
import type { Sql, Store } from '../store/store.ts'
import { StoreError } from '../store/store-error.ts'
import type { EnqueueOptions, Task, TaskSettings, Tasks } from '../types.ts'
import { DEAD_LETTERS, databaseWithin, startBoss } from './boss.ts'
import { countTasks, deadTasks, tasksExist } from './counts.ts'
import { claimOrphans } from './orphans.ts'
import { queueOptions, retryOptions } from './settings.ts'

/** Other processes' tasks are found by looking this often. */
const LOOK_SECONDS = 2

/** Background tasks over pg-boss, which is loaded and started with the first call that needs it. */
export class TaskBoard implements Tasks {
  readonly #store: Store
  #starting: Promise<PgBoss> | undefined
  readonly #defined = new Map<string, string>()
  readonly #workers = new Map<string, Set<string>>()
  readonly #listeners = new Set<(error: Error) => void>()

  constructor(store: Store) {
    this.#store = store
  }

  async define(name: string, settings: TaskSettings = {}): Promise<void> {
    const options = queueOptions(this.#store.kind, settings)
    const wanted = JSON.stringify(options)
    if (this.#defined.get(name) === wanted) return
    const boss = await this.#boss()
    await outsideTransactions(async () => {
      if ((await boss.getQueue(name)) === null)
        await boss.createQueue(name, { ...options, policy: 'short', deadLetter: DEAD_LETTERS })
      else await boss.updateQueue(name, options)
    })
    this.#defined.set(name, wanted)
  }

  async enqueue(name: string, data: object, options: EnqueueOptions = {}): Promise<string | null> {
    if (!this.#defined.has(name)) await this.define(name)
    const boss = await this.#boss()
    const id = await boss.send(name, data, sendOptions(options))
    this.wake(name)
    return id
  }

  /** Inside a transaction of the ledger. The name must be defined: declaring it needs a transaction of its own. */
  async enqueueWithin(sql: Sql, name: string, data: object, options: EnqueueOptions): Promise<string | null> {
    if (!this.#defined.has(name)) throw new FirebreakError('ledger/task-unknown', [name])
    const boss = await this.#boss()
    return boss.send(name, data, { ...sendOptions(options), db: databaseWithin(sql) })
  }

  wake(name: string): void {
    void this.#starting?.then((boss) => {
      for (const worker of this.#workers.get(name) ?? []) boss.notifyWorker(worker)
    })
  }

  async work<Data extends object>(
    name: string,
    handler: (task: Task<Data>) => Promise<void>,
    { concurrency = 1, ...settings }: TaskSettings & { readonly concurrency?: number } = {},
  ): Promise<() => Promise<void>> {
    if (!this.#defined.has(name) || Object.keys(settings).length > 0) await this.define(name, settings)
    const boss = await this.#boss()
    const own: string[] = []
    const ids = this.#workers.get(name) ?? new Set()
    this.#workers.set(name, ids)
    for (let worker = 0; worker < concurrency; worker++) {
      const id = await outsideTransactions(() =>
        boss.work<Data>(name, { includeMetadata: true, pollingIntervalSeconds: LOOK_SECONDS }, async ([job]) => {
          if (job === undefined) return
          await handler({
            id: job.id,
            name,
            data: job.data ?? ({} as Data),
            attempt: job.retryCount + 1,
            signal: job.signal,
          })
          // There may be more: a worker takes one at a time and would look again only after its pause.
          boss.notifyWorker(id)
        }),
      )
      ids.add(id)
      own.push(id)
    }
    return async () => {
      for (const id of own) ids.delete(id)
      await Promise.all(own.map((id) => boss.offWork(name, { id, wait: true })))
    }
  }

  async schedule(
    name: string,
    cron: string,
    data: object = {},
    options: { timezone?: string; key?: string } = {},
  ): Promise<void> {
    if (!this.#defined.has(name)) await this.define(name)
    const { timezone, key } = options
    try {
      await (await this.#boss()).schedule(name, cron, data, {
        ...(timezone === undefined ? {} : { tz: timezone }),
        ...(key === undefined ? {} : { key }),
        singletonKey: `schedule ${key ?? ''}`,
      })
    } catch (error) {
      if (isFirebreakError(error) || error instanceof StoreError) throw error
      throw new FirebreakError('input/invalid', [`"${cron}" is not a schedule: ${(error as Error).message}`], {
        cause: error,
      })
    }
  }

  async unschedule(name: string, options: { key?: string } = {}): Promise<void> {
    await (await this.#boss()).unschedule(name, options.key)
  }

  async counts() {
    return (await tasksExist(this.#store)) ? countTasks(this.#store) : []
  }

  async dead(options: { name?: string; limit?: number } = {}) {
    return (await tasksExist(this.#store)) ? deadTasks(this.#store, options) : []
  }

  async replay({
    name,
    ids,
    limit = 1000,
  }: {
    name?: string
    ids?: readonly string[]
    limit?: number
  } = {}): Promise<number> {
    const boss = await this.#boss()
    const moved = await boss.redrive(DEAD_LETTERS, {
      limit,
      ...(name === undefined ? {} : { sourceName: name }),
      ...(ids === undefined ? {} : { ids: [...ids] }),
    })
    for (const worked of this.#workers.keys()) this.wake(worked)
    return moved
  }

  onProblem(listener: (error: Error) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Lets handlers finish for up to `graceMs`; what is still running then is tried again later. */
  async close(graceMs = 5_000): Promise<void> {
    const boss = await this.#starting?.catch(() => undefined)
    await boss?.stop({ graceful: true, timeout: graceMs })
  }

  #boss(): Promise<PgBoss> {
    this.#starting ??= (async () => {
      const boss = await startBoss(this.#store, (error) => this.#problem(error))
      await claimOrphans(this.#store, boss)
      return boss
    })().catch((error: unknown) => {
      this.#starting = undefined
      throw error
    })
    return this.#starting
  }

  #problem(error: Error): void {
    if (this.#listeners.size === 0) process.emitWarning(`background tasks: ${error.message}`)
    for (const listener of this.#listeners) listener(error)
  }
}

/** The queue's policy is one waiting task per key; a task without a key gets one that nobody else has. */
function sendOptions({ runAfter, singletonKey, retry }: EnqueueOptions) {
  return {
    singletonKey: singletonKey ?? randomUUID(),
    ...(runAfter === undefined ? {} : { startAfter: runAfter }),
    ...(retry === undefined ? {} : retryOptions(retry)),
  }
}
