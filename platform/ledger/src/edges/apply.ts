import type { BulkRow } from '../store/bulk.ts'
import type { Sql, TransactionSql } from '../store/store.ts'
import type { WriteContext } from '../writer/writer.ts'
import { type AdjacencyChange, noteAdjacency } from './catch-up.ts'
import { applyChange, type Spell, type SpellChange } from './spell.ts'

/** A change between numbered nodes. */
export interface NumberedChange extends SpellChange {
  readonly source: number
  readonly target: number
  readonly relation: number
  /** Neither end was known before this transaction, so no earlier row can exist. */
  readonly fresh: boolean
}

interface Touched {
  readonly source: number
  readonly target: number
  readonly relation: number
  before: Spell | undefined
  /** Spells to write, oldest first. */
  readonly spells: Spell[]
}

/** Edges about to change, with their latest spells as the store holds them. */
export type TouchedEdges = ReadonlyMap<string, Touched>

/** Looks up every edge that the changes touch. */
export async function loadEdges(sql: Sql, changes: readonly NumberedChange[]): Promise<TouchedEdges> {
  const touched = new Map<string, Touched>()
  const toLook: Touched[] = []
  for (const { source, target, relation, fresh } of changes) {
    const key = edgeKey(source, target, relation)
    if (touched.has(key)) continue
    const edge: Touched = { source, target, relation, before: undefined, spells: [] }
    touched.set(key, edge)
    if (!fresh) toLook.push(edge)
  }
  await loadLatest(sql, toLook, touched)
  return touched
}

/** Applies changes in order to edge rows, a whole batch in statements left under way, and notes them for the adjacency. */
export function writeEdgeChanges(
  { sql, later }: Pick<WriteContext, 'sql' | 'later'>,
  edges: TouchedEdges,
  changes: readonly NumberedChange[],
  position: number,
): void {
  for (const change of changes) fold(edges.get(edgeKey(change.source, change.target, change.relation))!, change)
  later(writeSpells(sql, edges.values()))
  later(noteAdjacency(sql, adjacencyChanges(edges.values()), position))
}

function edgeKey(source: number, target: number, relation: number): string {
  return `${source}:${target}:${relation}`
}

function fold(edge: Touched, change: SpellChange): void {
  const latest = edge.spells.at(-1) ?? edge.before
  const next = applyChange(latest, change)
  if (next === latest) return
  if (edge.spells.at(-1)?.spell === next.spell) edge.spells.pop()
  edge.spells.push(next)
}

interface EdgeRow {
  readonly source: number
  readonly target: number
  readonly relation: number
  readonly spell: number
  readonly weight: number
  readonly first_at: Date
  readonly last_at: Date
  readonly withdrawn_at: Date | null
}

async function loadLatest(sql: Sql, edges: readonly Touched[], into: ReadonlyMap<string, Touched>): Promise<void> {
  if (edges.length === 0) return
  const { rows } = await sql.query<EdgeRow>(
    `select l.source, l.target, l.relation, l.spell, l.weight, l.first_at, l.last_at, l.withdrawn_at
     from json_to_recordset($1::text::json) as k(s integer, t integer, r smallint)
     cross join lateral (
       select * from edge e where e.source = k.s and e.target = k.t and e.relation = k.r order by spell desc limit 1
     ) l`,
    [JSON.stringify(edges.map(({ source, target, relation }) => ({ s: source, t: target, r: relation })))],
  )
  for (const row of rows) {
    into.get(edgeKey(row.source, row.target, row.relation))!.before = {
      spell: row.spell,
      weight: row.weight,
      firstAt: row.first_at.getTime(),
      lastAt: row.last_at.getTime(),
      withdrawnAt: row.withdrawn_at?.getTime() ?? null,
    }
  }
}

/** New spells are inserted in bulk; only one that stood before can be there already. */
async function writeSpells(sql: TransactionSql, edges: Iterable<Touched>): Promise<void> {
  const made: BulkRow[] = []
  const grown: unknown[] = []
  for (const { source, target, relation, before, spells } of edges) {
    for (const { spell, weight, firstAt, lastAt, withdrawnAt } of spells) {
      if (spell !== before?.spell) made.push([source, target, relation, spell, weight, firstAt, lastAt, withdrawnAt])
      else grown.push({ s: source, t: target, r: relation, n: spell, w: weight, f: firstAt, l: lastAt, x: withdrawnAt })
    }
  }
  const inserted = sql.insert(EDGE, made)
  if (grown.length > 0)
    await sql.query(
      `update edge set weight = w, first_at = to_timestamp(f / 1000.0), last_at = to_timestamp(l / 1000.0),
         withdrawn_at = to_timestamp(x / 1000.0)
       from json_to_recordset($1::text::json)
         as e(s integer, t integer, r smallint, n integer, w real, f float8, l float8, x float8)
       where source = s and target = t and relation = r and spell = n`,
      [JSON.stringify(grown)],
    )
  await inserted
}

const EDGE = {
  table: 'edge',
  columns: [
    ['source', 'int4'],
    ['target', 'int4'],
    ['relation', 'int2'],
    ['spell', 'int4'],
    ['weight', 'float4'],
    ['first_at', 'timestamptz'],
    ['last_at', 'timestamptz'],
    ['withdrawn_at', 'timestamptz'],
  ],
} as const

/** The last state of every edge that changed, for those who know it by its ends. */
function* adjacencyChanges(edges: Iterable<Touched>): Generator<AdjacencyChange> {
  for (const { source, target, relation, before, spells } of edges) {
    const after = spells.at(-1)
    if (after === undefined) continue
    const was = before?.withdrawnAt === null
    const is = after.withdrawnAt === null
    if (!was && !is) continue
    const degree = Number(is) - Number(was)
    yield { source, target, relation, weight: is ? after.weight : 0, at: after.lastAt, degree }
  }
}
