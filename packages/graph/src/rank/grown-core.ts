import { actedBits, type FusedAdjacency, SUPPORT } from '../fused/adjacency.ts'
import { greatest } from './greatest.ts'
import { degreeOf, type Sparse, scratchOf, takeSparse } from './scratch.ts'

/** Core sizes after each round; a network of hundreds with a common audience is reached in steps, not in one look. */
export const GROWTH = [30, 100, 250, 500] as const

/** Accounts that follow more than this many, or are followed by more, say nothing about whom they belong to. */
export const LONG_ROW = 3_000
/** Arcs that growing may read; beyond it the remaining rounds repeat the last one. */
export const BUDGET = 2_000_000

/** Nearness to a growing core: `rounds[0]` to the seeds alone, `rounds[i]` to the seeds and the GROWTH[i − 1] best so far. */
export interface GrownCore {
  readonly rounds: readonly Sparse[]
}

/**
 * Directed co-follow from a growing core: an account counts when those who act on the core also act on it,
 * score(t) = Σ_{u acts on t} (core accounts u acts on / √acts of u) / √(actors on t + 5). The direction keeps the audience
 * itself out: nobody who watches the core's members watches the audience. Arcs of unknown direction count both ways.
 * From a core of a hundred on, acting on one of them is chance and counts no more.
 * Cost: the core's contacts and their contacts, at most BUDGET arcs in all.
 */
export function growCore(graph: FusedAdjacency, seeds: readonly number[]): GrownCore {
  const rounds: Sparse[] = []
  const isSeed = new Set(seeds)
  let core: readonly number[] = seeds
  let left = BUDGET
  for (let round = 0; round <= GROWTH.length && left > 0; round++) {
    const { view, read } = coFollow(graph, core, round >= 2 ? 1.5 : 0, left)
    left -= read
    if (left <= 0 && round > 0) break
    rounds.push(view)
    core = [...seeds, ...best(view, isSeed, GROWTH[round] ?? 0)]
  }
  while (rounds.length <= GROWTH.length) rounds.push(rounds[rounds.length - 1] as Sparse)
  return { rounds }
}

/** How many accounts each account acts on, and how many act on it. */
interface Acts {
  readonly on: Uint32Array
  readonly by: Uint32Array
}

const acts = new WeakMap<FusedAdjacency, Acts>()

/** Once per graph, O(edges). */
export function actsOf(graph: FusedAdjacency): Acts {
  let known = acts.get(graph)
  if (known === undefined) {
    const on = new Uint32Array(graph.nodeCount)
    const by = new Uint32Array(graph.nodeCount)
    for (let u = 0; u < graph.nodeCount; u++) {
      for (let a = graph.offsets[u] as number, end = graph.offsets[u + 1] as number; a < end; a++) {
        const bits = actedBits(graph, u, graph.arcs[a] as number)
        on[u]! += bits & 1
        by[u]! += bits >> 1
      }
    }
    known = { on, by }
    acts.set(graph, known)
  }
  return known
}

/** Acts between accounts count whole, however crowded their target: the crowd is what is looked for here. */
export function strength(graph: FusedAdjacency, arc: number): number {
  const { weights, kinds } = graph
  if (weights === null || kinds === null || ((kinds[arc] as number) & SUPPORT.account) !== 0) return 1
  return Math.min(1, weights[arc] as number)
}

function coFollow(
  graph: FusedAdjacency,
  core: readonly number[],
  least: number,
  budget: number,
): { view: Sparse; read: number } {
  const { offsets, arcs } = graph
  const { mass, residual } = scratchOf(graph)
  const { on, by } = actsOf(graph)
  let read = 0
  const watchers: number[] = []
  for (const c of core) {
    if ((by[c] as number) > LONG_ROW) continue
    for (let a = offsets[c] as number, end = offsets[c + 1] as number; a < end; a++) {
      const arc = arcs[a] as number
      if ((actedBits(graph, c, arc) & 2) === 0) continue
      const u = arc >>> 2
      if (residual[u] === 0) watchers.push(u)
      residual[u]! += strength(graph, a)
      read++
    }
  }
  const touched: number[] = []
  for (const u of watchers) {
    const watched = residual[u] as number
    residual[u] = 0
    const acted = on[u] as number
    if (watched < least || acted > LONG_ROW || read > budget) continue
    read += degreeOf(graph, u)
    const share = watched / Math.sqrt(acted)
    for (let a = offsets[u] as number, end = offsets[u + 1] as number; a < end; a++) {
      const arc = arcs[a] as number
      if ((actedBits(graph, u, arc) & 1) === 0) continue
      const t = arc >>> 2
      if (mass[t] === 0) touched.push(t)
      mass[t]! += share * strength(graph, a)
    }
  }
  const view = takeSparse(mass, touched)
  for (let i = 0; i < view.nodes.length; i++) view.scores[i]! /= Math.sqrt((by[view.nodes[i] as number] as number) + 5)
  return { view, read }
}

/** The `count` best accounts of a view, seeds left out. */
export function best(view: Sparse, isSeed: ReadonlySet<number>, count: number): number[] {
  const nodes = greatest(view.scores, count + isSeed.size).map((i) => view.nodes[i] as number)
  return nodes.filter((u) => !isSeed.has(u)).slice(0, count)
}
