import { actedBits, type FusedAdjacency, SUPPORT } from '../fused/adjacency.ts'
import { degreeOf, scratchOf } from './scratch.ts'

/**
 * The subgraph among a query's candidates, in local numbers 0…size−1 (seeds first). Small enough for questions that would
 * be too dear on the whole graph: triangles, repeated walks, cores.
 */
export interface LocalGraph {
  readonly nodes: Uint32Array
  readonly size: number
  readonly offsets: Uint32Array
  readonly neighbours: Uint32Array
  readonly weights: Float64Array
  /** `SUPPORT` bits of each arc. */
  readonly kinds: Uint8Array
  /** Who acted, seen from the row's account: 1 it did, 2 the other did, 3 both or direction means nothing. */
  readonly acted: Uint8Array
  /** Common neighbours, inside the candidates, of the two ends of each arc. */
  readonly triangles: Uint16Array
  /** Distinct neighbours and weighted degree in the whole graph. */
  readonly degree: Float64Array
  readonly volume: Float64Array
}

/** Rows longer than this are read from their other ends only. */
const LONG_ROW = 4_000

/** Builds the local graph. Cost: the candidates' summed degree (long rows capped) + arcs × size / 32. */
export function localGraph(graph: FusedAdjacency, nodes: Uint32Array): LocalGraph {
  const scratch = scratchOf(graph)
  const place = scratch.place
  for (let i = 0; i < nodes.length; i++) place[nodes[i] as number] = i + 1
  const edges: LocalEdges = { from: [], to: [], weight: [], kind: [], acted: [] }
  for (let i = 0; i < nodes.length; i++) collectRow(graph, place, nodes, i, edges)
  for (let i = 0; i < nodes.length; i++) place[nodes[i] as number] = 0
  const rows = toRows(nodes.length, edges)
  return {
    nodes,
    size: nodes.length,
    ...rows,
    triangles: countTriangles(nodes.length, rows),
    degree: Float64Array.from(nodes, (u) => degreeOf(graph, u)),
    volume: Float64Array.from(nodes, (u) => scratch.volume[u] as number),
  }
}

interface LocalEdges {
  readonly from: number[]
  readonly to: number[]
  readonly weight: number[]
  readonly kind: number[]
  readonly acted: number[]
}

/** Each undirected edge is collected once: at its smaller local number, unless that row is long and the other is not. */
function collectRow(graph: FusedAdjacency, place: Uint32Array, nodes: Uint32Array, i: number, edges: LocalEdges): void {
  const { offsets, arcs, weights, kinds } = graph
  const u = nodes[i] as number
  const start = offsets[u] as number
  const end = offsets[u + 1] as number
  if (end - start > LONG_ROW) return
  for (let a = start; a < end; a++) {
    const arc = arcs[a] as number
    const v = arc >>> 2
    const j = (place[v] as number) - 1
    if (j < 0 || (j < i && degreeOf(graph, v) <= LONG_ROW)) continue
    edges.from.push(i)
    edges.to.push(j)
    edges.weight.push(weights === null ? 1 : (weights[a] as number))
    edges.kind.push(kinds === null ? SUPPORT.account : (kinds[a] as number))
    edges.acted.push(actedBits(graph, u, arc))
  }
}

/** Swaps the two direction bits: the same arc seen from its other end. */
function reversed(acted: number): number {
  return ((acted & 1) << 1) | (acted >> 1)
}

type Rows = Pick<LocalGraph, 'offsets' | 'neighbours' | 'weights' | 'kinds' | 'acted'> & {
  /** Place of the same edge in the other end's row. */
  readonly twin: Uint32Array
}

function toRows(size: number, edges: LocalEdges): Rows {
  const { from, to, weight, kind, acted } = edges
  const offsets = new Uint32Array(size + 1)
  for (let e = 0; e < from.length; e++) {
    offsets[(from[e] as number) + 1]! += 1
    offsets[(to[e] as number) + 1]! += 1
  }
  for (let i = 0; i < size; i++) offsets[i + 1]! += offsets[i] as number
  const cursor = offsets.slice(0, size)
  const count = from.length * 2
  const rows = {
    offsets,
    neighbours: new Uint32Array(count),
    weights: new Float64Array(count),
    kinds: new Uint8Array(count),
    acted: new Uint8Array(count),
    twin: new Uint32Array(count),
  }
  const put = (u: number, v: number, e: number, bits: number): void => {
    const at = cursor[u]!++
    rows.neighbours[at] = v
    rows.weights[at] = weight[e] as number
    rows.kinds[at] = kind[e] as number
    rows.acted[at] = bits
  }
  for (let e = 0; e < from.length; e++) {
    const u = from[e] as number
    const v = to[e] as number
    rows.twin[cursor[u] as number] = cursor[v] as number
    rows.twin[cursor[v] as number] = cursor[u] as number
    put(u, v, e, acted[e] as number)
    put(v, u, e, reversed(acted[e] as number))
  }
  return rows
}

function countTriangles(size: number, { offsets, neighbours, twin }: Rows): Uint16Array {
  const words = (size + 31) >>> 5
  const bits = new Int32Array(size * words)
  for (let u = 0; u < size; u++) {
    for (let a = offsets[u] as number; a < (offsets[u + 1] as number); a++) {
      const v = neighbours[a] as number
      bits[u * words + (v >>> 5)]! |= 1 << (v & 31)
    }
  }
  const triangles = new Uint16Array(neighbours.length)
  for (let u = 0; u < size; u++) {
    for (let a = offsets[u] as number; a < (offsets[u + 1] as number); a++) {
      const v = neighbours[a] as number
      if (v < u) continue
      const common = commonBits(bits, u * words, v * words, words)
      triangles[a] = common
      triangles[twin[a] as number] = common
    }
  }
  return triangles
}

function commonBits(bits: Int32Array, a: number, b: number, words: number): number {
  let count = 0
  for (let w = 0; w < words; w++) {
    let x = (bits[a + w] as number) & (bits[b + w] as number)
    if (x === 0) continue
    x -= (x >>> 1) & 0x55555555
    x = (x & 0x33333333) + ((x >>> 2) & 0x33333333)
    count += Math.imul((x + (x >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
  }
  return count
}
