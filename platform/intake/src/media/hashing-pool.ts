import { type ChildProcess, fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { join } from 'node:path'
import { type MediaFailure, mediaFailure } from './failures.ts'
import type { HashedMedia, HashType, MediaLimits } from './hash-media.ts'

export interface HashingTask {
  readonly number: number
  /** The medium itself, or the file that holds it. */
  readonly medium: Uint8Array | string
  readonly types: readonly HashType[]
  readonly limits: Partial<MediaLimits>
}

export interface HashingReply {
  readonly number: number
  readonly result: HashedMedia
}

/** How many processes, and what one medium may cost. */
export interface PoolSettings {
  /** Child processes at most; as many as there are processors unless told. Each starts when there is work for it. */
  readonly workers?: number
  /** Limits of every medium. */
  readonly limits?: Partial<MediaLimits>
  /** Time for one medium in milliseconds, after which its process is killed; 360,000 unless told (videos are slow). */
  readonly killAfterMs?: number
}

/** How the names of folders for a process's temporary files begin. */
export const SCRATCH = 'firebreak-hashing-'

interface Job {
  readonly task: HashingTask
  readonly settle: (result: HashedMedia) => void
}

interface Worker {
  readonly process: ChildProcess
  /** Where its temporary files lie; goes with it, so that no medium stays behind whatever ends the process. */
  readonly scratch: string
  job: Job | null
  timer: NodeJS.Timeout | undefined
}

/**
 * Hashes media in child processes, so that a hostile file can at worst end the process that reads it. Every medium handed
 * in gets an answer: hashes, or a failure for each type asked for. A process that dies (also by kill -9) or hangs gives
 * its medium `media/worker-lost` or `media/timeout`, both worth another try, and a new process takes the next one.
 */
export class HashingPool {
  readonly #most: number
  readonly #limits: Partial<MediaLimits>
  readonly #killAfterMs: number
  readonly #workers = new Set<Worker>()
  #waiting: Job[] = []
  #number = 0
  #closed = false

  constructor({ workers = availableParallelism(), limits = {}, killAfterMs = 360_000 }: PoolSettings = {}) {
    this.#most = Math.max(1, workers)
    this.#limits = limits
    this.#killAfterMs = killAfterMs
  }

  /** Media waiting or being hashed. */
  get pending(): number {
    return this.#waiting.length + [...this.#workers].filter(({ job }) => job).length
  }

  /** Process ids, for health pages and tests. */
  get processes(): number[] {
    return [...this.#workers].flatMap(({ process }) => process.pid ?? [])
  }

  /** Never rejects. An aborted medium that is already being hashed ends with its process. */
  hash(bytes: Uint8Array, types: readonly HashType[], signal?: AbortSignal): Promise<HashedMedia> {
    return this.#hash(bytes, types, signal)
  }

  /** The same for a file of any size. A file that cannot be read is a failure too. */
  hashFile(path: string, types: readonly HashType[], signal?: AbortSignal): Promise<HashedMedia> {
    return this.#hash(path, types, signal)
  }

  #hash(medium: Uint8Array | string, types: readonly HashType[], signal?: AbortSignal): Promise<HashedMedia> {
    const task = { number: ++this.#number, medium, types, limits: this.#limits }
    if (this.#closed || signal?.aborted)
      return Promise.resolve(failedAll(types, mediaFailure('media/aborted', 'stopped')))
    return new Promise((done) => {
      const stop = () => this.#abort(job)
      const settle = (result: HashedMedia) => {
        signal?.removeEventListener('abort', stop)
        done(result)
      }
      const job: Job = { task, settle }
      signal?.addEventListener('abort', stop, { once: true })
      this.#waiting.push(job)
      this.#assign()
    })
  }

  /** Ends all processes; what was pending fails as aborted. */
  async close(): Promise<void> {
    this.#closed = true
    const waiting = this.#waiting
    this.#waiting = []
    for (const job of waiting) fail(job, mediaFailure('media/aborted', 'stopped'))
    await Promise.all([...this.#workers].map((worker) => this.#end(worker, mediaFailure('media/aborted', 'stopped'))))
  }

  #assign(): void {
    while (this.#waiting.length > 0) {
      const worker = [...this.#workers].find(({ job }) => !job) ?? this.#start()
      if (!worker) return
      const job = this.#waiting.shift()!
      worker.job = job
      worker.timer = setTimeout(
        () => void this.#end(worker, mediaFailure('media/timeout', `more than ${this.#killAfterMs} ms`)),
        this.#killAfterMs,
      )
      // A process that is already dying refuses the message; its end is noticed below.
      worker.process.send(job.task, () => {})
    }
  }

  #start(): Worker | null {
    if (this.#closed || this.#workers.size >= this.#most) return null
    const scratch = mkdtempSync(join(tmpdir(), SCRATCH))
    const child = fork(new URL('./hashing-worker.ts', import.meta.url), [], {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: { PATH: process.env.PATH, TMPDIR: scratch },
      execArgv: [],
    })
    const worker: Worker = { process: child, scratch, job: null, timer: undefined }
    child.on('message', (reply: HashingReply) => this.#finished(worker, reply))
    child.on('error', () => {})
    child.on('exit', (code, signal) => {
      rmSync(scratch, { recursive: true, force: true })
      this.#lost(worker, mediaFailure('media/worker-lost', `the hashing process ended (${signal ?? code})`))
    })
    // An idle pool does not keep the program alive.
    child.unref()
    child.channel?.unref()
    this.#workers.add(worker)
    return worker
  }

  #finished(worker: Worker, { number, result }: HashingReply): void {
    if (worker.job?.task.number !== number) return
    release(worker)?.settle(result)
    this.#assign()
  }

  #lost(worker: Worker, failure: MediaFailure): void {
    this.#workers.delete(worker)
    const job = release(worker)
    if (job) fail(job, failure)
    this.#assign()
  }

  #end(worker: Worker, failure: MediaFailure): Promise<void> {
    const ended = new Promise<void>((done) => worker.process.once('exit', () => done()))
    worker.process.ref()
    this.#lost(worker, failure)
    worker.process.kill('SIGKILL')
    return ended
  }

  #abort(job: Job): void {
    const failure = mediaFailure('media/aborted', 'stopped by the caller')
    const worker = [...this.#workers].find((one) => one.job === job)
    if (worker) return void this.#end(worker, failure)
    if (!this.#waiting.includes(job)) return
    this.#waiting = this.#waiting.filter((other) => other !== job)
    fail(job, failure)
  }
}

function release(worker: Worker): Job | null {
  clearTimeout(worker.timer)
  const { job } = worker
  worker.job = null
  return job
}

function fail({ task, settle }: Job, failure: MediaFailure): void {
  settle(failedAll(task.types, failure))
}

function failedAll(types: readonly HashType[], failure: MediaFailure): HashedMedia {
  return { hashes: [], failures: types.map((type) => ({ type, ...failure })), damaged: false }
}
