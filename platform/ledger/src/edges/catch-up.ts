import { asBuffer } from '../chain/digest.ts'
import type { TransactionSql } from '../store/store.ts'
import type { WriteContext, Writer } from '../writer/writer.ts'
import { appendAdjacency, type NodeAppend } from './adjacency.ts'

/** What one write did to one edge, as both its ends must come to know. */
export interface AdjacencyChange {
  readonly source: number
  readonly target: number
  readonly relation: number
  /** 0 when the edge was withdrawn. */
  readonly weight: number
  readonly at: number
  /** 1 when it began to stand, -1 when it ceased, else 0. */
  readonly degree: number
}

/** source, target (uint32), relation (uint16), weight (float32), last time in ms (uint48), degree (int8). */
const CHANGE_BYTES = 21
/** Changes folded in one transaction, so that writers never wait long. */
const AT_ONCE = 40_000
/** Longer than it takes to read the whole graph after an import: folding would stand in its way. */
const REST_MS = 4_000
/** On a ledger that never rests: the first reader after a long import waits for a second or two. */
const LONGEST_MS = 30_000

/** Notes the changes of one write. A node's neighbours are rewritten only when somebody asks, or the writers rest: a fifth of the cost. */
export async function noteAdjacency(
  sql: TransactionSql,
  changes: Iterable<AdjacencyChange>,
  position: number,
): Promise<void> {
  const packed = [...changes]
  if (packed.length === 0) return
  const bytes = Buffer.allocUnsafe(packed.length * CHANGE_BYTES)
  let at = 0
  for (const change of packed) {
    at = bytes.writeUInt32BE(change.source, at)
    at = bytes.writeUInt32BE(change.target, at)
    at = bytes.writeUInt16BE(change.relation, at)
    at = bytes.writeFloatBE(change.weight, at)
    at = bytes.writeUIntBE(Math.max(0, change.at), at, 6)
    at = bytes.writeInt8(change.degree, at)
  }
  await sql.insert(ADJACENCY_CHANGE, [[position, bytes]])
}

const ADJACENCY_CHANGE = {
  table: 'adjacency_change',
  columns: [
    ['seq', 'int8'],
    ['changes', 'bytea'],
  ],
} as const

/** Folds every noted change into the adjacency, within a write. Needed before nodes are rebuilt from their edges. */
export async function catchUp(context: WriteContext): Promise<void> {
  let end = await newestNoted(context)
  while (end !== null) end = await foldSome(context, end)
}

async function newestNoted({ sql, settled }: WriteContext): Promise<number | null> {
  await settled()
  return (await sql.query<{ end: number | null }>('select max(seq) as end from adjacency_change')).rows[0]!.end
}

/** Folds the oldest noted changes; answers `end` while there may be more up to there, else null. */
async function foldSome(context: WriteContext, end: number): Promise<number | null> {
  await context.settled()
  const { rows } = await context.sql.query<{ seq: number; changes: Uint8Array }>(
    `delete from adjacency_change where seq in (
       select seq from (select seq, sum(octet_length(changes)) over (order by seq) - octet_length(changes) as before
         from (select * from adjacency_change where seq <= $2 order by seq limit 1000) oldest) running where before < $1)
     returning seq, changes`,
    [AT_ONCE * CHANGE_BYTES, end],
  )
  if (rows.length === 0) return null
  const nodes = new Map<number, NodeAppend>()
  for (const { changes } of rows.sort((a, b) => a.seq - b.seq)) unpackInto(nodes, asBuffer(changes))
  const last = rows.at(-1)!.seq
  await appendAdjacency(context.sql, nodes, last)
  return last < end ? end : null
}

function unpackInto(nodes: Map<number, NodeAppend>, bytes: Buffer): void {
  const nodeOf = (node: number): NodeAppend => {
    const known = nodes.get(node)
    if (known !== undefined) return known
    const made = { entries: [], out: 0, in: 0 }
    nodes.set(node, made)
    return made
  }
  for (let at = 0; at < bytes.length; at += CHANGE_BYTES) {
    const source = bytes.readUInt32BE(at)
    const target = bytes.readUInt32BE(at + 4)
    const entry = {
      relation: bytes.readUInt16BE(at + 8),
      weight: bytes.readFloatBE(at + 10),
      at: bytes.readUIntBE(at + 14, 6),
    }
    const degree = bytes.readInt8(at + 20)
    const from = nodeOf(source)
    from.entries.push({ other: target, inward: false, ...entry })
    from.out += degree
    const to = nodeOf(target)
    to.entries.push({ other: source, inward: true, ...entry })
    to.in += degree
  }
}

/** Folds noted changes when a reader asks, when there was no write for some seconds, and every thirty seconds at the latest. */
export class AdjacencyCatchUp {
  readonly #writer: Writer
  #timer: NodeJS.Timeout | undefined
  #since: number | undefined
  #running: Promise<void> | undefined
  #next: Promise<void> | undefined

  constructor(writer: Writer) {
    this.#writer = writer
  }

  /** Call after each commit. */
  soon(): void {
    const now = performance.now()
    this.#since ??= now
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#foldAtRest(), Math.max(0, Math.min(REST_MS, this.#since + LONGEST_MS - now)))
    this.#timer.unref()
  }

  /** Folds what was noted before the call; what is written meanwhile is left to the next, or a reader beside an import would never end. */
  now(): Promise<void> {
    if (this.#running === undefined) return this.#start()
    this.#next ??= this.#running
      .catch(() => {}) // told to those who asked for it
      .then(() => {
        this.#next = undefined
        return this.#start()
      })
    return this.#next
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  /** A large write may take longer than a rest: while one is under way the writers do not rest. */
  #foldAtRest(): void {
    if (this.#writer.busy && performance.now() - this.#since! < LONGEST_MS) return this.soon()
    this.#since = undefined
    this.now().catch(() => {}) // the next reader or commit tries again
  }

  #start(): Promise<void> {
    this.#running = (async () => {
      try {
        let end = await this.#writer.write(newestNoted)
        while (end !== null) {
          const upTo = end
          end = await this.#writer.write((context) => foldSome(context, upTo))
        }
      } finally {
        this.#running = undefined
      }
    })()
    return this.#running
  }
}
