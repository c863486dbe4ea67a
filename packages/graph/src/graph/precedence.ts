import { ACTED, type RelationRows, WAS_ACTED_ON } from './relation-rows.ts'

/** Nodes looked at for triangles, the longest row read, and entries read in all. */
const SAMPLE = 4_000
const LONG_ROW = 500
const BUDGET = 4_000_000
/** In random directions a quarter of all triangles run in a circle; where rows follow an order none does. */
const LEAST_TRIANGLES = 300
const MOST_CIRCLES = 0.01
/** Share of rows that may run against the order, and how often it may have to be guessed how to go on. */
const MOST_AGAINST = 0.01
const GUESSES = 64

/**
 * The order that the rows of a relation follow whatever its ids are called: a rank per node such that (nearly) every one-way
 * edge leads to a higher one. Null when there is none, or when there are too few triangles to tell it from chance. It is what
 * a file betrays that lists every undirected edge once, nodes in any order (Kahn 1962, doi:10.1145/368996.369025).
 * Cost: O(edges), mostly far less: a sample of triangles says no.
 */
export function precedenceOf(rows: RelationRows): Uint32Array | null {
  return hardlyEverCircles(rows) ? peeled(rows) : null
}

function hardlyEverCircles(rows: RelationRows): boolean {
  const nodeCount = rows.offsets.length - 1
  const step = Math.max(1, Math.floor(nodeCount / SAMPLE))
  const seen = { triangles: 0, circles: 0, read: 0 }
  for (let u = 0; u < nodeCount && seen.read < BUDGET; u += step) {
    const [from, to] = [rows.offsets[u]!, rows.offsets[u + 1]!]
    if (to - from > LONG_ROW) continue
    for (let i = from; i < to; i++)
      if ((rows.arcs[i]! & 3) === ACTED) countTriangles(rows, u, rows.arcs[i]! >>> 2, seen)
  }
  return seen.triangles >= LEAST_TRIANGLES && seen.circles <= MOST_CIRCLES * seen.triangles
}

/** Triangles of one-way edges over the edge u → v. */
function countTriangles(
  { offsets, arcs }: RelationRows,
  u: number,
  v: number,
  seen: { triangles: number; circles: number; read: number },
): void {
  let [i, j] = [offsets[u]!, offsets[v]!]
  const [endOfU, endOfV] = [offsets[u + 1]!, offsets[v + 1]!]
  if (endOfV - j > LONG_ROW) return
  seen.read += endOfU - i + endOfV - j
  while (i < endOfU && j < endOfV) {
    const byU = arcs[i]!
    const byV = arcs[j]!
    if (byU >>> 2 < byV >>> 2) i++
    else if (byU >>> 2 > byV >>> 2) j++
    else {
      i++
      j++
      if ((byU & 3) === 3 || (byV & 3) === 3) continue
      seen.triangles++
      if ((byU & 3) === WAS_ACTED_ON && (byV & 3) === ACTED) seen.circles++
    }
  }
}

/** Takes nodes on which nobody left acts, one after the other; where all are acted on, the one with the fewest such acts. */
function peeled(rows: RelationRows): Uint32Array | null {
  const { offsets, arcs } = rows
  const nodeCount = offsets.length - 1
  const pending = new Uint32Array(nodeCount)
  for (let u = 0; u < nodeCount; u++)
    for (let i = offsets[u]!; i < offsets[u + 1]!; i++) if ((arcs[i]! & 3) === WAS_ACTED_ON) pending[u]!++
  const line = new Uint32Array(nodeCount)
  const placed = new Uint8Array(nodeCount)
  let length = 0
  const place = (node: number): void => {
    placed[node] = 1
    line[length++] = node
  }
  for (let u = 0; u < nodeCount; u++) if (pending[u] === 0) place(u)
  let against = 0
  let guesses = 0
  for (let head = 0; head < nodeCount; head++) {
    if (head === length) {
      const next = fewestPending(pending, placed)
      against += pending[next]!
      if (++guesses > GUESSES || against > MOST_AGAINST * rows.edgeCount) return null
      place(next)
    }
    const u = line[head]!
    for (let i = offsets[u]!; i < offsets[u + 1]!; i++) {
      const v = arcs[i]! >>> 2
      if ((arcs[i]! & 3) === ACTED && placed[v] === 0 && --pending[v]! === 0) place(v)
    }
  }
  const rank = new Uint32Array(nodeCount)
  for (let i = 0; i < nodeCount; i++) rank[line[i]!] = i
  return rank
}

function fewestPending(pending: Uint32Array, placed: Uint8Array): number {
  let best = -1
  for (let u = 0; u < pending.length; u++) if (placed[u] === 0 && (best < 0 || pending[u]! < pending[best]!)) best = u
  return best
}
