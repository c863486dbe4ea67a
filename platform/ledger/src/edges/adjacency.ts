import { asBuffer } from '../chain/digest.ts'
import type { Sql } from '../store/store.ts'
import { CHUNK_BYTES, ENTRY_BYTES, type Entry, foldChunks, packEntries } from './packing.ts'

export interface NodeAppend {
  readonly entries: Entry[]
  /** Change of the current degrees. */
  out: number
  in: number
}

/** Appends to the open chunk of each node, seals the chunks that are full, and compacts nodes whose chunks are mostly superseded. */
export async function appendAdjacency(
  sql: Sql,
  nodes: ReadonlyMap<number, NodeAppend>,
  position: number,
): Promise<void> {
  if (nodes.size === 0) return
  const rows = Array.from(nodes, ([node, { entries, out, in: inward }]) => ({
    n: node,
    e: packEntries(entries).toString('base64'),
    o: out,
    i: inward,
  }))
  const { rows: full } = await sql.query<{ node: number }>(
    `with grown as (
       insert into adjacency (node, sealed, entries, out_degree, in_degree)
       select n, 0, decode(e, 'base64'), o, i
       from json_to_recordset($1::text::json) as r(n integer, e text, o integer, i integer)
       on conflict (node, sealed) do update set entries = adjacency.entries || excluded.entries,
         out_degree = adjacency.out_degree + excluded.out_degree, in_degree = adjacency.in_degree + excluded.in_degree
       returning node, octet_length(entries) as size)
     select node from grown where size >= $2`,
    [JSON.stringify(rows), CHUNK_BYTES],
  )
  if (full.length > 0)
    await seal(
      sql,
      full.map(({ node }) => node),
      position,
    )
}

async function seal(sql: Sql, nodes: readonly number[], position: number): Promise<void> {
  // One statement: nothing may be appended between the copy and the emptying.
  await sql.query(
    `with moved as (
       insert into adjacency (node, sealed, entries, out_degree, in_degree)
       select node, $2::bigint, entries, 0, 0 from adjacency where node = any($1::int[]) and sealed = 0 returning node)
     update adjacency set entries = '' where sealed = 0 and node in (select node from moved)`,
    [nodes, position],
  )
  const { rows: wasteful } = await sql.query<{ node: number }>(
    `select node from adjacency where node = any($1::int[]) group by node
     having sum(octet_length(entries)) > $2 * (2 * (max(out_degree) + max(in_degree)) + $3)`,
    [nodes, ENTRY_BYTES, CHUNK_BYTES / ENTRY_BYTES],
  )
  if (wasteful.length > 0)
    await compact(
      sql,
      wasteful.map(({ node }) => node),
    )
}

/** Rewrites chunks without what later entries replaced. Not from the edges: they may be ahead of what was folded so far. */
async function compact(sql: Sql, nodes: readonly number[]): Promise<void> {
  const { rows } = await sql.query<{ node: number; entries: Uint8Array; out_degree: number; in_degree: number }>(
    `select node, entries, out_degree, in_degree from adjacency where node = any($1::int[]) order by node, sealed = 0, sealed`,
    [nodes],
  )
  const folded = new Map<number, NodeAppend>()
  for (const [node, chunks] of Map.groupBy(rows, (row) => row.node))
    folded.set(node, {
      entries: foldChunks(chunks.map(({ entries }) => asBuffer(entries))),
      out: chunks.reduce((sum, { out_degree }) => sum + out_degree, 0),
      in: chunks.reduce((sum, { in_degree }) => sum + in_degree, 0),
    })
  await sql.query('delete from adjacency where node = any($1::int[])', [nodes])
  await insertChunks(sql, folded)
}

interface EdgeRow {
  readonly source: number
  readonly target: number
  readonly relation: number
  readonly weight: number
  readonly last_at: Date
}

/** Writes the adjacency of nodes anew from their current edges, which nothing noted may be ahead of (catchUp). Chunks get negative positions: before all that is sealed later. */
export async function rebuildAdjacency(sql: Sql, nodes: readonly number[]): Promise<void> {
  const { rows } = await sql.query<EdgeRow>(
    `select source, target, relation, weight, last_at from edge where withdrawn_at is null and source = any($1::int[])
     union all
     select source, target, relation, weight, last_at from edge where withdrawn_at is null and target = any($1::int[])
       and not source = any($1::int[])`,
    [nodes],
  )
  const entries = new Map<number, NodeAppend>(nodes.map((node) => [node, { entries: [], out: 0, in: 0 }]))
  for (const { source, target, relation, weight, last_at } of rows) {
    const from = entries.get(source)
    if (from !== undefined) {
      from.entries.push({ other: target, relation, inward: false, weight, at: last_at.getTime() })
      from.out++
    }
    const to = entries.get(target)
    if (to !== undefined) {
      to.entries.push({ other: source, relation, inward: true, weight, at: last_at.getTime() })
      to.in++
    }
  }
  await sql.query('delete from adjacency where node = any($1::int[])', [nodes])
  await insertChunks(sql, entries)
}

async function insertChunks(sql: Sql, nodes: ReadonlyMap<number, NodeAppend>): Promise<void> {
  const perChunk = CHUNK_BYTES / ENTRY_BYTES
  const rows: unknown[] = []
  for (const [node, { entries, out, in: inward }] of nodes) {
    const sealedCount = Math.floor(entries.length / perChunk)
    for (let chunk = 0; chunk <= sealedCount; chunk++) {
      const open = chunk === sealedCount
      const packed = packEntries(entries.slice(chunk * perChunk, (chunk + 1) * perChunk)).toString('base64')
      rows.push({ n: node, c: open ? 0 : chunk - sealedCount, e: packed, o: open ? out : 0, i: open ? inward : 0 })
    }
  }
  await sql.query(
    `insert into adjacency (node, sealed, entries, out_degree, in_degree)
     select n, c, decode(e, 'base64'), o, i
     from json_to_recordset($1::text::json) as r(n integer, c bigint, e text, o integer, i integer)`,
    [JSON.stringify(rows)],
  )
}
