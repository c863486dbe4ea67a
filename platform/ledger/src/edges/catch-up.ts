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
const REST_MS = 1_000
/** On a ledger that never rests. */
const LONGEST_MS = 10_000

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
  while (await foldSome(context)) {}
}

/** Folds the oldest noted changes; false when there were none. */
async function foldSome(context: WriteContext): Promise<boolean> {
  await context.settled()
  const { rows } = await context.sql.query<{ seq: number; changes: Uint8Array }>(
    `delete from adjacency_change where seq in (
       select seq from (select seq, sum(octet_length(changes)) over (order by seq) - octet_length(changes) as before
         from (select * from adjacency_change order by seq limit 1000) oldest) running where before < $1)
     returning seq, changes`,
    [AT_ONCE * CHANGE_BYTES],
  )
  if (rows.length === 0) return false
  const nodes = new Map<number, NodeAppend>()
  for (const { changes } of rows.sort((a, b) => a.seq - b.seq)) unpackInto(nodes, asBuffer(changes))
  await appendAdjacency(context.sql, nodes, rows.at(-1)!.seq)
  return true
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

/** Folds noted changes when a reader asks, when there was no write for a second, and every ten seconds at the latest. */
export class AdjacencyCatchUp {
  readonly #writer: Writer
  #timer: NodeJS.Timeout | undefined
  #since: number | undefined
  #running: Promise<void> | undefined

  constructor(writer: Writer) {
    this.#writer = writer
  }

  /** Call after each commit. */
  soon(): void {
    clearTimeout(this.#timer)
    const now = performance.now()
    this.#since ??= now
    const fold = () => {
      this.#since = undefined
      this.now().catch(() => {}) // the next reader or commit tries again
    }
    this.#timer = setTimeout(fold, Math.max(0, Math.min(REST_MS, this.#since + LONGEST_MS - now)))
    this.#timer.unref()
  }

  now(): Promise<void> {
    this.#running ??= (async () => {
      try {
        while (await this.#writer.write(foldSome)) {}
      } finally {
        this.#running = undefined
      }
    })()
    return this.#running
  }

  stop(): void {
    clearTimeout(this.#timer)
  }
}
