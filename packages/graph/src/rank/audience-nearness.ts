import { actedBits, type FusedAdjacency } from '../fused/adjacency.ts'
import { actsOf, BUDGET, LONG_ROW, strength } from './grown-core.ts'
import { degreeOf, scratchOf } from './scratch.ts'

/** How near accounts are to the audience of a core. */
export interface AudienceNearness {
  readonly near: Float64Array
  /** Accounts that act on two of the core or more and get no answer from these. */
  readonly crowd: number
  /** Share of the crowd that is itself among the accounts asked about. */
  readonly crowdNear: number
}

/** From this summed strength of its acts on the core on an account belongs to the crowd: one act is chance. */
const TWO = 1.5

/**
 * Co-follow nearness of accounts (graph nodes) to a core given by places among them; each of the core without its own say, so
 * that core and others compare: near(t) = Σ_{u acts on t} (core accounts other than t that u acts on / √acts of u) / √(actors on t + 5).
 * Only who acts on two of the core counts, beside t, and nobody of the core: fifty members who follow an innocent are no audience.
 * Cost: the core's actors and their rows, at most BUDGET arcs.
 */
export function audienceNearness(graph: FusedAdjacency, nodes: Uint32Array, core: readonly number[]): AudienceNearness {
  const { offsets, arcs } = graph
  const { residual, place } = scratchOf(graph)
  const { on, by } = actsOf(graph)
  const near = new Float64Array(nodes.length)
  const inCore = new Uint8Array(nodes.length)
  for (const c of core) inCore[c] = 1
  const watchers = watchersOf(graph, new Set(core.map((c) => nodes[c] as number)))
  for (let i = 0; i < nodes.length; i++) place[nodes[i] as number] = i + 1
  let [read, crowd, among] = [0, 0, 0]
  for (const u of watchers) {
    const watched = residual[u] as number
    residual[u] = 0
    if (watched < TWO || (on[u] as number) > LONG_ROW || read > BUDGET) continue
    read += degreeOf(graph, u)
    crowd++
    if (place[u] !== 0) among++
    for (let a = offsets[u] as number, end = offsets[u + 1] as number; a < end; a++) {
      const arc = arcs[a] as number
      const t = (place[arc >>> 2] as number) - 1
      if (t < 0 || (actedBits(graph, u, arc) & 1) === 0) continue
      const own = strength(graph, a)
      const others = inCore[t] === 1 ? watched - own : watched
      if (others >= TWO) near[t]! += (others / Math.sqrt(on[u] as number)) * own
    }
  }
  for (let i = 0; i < nodes.length; i++) {
    place[nodes[i] as number] = 0
    near[i]! /= Math.sqrt((by[nodes[i] as number] as number) + 5)
  }
  return { near, crowd, crowdNear: crowd > 0 ? among / crowd : 0 }
}

/** Who acts on the core and is none of it; how much, stands in `residual` afterwards. */
function watchersOf(graph: FusedAdjacency, core: ReadonlySet<number>): number[] {
  const { offsets, arcs } = graph
  const { residual } = scratchOf(graph)
  const { by } = actsOf(graph)
  const watchers: number[] = []
  for (const node of core) {
    if ((by[node] as number) > LONG_ROW) continue
    for (let a = offsets[node] as number, end = offsets[node + 1] as number; a < end; a++) {
      const arc = arcs[a] as number
      // An audience gets no answer; where nobody knows who acted there is none.
      if (actedBits(graph, node, arc) !== 2 || core.has(arc >>> 2)) continue
      if (residual[arc >>> 2] === 0) watchers.push(arc >>> 2)
      residual[arc >>> 2]! += strength(graph, a)
    }
  }
  return watchers
}
