import { resolve } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { Worker } from 'node:worker_threads'
import { FirebreakError } from '@firebreak/kernel'
import { type BulkRow, type BulkTable, copyBytes, copyStatement } from '../bulk.ts'
import type { OpenTransaction, Rows, Store } from '../store.ts'
import { StoreError } from '../store-error.ts'
import type { Opened, Reply, Request, WorkerSettings } from './protocol.ts'

type Sent = Request extends infer R ? (R extends { id: number } ? Omit<R, 'id'> : never) : never
type Accepted = Extract<Reply, { ok: true }>

const ON_DISK =
  'embedded store (evaluation and small servers): written and synced to disk before it is acknowledged; survives kill -9; directory entries are not synced and a power cut was not tested'
const IN_MEMORY = 'in memory: gone when the process ends'

/** PGlite in a worker thread, spoken to by messages, so that a long query never stops the event loop. */
export async function openEmbedded(dir: string | 'memory', snapshotFile?: string): Promise<Store> {
  // Node 24.21 was seen to abort ("jit_page_->allocations_.erase") when it collects the machine code of a WebAssembly module.
  setFlagsFromString('--no-wasm-code-gc')
  const memory = dir === 'memory'
  const workerData: WorkerSettings = { dir: memory ? null : resolve(dir), snapshotFile: snapshotFile ?? null }
  const worker = new Worker(new URL('./worker.ts', import.meta.url), {
    workerData,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  await untilOpen(worker, dir)
  return new EmbeddedStore(worker, memory ? IN_MEMORY : ON_DISK)
}

function untilOpen(worker: Worker, dir: string): Promise<void> {
  return new Promise((opened, failed) => {
    const refuse = (reason: string) => failed(new FirebreakError('ledger/unavailable', [reason]))
    worker.once('error', (error) => refuse((error as Error).message))
    worker.once('message', (first: Opened) => {
      worker.removeAllListeners('error')
      if (first.opened) return opened()
      if (first.locked) failed(new FirebreakError('ledger/locked', [dir]))
      else refuse(first.message)
    })
  })
}

class EmbeddedStore implements Store {
  readonly kind = 'embedded'
  readonly durability: string
  readonly #worker: Worker
  readonly #waiting = new Map<number, { resolve: (reply: Accepted) => void; reject: (error: Error) => void }>()
  #nextId = 1
  #ended: Error | undefined
  #closing: Promise<void> | undefined

  constructor(worker: Worker, durability: string) {
    this.#worker = worker
    this.durability = durability
    worker.on('message', (reply: Reply) => this.#receive(reply))
    worker.on('error', (error) => this.#end(new FirebreakError('ledger/unavailable', [(error as Error).message])))
    worker.on('exit', () => this.#end(new FirebreakError('ledger/closed')))
  }

  query<Row>(text: string, params: readonly unknown[] = []): Promise<Rows<Row>> {
    return this.#query<Row>(null, text, params)
  }

  async begin(): Promise<OpenTransaction> {
    const { lease } = await this.#ask({ op: 'begin' })
    return new EmbeddedTransaction(
      (text, params) => this.#query(lease!, text, params),
      async (text, bytes) => void (await this.#ask({ op: 'copy', lease: lease!, text, bytes }, [bytes.buffer])),
      async (commit) => void (await this.#ask({ op: 'end', lease: lease!, commit })),
      async (text) => [...((await this.#ask({ op: 'script', lease: lease!, text })).rows ?? [])],
    )
  }

  async script(text: string, within?: OpenTransaction): Promise<unknown[]> {
    if (within instanceof EmbeddedTransaction) return within.script(text)
    return [...((await this.#ask({ op: 'script', lease: null, text })).rows ?? [])]
  }

  async listen(): Promise<void> {}

  close(): Promise<void> {
    this.#closing ??= (async () => {
      const exited = new Promise<void>((done) => this.#worker.once('exit', () => done()))
      await this.#ask({ op: 'close' })
      await exited
    })()
    return this.#closing
  }

  async #query<Row>(lease: number | null, text: string, params: readonly unknown[]): Promise<Rows<Row>> {
    const reply = await this.#ask({ op: 'query', lease, text, params })
    return { rows: (reply.rows ?? []) as Row[], affected: reply.affected ?? 0 }
  }

  #ask(request: Sent, handedOver: ArrayBuffer[] = []): Promise<Accepted> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended)
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject })
      this.#worker.postMessage({ ...request, id } as Request, handedOver)
    })
  }

  #receive(reply: Reply): void {
    const waiting = this.#waiting.get(reply.id)
    this.#waiting.delete(reply.id)
    if (reply.ok) waiting?.resolve(reply)
    else waiting?.reject(new StoreError(reply.error))
  }

  #end(reason: Error): void {
    this.#ended ??= reason
    for (const { reject } of this.#waiting.values()) reject(this.#ended)
    this.#waiting.clear()
  }
}

class EmbeddedTransaction implements OpenTransaction {
  readonly #run: <Row>(text: string, params: readonly unknown[]) => Promise<Rows<Row>>
  readonly #copy: (text: string, bytes: Uint8Array<ArrayBuffer>) => Promise<void>
  readonly #end: (commit: boolean) => Promise<void>
  readonly script: (text: string) => Promise<unknown[]>

  constructor(
    run: <Row>(text: string, params: readonly unknown[]) => Promise<Rows<Row>>,
    copy: (text: string, bytes: Uint8Array<ArrayBuffer>) => Promise<void>,
    end: (commit: boolean) => Promise<void>,
    script: (text: string) => Promise<unknown[]>,
  ) {
    this.#run = run
    this.#copy = copy
    this.#end = end
    this.script = script
  }

  query<Row>(text: string, params: readonly unknown[] = []): Promise<Rows<Row>> {
    return this.#run<Row>(text, params)
  }

  async insert(into: BulkTable, rows: readonly BulkRow[]): Promise<void> {
    if (rows.length > 0) await this.#copy(copyStatement(into), copyBytes(into, rows))
  }

  commit(): Promise<void> {
    return this.#end(true)
  }

  rollback(): Promise<void> {
    return this.#end(false)
  }
}
