import type { FusedAdjacency } from '../fused/adjacency.ts'
import { LEVELS, type Percolation } from '../rank/percolation.ts'

const SIZED_AT = [28, 20, 14, 10, 6, 2] as const

/** What the models read about one candidate's place in the percolation. */
export const PERCOLATION_FACTS = [
  'percolation.level',
  'percolation.entry',
  'percolation.margin',
  'percolation.supporters',
  'percolation.closure',
] as const

/** What they read about the percolation as a whole: how it grows as the threshold falls. */
export const PERCOLATION_SHAPE = SIZED_AT.map((level) => `percolation.size${level}` as const)

const LEAST_MARGIN = -20
const MOST_MARGIN = 80
const MOST_COMPARED = 12

/** Per candidate (by local number) PERCOLATION_FACTS in a row, and PERCOLATION_SHAPE. */
export interface PercolationFacts {
  readonly rows: Float64Array
  readonly shape: readonly number[]
}

export function percolationFacts(
  graph: FusedAdjacency,
  nodes: Uint32Array,
  percolation: Percolation,
): PercolationFacts {
  const width = PERCOLATION_FACTS.length
  const rows = new Float64Array(nodes.length * width)
  const entryOf = new Map(percolation.nodes.map((u, i) => [u, i]))
  for (let i = 0; i < nodes.length; i++) {
    const u = nodes[i] as number
    const entry = entryOf.get(u)
    const margin = percolation.margin.get(u) ?? LEAST_MARGIN
    const supporters = margin > 0 ? supportersOf(graph, u, percolation.measured) : []
    rows.set(
      [
        entry === undefined ? 0 : (percolation.levels[entry] as number),
        Math.log1p(entry ?? percolation.nodes.length * 2),
        Math.min(MOST_MARGIN, Math.max(LEAST_MARGIN, margin)),
        supporters.length,
        closureOf(graph, supporters),
      ],
      i * width,
    )
  }
  const shape = SIZED_AT.map((level) => Math.log(percolation.sizes[LEVELS.indexOf(level)] as number))
  return { rows, shape }
}

function supportersOf({ offsets, arcs }: FusedAdjacency, u: number, group: ReadonlySet<number>): number[] {
  const supporters: number[] = []
  for (let a = offsets[u] as number, end = offsets[u + 1] as number; a < end; a++) {
    const v = (arcs[a] as number) >>> 2
    if (group.has(v)) supporters.push(v)
    if (supporters.length === MOST_COMPARED) break
  }
  return supporters
}

/** Share of the supporters' pairs that are tied: those of a clique are one witness, not many. */
function closureOf(graph: FusedAdjacency, supporters: readonly number[]): number {
  if (supporters.length < 2) return 1
  let tied = 0
  for (let i = 0; i < supporters.length; i++)
    for (let j = i + 1; j < supporters.length; j++)
      if (areTied(graph, supporters[i] as number, supporters[j] as number)) tied++
  return (2 * tied) / (supporters.length * (supporters.length - 1))
}

function areTied({ offsets, arcs }: FusedAdjacency, u: number, v: number): boolean {
  let low = offsets[u] as number
  let high = offsets[u + 1] as number
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((arcs[middle] as number) >>> 2 < v) low = middle + 1
    else high = middle
  }
  return low < (offsets[u + 1] as number) && (arcs[low] as number) >>> 2 === v
}
