import { basename } from 'node:path'
import type { EventInput, Ledger, Principal } from '@firebreak/ledger'
import { canonicalEvent, type Edge } from '../events/index.ts'
import { type BadLine, LineCount } from '../files/bad-lines.ts'
import { edgeEvents } from '../files/edge-events.ts'
import { type RelationRows, readEdges } from '../files/edges.ts'
import { forEachLine } from '../files/lines.ts'
import { openBytes } from '../files/open-bytes.ts'
import { RowStore } from './row-store.ts'

export interface ImportRequest {
  readonly ledger: Ledger
  readonly path: string
  /** What the file is called in reports; default its own name. */
  readonly name?: string
  /** Relation of edge rows that name none (default `follow`). */
  readonly relation?: string
  readonly by: Principal
  readonly edge: Edge
  readonly strict?: boolean
  readonly onProgress?: (done: number, total: number) => void
  /** Told of every batch once it is durable. */
  readonly onStored?: (events: readonly EventInput[]) => void
}

/** What became of a file; rows = accepted + duplicates + bad. */
export interface ImportReport {
  readonly file: string
  readonly rows: number
  readonly accepted: number
  readonly duplicates: number
  readonly bad: number
  readonly firstBad: readonly BadLine[]
  /** Relations that Firebreak knows nothing about, and how many rows name them: stored under that name, but perhaps mistyped. */
  readonly unknownRelations: readonly RelationRows[]
}

const BATCH = 5_000

/**
 * Writes an edge list, or events as JSON lines (told apart by the first line), into the ledger in durable batches.
 * Ids are made from the rows, so the same file imported twice changes nothing. Every line is accounted for.
 */
export async function importFile(request: ImportRequest): Promise<ImportReport> {
  return (await holdsEvents(request.path)) ? importEvents(request) : importEdges(request)
}

async function importEdges(request: ImportRequest): Promise<ImportReport> {
  const rows = new RowStore()
  const name = request.name ?? basename(request.path)
  const read = await readEdges(request.path, rows, {
    ...(request.relation === undefined ? {} : { relation: request.relation }),
    strict: request.strict ?? false,
  })
  const books = new Books(request)
  const events = edgeEvents(request.edge.clock())
  for (let i = 0; i < rows.count; i++) {
    for (const event of events.of(rows.row(i))) await books.take(event, 0)
    if (i % BATCH === 0) request.onProgress?.(i, rows.count)
  }
  for (const event of events.finish()) await books.take(event, 0)
  await books.flush()
  return { ...books.report(name, read.bad, read.firstBad), unknownRelations: read.unknownRelations }
}

async function importEvents(request: ImportRequest): Promise<ImportReport> {
  const count = new LineCount()
  const name = request.name ?? basename(request.path)
  const books = new Books(request)
  // The reader cannot wait inside a line, so lines are gathered first and written between chunks.
  let waiting: { event: unknown; line: number }[] = []
  const drain = async (): Promise<void> => {
    const batch = waiting
    waiting = []
    for (const { event, line } of batch) await books.take(event, line)
  }
  const chunks = openBytes(request.path, request.onProgress)
  async function* drained(): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      yield chunk
      await drain()
    }
  }
  await forEachLine(drained(), (buffer, start, end, line) => {
    const text = buffer.toString('utf8', start, end).trim()
    if (text === '') return
    count.total++
    try {
      waiting.push({ event: JSON.parse(text), line })
    } catch {
      count.reject(line, 'is not JSON')
    }
  })
  await drain()
  await books.flush()
  const report = books.report(name, count.bad, count.firstBad)
  for (const { line, reason } of books.refused()) count.reject(line, reason)
  count.assertAcceptable(name, request.strict ?? false)
  return report
}

async function holdsEvents(path: string): Promise<boolean> {
  for await (const chunk of openBytes(path)) return /^\s*\{/.test(chunk.toString('utf8', 0, 256))
  return false
}

/** Gathers events into durable batches and keeps count of what became of each. */
class Books {
  readonly #request: ImportRequest
  readonly #refused = new LineCount()
  #batch: { event: EventInput; line: number }[] = []
  #accepted = 0
  #duplicates = 0

  constructor(request: ImportRequest) {
    this.#request = request
  }

  async take(event: unknown, line: number): Promise<void> {
    const canonical = canonicalEvent(event, this.#request.edge)
    if (!canonical.ok) return this.#refused.reject(line, `${canonical.code}: ${canonical.detail}`)
    this.#batch.push({ event: canonical.event as EventInput, line })
    if (this.#batch.length >= BATCH) await this.flush()
  }

  async flush(): Promise<void> {
    const batch = this.#batch
    this.#batch = []
    if (batch.length === 0) return
    const { ledger, by, onStored } = this.#request
    const events = batch.map(({ event }) => event)
    const results = await ledger.append(events, by)
    for (const [i, result] of results.entries()) {
      if (result.status === 'accepted') this.#accepted++
      else if (result.status === 'duplicate') this.#duplicates++
      else this.#refused.reject(batch[i]!.line, `${result.code}: ${result.detail}`)
    }
    onStored?.(events)
  }

  /** Events that were refused, as far as they are kept. */
  refused(): readonly BadLine[] {
    return this.#refused.firstBad
  }

  report(file: string, badLines: number, firstBad: readonly BadLine[]): ImportReport {
    const bad = badLines + this.#refused.bad
    return {
      file,
      rows: this.#accepted + this.#duplicates + bad,
      accepted: this.#accepted,
      duplicates: this.#duplicates,
      bad,
      firstBad: [...firstBad, ...this.#refused.firstBad].slice(0, 20),
      unknownRelations: [],
    }
  }
}
