import type { Sql } from '../store/store.ts'
import type { WriteContext } from '../writer/writer.ts'
import { appendAdjacency, type NodeAppend } from './adjacency.ts'
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

/** Applies changes in order to edge rows and adjacency, a whole batch in two statements left under way. */
export function writeEdgeChanges(
  { sql, later }: Pick<WriteContext, 'sql' | 'later'>,
  edges: TouchedEdges,
  changes: readonly NumberedChange[],
  position: number,
): void {
  for (const change of changes) fold(edges.get(edgeKey(change.source, change.target, change.relation))!, change)
  later(writeSpells(sql, edges.values()))
  later(appendAdjacency(sql, adjacencyOf(edges.values()), position))
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

async function writeSpells(sql: Sql, edges: Iterable<Touched>): Promise<void> {
  const rows: unknown[] = []
  for (const { source, target, relation, spells } of edges) {
    for (const { spell, weight, firstAt, lastAt, withdrawnAt } of spells)
      rows.push({
        s: source,
        t: target,
        r: relation,
        n: spell,
        w: weight,
        f: iso(firstAt),
        l: iso(lastAt),
        x: withdrawnAt === null ? null : iso(withdrawnAt),
      })
  }
  if (rows.length === 0) return
  await sql.query(
    `insert into edge (source, target, relation, spell, weight, first_at, last_at, withdrawn_at)
     select s, t, r, n, w, f, l, x from json_to_recordset($1::text::json)
       as e(s integer, t integer, r smallint, n smallint, w real, f timestamptz, l timestamptz, x timestamptz)
     on conflict (source, target, relation, spell) do update
       set weight = excluded.weight, first_at = excluded.first_at, last_at = excluded.last_at, withdrawn_at = excluded.withdrawn_at`,
    [JSON.stringify(rows)],
  )
}

function iso(ms: number): string {
  return new Date(ms).toISOString()
}

/** What each node's adjacency gains: the last state of every edge that changed, seen from both ends. */
function adjacencyOf(edges: Iterable<Touched>): Map<number, NodeAppend> {
  const nodes = new Map<number, NodeAppend>()
  const nodeOf = (node: number): NodeAppend => {
    const known = nodes.get(node) ?? { entries: [], out: 0, in: 0 }
    nodes.set(node, known)
    return known
  }
  for (const { source, target, relation, before, spells } of edges) {
    const after = spells.at(-1)
    if (after === undefined) continue
    const was = before?.withdrawnAt === null
    const is = after.withdrawnAt === null
    if (!was && !is) continue
    const weight = is ? after.weight : 0
    const delta = Number(is) - Number(was)
    const from = nodeOf(source)
    from.entries.push({ other: target, relation, inward: false, weight, at: after.lastAt })
    from.out += delta
    const to = nodeOf(target)
    to.entries.push({ other: source, relation, inward: true, weight, at: after.lastAt })
    to.in += delta
  }
  return nodes
}
