/** The slow obvious graph: maps and arrays, for comparison with the typed arrays. */
export interface PlainEdge {
  readonly source: string
  readonly target: string
  readonly relation: string
  readonly weight: number
  readonly atMs?: number | undefined
}

export interface PlainGraph {
  readonly selfLoops: number
  readonly duplicates: number
  readonly edgeCount: number
  /** relation → source → target → weight: per time the heaviest, then the sum of counted acts, or the latest state. */
  readonly out: ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, number>>>
}

const COUNTED = new Set(['like', 'comment', 'mention', 'contact', 'hashtag', 'link', 'media'])

export function plainGraph(edges: readonly PlainEdge[]): PlainGraph {
  const acts = new Map<string, Map<string, Map<string, Map<number, number>>>>()
  let selfLoops = 0
  let duplicates = 0
  let edgeCount = 0
  for (const { source, target, relation, weight, atMs = Number.NEGATIVE_INFINITY } of edges) {
    if (source === target) {
      selfLoops++
      continue
    }
    const rows = acts.get(relation) ?? new Map<string, Map<string, Map<number, number>>>()
    acts.set(relation, rows)
    const row = rows.get(source) ?? new Map<string, Map<number, number>>()
    rows.set(source, row)
    if (row.has(target)) duplicates++
    else edgeCount++
    const byTime = row.get(target) ?? new Map<number, number>()
    row.set(target, byTime)
    byTime.set(atMs, Math.max(byTime.get(atMs) ?? 0, weight))
  }
  const out = mapped(acts, (rows, relation) =>
    mapped(rows, (row) =>
      mapped(row, (byTime) => {
        const inOrder = [...byTime].sort(([a], [b]) => a - b).map(([, weight]) => weight)
        return COUNTED.has(relation) ? inOrder.reduce((sum, weight) => sum + weight) : inOrder.at(-1)!
      }),
    ),
  )
  return { selfLoops, duplicates, edgeCount, out }
}

function mapped<V, W>(map: ReadonlyMap<string, V>, change: (value: V, key: string) => W): Map<string, W> {
  return new Map([...map].map(([key, value]) => [key, change(value, key)]))
}
