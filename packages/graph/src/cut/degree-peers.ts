import { type Random, randomInt } from '@firebreak/kernel'
import type { FusedAdjacency } from '../fused/adjacency.ts'
import { degreeOf } from '../rank/scratch.ts'

/** Accounts of a graph in order of degree, for drawing strangers that are as well connected as a given account. */
interface DegreeOrder {
  readonly byDegree: Uint32Array
  readonly placeOfDegree: (degree: number) => number
}

const orders = new WeakMap<FusedAdjacency, DegreeOrder>()

/** Counting sort by degree; once per graph, O(accounts + largest degree). */
function degreeOrder(graph: FusedAdjacency): DegreeOrder {
  const known = orders.get(graph)
  if (known) return known
  let largest = 0
  for (let u = 0; u < graph.nodeCount; u++) largest = Math.max(largest, degreeOf(graph, u))
  const starts = new Uint32Array(largest + 2)
  for (let u = 0; u < graph.nodeCount; u++) starts[degreeOf(graph, u) + 1]! += 1
  for (let d = 0; d <= largest; d++) starts[d + 1]! += starts[d] as number
  const cursor = starts.slice()
  const byDegree = new Uint32Array(graph.nodeCount)
  for (let u = 0; u < graph.nodeCount; u++) byDegree[cursor[degreeOf(graph, u)]!++] = u
  const made = { byDegree, placeOfDegree: (d: number) => starts[Math.min(d, largest)] as number }
  orders.set(graph, made)
  return made
}

/** `count` accounts whose degree is within a fifth of this account's (or the nearest in degree), drawn with repeats. */
export function degreePeers(graph: FusedAdjacency, node: number, count: number, random: Random): Uint32Array {
  const { byDegree, placeOfDegree } = degreeOrder(graph)
  const degree = degreeOf(graph, node)
  let low = placeOfDegree(Math.floor(degree * 0.8))
  let high = placeOfDegree(Math.ceil(degree * 1.2) + 1)
  const short = 50 - (high - low)
  if (short > 0) {
    low = Math.max(0, low - short)
    high = Math.min(byDegree.length, high + short)
  }
  const peers = new Uint32Array(count)
  for (let i = 0; i < count; i++) peers[i] = byDegree[low + randomInt(random, Math.max(1, high - low))] as number
  return peers
}
