import { Worker } from 'node:worker_threads'
import type { MapOptions, MapQuery, NetworkMap } from '@firebreak/graph'
import { FirebreakError } from '@firebreak/kernel'
import type { Ledger, LedgerEdge } from '@firebreak/ledger'
import type { MapperReply, MapperRequest } from './mapper-thread.ts'

interface Waiting {
  resolve(value: unknown): void
  reject(error: unknown): void
  onProgress?: ((value: unknown) => void) | undefined
}

type Question =
  Extract<MapperRequest, { id: number }> extends infer Q ? (Q extends unknown ? Omit<Q, 'id'> : never) : never

export interface MapperOptions {
  /** Asked before each build: which edges the graph leaves out (links that an appeal removed). Default: none. */
  readonly leftOut?: () => Promise<(edge: LedgerEdge) => boolean>
}

/** The graph's size as of the last build. */
export interface GraphSize {
  readonly nodes: number
  readonly edges: number
}

/**
 * Maps over a ledger in a thread of its own, so that the process keeps answering meanwhile. The graph is built from the ledger's
 * edges on first use and again when events came in since; questions asked during a build wait for it.
 */
export class NetworkMapper {
  private readonly ledger: Ledger
  private readonly options: MapperOptions
  private thread: Worker | null = null
  private readonly waiting = new Map<number, Waiting>()
  private nextId = 1
  private builtAt = -1
  private building: Promise<GraphSize> | null = null
  private size: GraphSize = { nodes: 0, edges: 0 }
  private closed = false

  constructor(ledger: Ledger, options: MapperOptions = {}) {
    this.ledger = ledger
    this.options = options
  }

  async map(query: MapQuery, options: MapOptions = {}): Promise<NetworkMap> {
    const { onProgress, random: _fixedInTheThread, ...rest } = options
    await this.upToDate()
    return (await this.ask({ kind: 'map', query, options: rest }, onProgress as Waiting['onProgress'])) as NetworkMap
  }

  /** `count` random accounts that have links; the same `seed` gives the same ones. */
  async randomSeeds(count: number, seed: number): Promise<string[]> {
    await this.upToDate()
    return (await this.ask({ kind: 'sample', count, seed })) as string[]
  }

  /** Builds the graph anew if events were written since; reports edges read so far. */
  async upToDate(onEdges?: (read: number) => void): Promise<GraphSize> {
    if (this.building) return this.building
    const head = await this.ledger.head()
    if (this.builtAt >= 0 && (head === this.builtAt || !(await this.hasNewEvents()))) return this.size
    this.building ??= this.build(head, onEdges).finally(() => {
      this.building = null
    })
    return this.building
  }

  async close(): Promise<void> {
    this.closed = true
    await this.thread?.terminate()
    this.thread = null
    for (const { reject } of this.waiting.values()) reject(new FirebreakError('ledger/closed'))
    this.waiting.clear()
  }

  private async hasNewEvents(): Promise<boolean> {
    return (await this.ledger.events({ afterSeq: this.builtAt, limit: 1 })).length > 0
  }

  private async build(head: number, onEdges?: (read: number) => void): Promise<GraphSize> {
    this.send({ kind: 'clear' })
    const thread = this.thread
    let read = 0
    const leftOut = await this.options.leftOut?.()
    for await (const batch of this.ledger.edges()) {
      // A new thread in place of one that ended would hold the rest of the edges and pass for the whole.
      if (this.thread !== thread) throw this.ended()
      const edges = leftOut ? batch.filter((edge) => !leftOut(edge)) : batch
      this.send({ kind: 'edges', edges })
      read += edges.length
      onEdges?.(read)
    }
    if (this.thread !== thread) throw this.ended()
    this.size = (await this.ask({ kind: 'finish' })) as GraphSize
    this.builtAt = head
    return this.size
  }

  private ended(): FirebreakError {
    return this.closed
      ? new FirebreakError('ledger/closed')
      : new FirebreakError('internal/fault', ['the thread of the maps ended'])
  }

  private ask(question: Question, onProgress?: Waiting['onProgress']): Promise<unknown> {
    const id = this.nextId++
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject, onProgress })
      this.send({ ...question, id } as MapperRequest)
    })
  }

  private send(request: MapperRequest): void {
    this.thread ??= this.startThread()
    this.thread.postMessage(request)
  }

  private startThread(): Worker {
    const thread = new Worker(new URL('./mapper-thread.ts', import.meta.url))
    thread.unref()
    thread.on('message', (reply: MapperReply) => this.receive(reply))
    thread.on('error', (error) => {
      for (const { reject } of this.waiting.values()) reject(new FirebreakError('internal/fault', [error.message]))
      this.waiting.clear()
      this.thread = null
      this.builtAt = -1
    })
    return thread
  }

  private receive(reply: MapperReply): void {
    const waiting = this.waiting.get(reply.id)
    if (reply.kind === 'progress') return waiting?.onProgress?.(reply.value)
    this.waiting.delete(reply.id)
    if (reply.kind === 'answer') waiting?.resolve(reply.value)
    else waiting?.reject(new FirebreakError('internal/fault', [reply.message]))
  }
}
