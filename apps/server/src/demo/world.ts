import { Worker } from 'node:worker_threads'
import { FirebreakError } from '@firebreak/kernel'
import type { FromWorld, GuardQuestion, ToWorld, WorldAnswers, WorldQuestion } from './world-messages.ts'

interface Waiting {
  readonly resolve: (answer: never) => void
  readonly reject: (error: unknown) => void
  readonly onProgress?: ((done: number, total: number) => void) | undefined
}

/**
 * The synthetic platform, in a thread of its own. It alone knows the planted truth and hands out scores, never members;
 * it asks the guard of this process like any platform would.
 */
export class DemoWorld {
  readonly #seed: number
  #thread: Worker | null = null
  #judge: (question: GuardQuestion) => readonly boolean[] = ({ candidates }) => candidates.map(() => true)
  readonly #waiting = new Map<number, Waiting>()
  #nextId = 1
  #stopped = false

  constructor(seed: number) {
    this.#seed = seed
  }

  /** Whom the platform asks which candidates to keep. */
  askBefore(judge: (question: GuardQuestion) => readonly boolean[]): void {
    this.#judge = judge
  }

  ask<K extends WorldQuestion['kind']>(
    question: Extract<WorldQuestion, { kind: K }>,
    onProgress?: (done: number, total: number) => void,
  ): Promise<WorldAnswers[K]> {
    if (this.#stopped) return Promise.reject(new FirebreakError('ledger/closed'))
    const id = this.#nextId++
    return new Promise<WorldAnswers[K]>((resolve, reject) => {
      this.#waiting.set(id, { resolve: resolve as Waiting['resolve'], reject, onProgress })
      this.#send({ id, question })
    })
  }

  /** Questions still waiting, and all later ones, are refused. */
  async stop(): Promise<void> {
    this.#stopped = true
    const thread = this.#thread
    this.#thread = null
    await thread?.terminate()
    this.#failAll(new FirebreakError('ledger/closed'))
  }

  #send(message: ToWorld): void {
    this.#thread ??= this.#start()
    this.#thread.postMessage(message)
  }

  #start(): Worker {
    const thread = new Worker(new URL('./world-thread.ts', import.meta.url), { workerData: { seed: this.#seed } })
    thread.unref()
    thread.on('message', (message: FromWorld) => this.#receive(message))
    thread.on('error', (error) => {
      this.#thread = null
      this.#failAll(error)
    })
    return thread
  }

  #receive(message: FromWorld): void {
    if (this.#stopped) return
    if ('judge' in message) {
      this.#send({ verdicts: message.judge, kept: this.#judge(message.question) })
      return
    }
    const waiting = this.#waiting.get(message.id)
    if (!waiting) return
    if ('progress' in message) {
      waiting.onProgress?.(...message.progress)
      return
    }
    this.#waiting.delete(message.id)
    if ('failed' in message) waiting.reject(new FirebreakError('internal/fault', [message.failed]))
    else waiting.resolve(message.answer as never)
  }

  #failAll(error: unknown): void {
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
  }
}
