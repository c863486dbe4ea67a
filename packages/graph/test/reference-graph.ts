/** The slow obvious graph: maps and arrays, for comparison with the typed arrays. */
export interface PlainEdge {
  readonly source: string
  readonly target: string
  readonly relation: string
  readonly weight: number
}

export interface PlainGraph {
  readonly selfLoops: number
  readonly duplicates: number
  readonly edgeCount: number
  /** relation → source → target → summed weight. */
  readonly out: ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, number>>>
}

export function plainGraph(edges: readonly PlainEdge[]): PlainGraph {
  const out = new Map<string, Map<string, Map<string, number>>>()
  let selfLoops = 0
  let duplicates = 0
  let edgeCount = 0
  for (const { source, target, relation, weight } of edges) {
    if (source === target) {
      selfLoops++
      continue
    }
    const rows = out.get(relation) ?? new Map<string, Map<string, number>>()
    out.set(relation, rows)
    const row = rows.get(source) ?? new Map<string, number>()
    rows.set(source, row)
    if (row.has(target)) duplicates++
    else edgeCount++
    row.set(target, (row.get(target) ?? 0) + weight)
  }
  return { selfLoops, duplicates, edgeCount, out }
}
