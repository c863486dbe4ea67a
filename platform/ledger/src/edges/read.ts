import { asBuffer } from '../chain/digest.ts'
import { pseudonymOf } from '../erasure/erase.ts'
import type { Sql } from '../store/store.ts'
import type { Adjacency, EdgeQuery, LedgerEdge, Neighbour } from '../types.ts'
import { nodeId, parseNodeId } from './node-id.ts'
import { foldChunks } from './packing.ts'
import type { Relations } from './relations.ts'

const REMEMBERED = 2_000_000
/** PostgreSQL counts microseconds from 2000-01-01. */
const POSTGRES_EPOCH_MS = 946_684_800_000
const ROW_BYTES = 34

/** Reads the graph: streams of edges, and adjacency of chosen nodes. Remembers node names until an erasure. */
export class EdgeReader {
  readonly #sql: Sql
  readonly #relations: Relations
  readonly #catchUp: () => Promise<void>
  readonly #names = new Map<number, string>()
  #erasures = -1

  constructor(sql: Sql, relations: Relations, catchUp: () => Promise<void>) {
    this.#sql = sql
    this.#relations = relations
    this.#catchUp = catchUp
  }

  async *edges(query: EdgeQuery = {}): AsyncGenerator<LedgerEdge[]> {
    const wanted = query.relations === undefined ? null : await this.#numbers(query.relations)
    await this.#forgetErased()
    // The next page loads while this one is read and used.
    let next = this.#page([-1, -1, -1, -1], query, wanted)
    for (let bytes = await next; bytes.length > 0; bytes = await next) {
      next = this.#page(lastOf(bytes), query, wanted)
      next.catch(() => {}) // the consumer may stop here; otherwise it is awaited above
      yield await this.#unpack(bytes)
    }
  }

  /** One page of edges as bytes: rows as objects would cost ten times as much. */
  async #page(
    after: readonly number[],
    { asOf, batch = 20_000 }: EdgeQuery,
    wanted: readonly number[] | null,
  ): Promise<Buffer> {
    const standing =
      asOf === undefined
        ? 'withdrawn_at is null'
        : '(withdrawn_at is null or withdrawn_at > $6::timestamptz) and first_at <= $6::timestamptz'
    const lastAt = asOf === undefined ? 'last_at' : 'least(last_at, $6::timestamptz)'
    const { rows } = await this.#sql.query<{ packed: Uint8Array | null }>(
      `select string_agg(int4send(source) || int4send(target) || int2send(relation) || int4send(spell) || float4send(weight)
         || timestamptz_send(${lastAt}) || timestamptz_send(first_at), ''::bytea order by source, target, relation, spell) as packed
       from (select * from edge where (source, target, relation, spell) > ($1::int, $2::int, $3::smallint, $4::integer) and ${standing}
         ${wanted === null ? '' : `and relation = any($${asOf === undefined ? 6 : 7}::int[])`}
         order by source, target, relation, spell limit $5) page`,
      [...after, batch, ...(asOf === undefined ? [] : [asOf]), ...(wanted === null ? [] : [wanted])],
    )
    return asBuffer(rows[0]?.packed ?? new Uint8Array(0))
  }

  async #unpack(bytes: Buffer): Promise<LedgerEdge[]> {
    const nodes = new Set<number>()
    const relations = new Set<number>()
    for (let at = 0; at < bytes.length; at += ROW_BYTES) {
      nodes.add(bytes.readInt32BE(at)).add(bytes.readInt32BE(at + 4))
      relations.add(bytes.readInt16BE(at + 8))
    }
    await this.#learn(nodes)
    const names = await this.#relationNames(relations)
    const edges: LedgerEdge[] = []
    for (let at = 0; at < bytes.length; at += ROW_BYTES) {
      edges.push({
        source: this.#names.get(bytes.readInt32BE(at))!,
        target: this.#names.get(bytes.readInt32BE(at + 4))!,
        relation: names.get(bytes.readInt16BE(at + 8))!,
        weight: bytes.readFloatBE(at + 14),
        at: timeAt(bytes, at + 18),
        firstAt: timeAt(bytes, at + 26),
      })
    }
    return edges
  }

  async neighbours(nodes: readonly string[], relations?: readonly string[]): Promise<Map<string, Adjacency>> {
    const { rows: noted } = await this.#sql.query('select 1 from adjacency_change limit 1')
    if (noted.length > 0) await this.#catchUp()
    const asked = nodes.map((node) => parseNodeId(node))
    const { rows } = await this.#sql.query<AdjacencyRow>(
      `select e.id as node, e.kind, e.name, a.sealed, a.entries, a.out_degree, a.in_degree,
         (select erasures from ledger_head) as erasures
       from json_to_recordset($1::text::json) as k(k text, n text)
       join entity e on e.name = k.n and e.kind = k.k join adjacency a on a.node = e.id
       order by e.id, a.sealed = 0, a.sealed`,
      [JSON.stringify(asked.map(([k, n]) => ({ k, n })))],
    )
    this.#seeErasures(rows[0]?.erasures)
    const byNode = Map.groupBy(rows, (row) => row.node)
    const folded = Array.from(byNode.values(), (chunks) => ({
      chunks,
      entries: foldChunks(chunks.map((c) => asBuffer(c.entries))),
    }))
    await this.#learn(new Set(folded.flatMap(({ entries }) => entries.map((entry) => entry.other))))
    const names = await this.#relationNames(
      new Set(folded.flatMap(({ entries }) => entries.map((entry) => entry.relation))),
    )
    const wanted = relations === undefined ? null : new Set(relations)
    const found = new Map<string, Adjacency>()
    for (const { chunks, entries } of folded) {
      const neighbours: Neighbour[] = []
      for (const { other, relation, inward, weight, at } of entries) {
        const name = names.get(relation)!
        if (wanted === null || wanted.has(name))
          neighbours.push({
            other: this.#names.get(other)!,
            relation: name,
            direction: inward ? 'in' : 'out',
            weight,
            at,
          })
      }
      const open = chunks.at(-1)!
      found.set(nodeId(open.kind, open.name), { outDegree: open.out_degree, inDegree: open.in_degree, neighbours })
    }
    return found
  }

  async #learn(nodes: ReadonlySet<number>): Promise<void> {
    if (this.#names.size > REMEMBERED) this.#names.clear()
    const unknown = [...nodes].filter((node) => !this.#names.has(node))
    if (unknown.length === 0) return
    const { rows } = await this.#sql.query<{ names: string }>(
      `select coalesce(json_agg(json_build_array(id, kind, name)), '[]')::text as names from entity where id = any($1::int[])`,
      [unknown],
    )
    for (const [id, kind, name] of JSON.parse(rows[0]!.names) as [number, string, string | null][])
      this.#names.set(id, nodeId(kind, name ?? pseudonymOf(id)))
  }

  async #relationNames(numbers: ReadonlySet<number>): Promise<Map<number, string>> {
    const names = new Map<number, string>()
    for (const number of numbers) names.set(number, await this.#relations.name(this.#sql, number))
    return names
  }

  async #numbers(names: readonly string[]): Promise<number[]> {
    const { rows } = await this.#sql.query<{ id: number }>('select id from relation where name = any($1::text[])', [
      names,
    ])
    return rows.map(({ id }) => id)
  }

  async #forgetErased(): Promise<void> {
    const { rows } = await this.#sql.query<{ erasures: number }>('select erasures from ledger_head')
    this.#seeErasures(rows[0]?.erasures)
  }

  #seeErasures(erasures: number | undefined): void {
    if (erasures === undefined || erasures === this.#erasures) return
    this.#names.clear()
    this.#erasures = erasures
  }
}

/** A timestamptz in the binary form, in milliseconds since 1970. */
function timeAt(bytes: Buffer, at: number): number {
  return POSTGRES_EPOCH_MS + (bytes.readInt32BE(at) * 4_294_967_296 + bytes.readUInt32BE(at + 4)) / 1000
}

/** The key of a page's last edge. */
function lastOf(bytes: Buffer): readonly number[] {
  const at = bytes.length - ROW_BYTES
  return [bytes.readInt32BE(at), bytes.readInt32BE(at + 4), bytes.readInt16BE(at + 8), bytes.readInt32BE(at + 10)]
}

interface AdjacencyRow {
  readonly node: number
  readonly kind: string
  readonly name: string
  readonly sealed: number
  readonly entries: Uint8Array
  readonly out_degree: number
  readonly in_degree: number
  readonly erasures: number
}
