import { randomInt, seededRandom } from '@firebreak/kernel'
import type { FusedAdjacency } from '../fused/adjacency.ts'
import { findCandidates } from '../rank/candidates.ts'
import { localGraph } from '../rank/local-graph.ts'
import { viewScores } from '../rank/order.ts'
import { degreeOf } from '../rank/scratch.ts'
import { QUERY_FACTS, readQuery, SHAPE_FACTS } from './query-facts.ts'

/** How many ordinary accounts are looked at, and how near. */
const ACCOUNTS = 16
const PER_VIEW = 200

const known = new WeakMap<FusedAdjacency, readonly number[]>()

/**
 * What neighbourhoods usually look like on this graph: the mean SHAPE_FACTS around sixteen random accounts. Dense and
 * closed is ordinary on one platform and striking on another. Once per graph: about sixteen small queries.
 */
export function ordinaryShape(graph: FusedAdjacency): readonly number[] {
  let shape = known.get(graph)
  if (shape === undefined) {
    shape = measure(graph)
    known.set(graph, shape)
  }
  return shape
}

function measure(graph: FusedAdjacency): number[] {
  const random = seededRandom('ordinary')
  const at = SHAPE_FACTS.map((fact) => QUERY_FACTS.indexOf(fact))
  const sum = SHAPE_FACTS.map(() => 0)
  let seen = 0
  for (let tries = 0; seen < ACCOUNTS && tries < 50 * ACCOUNTS; tries++) {
    const account = randomInt(random, graph.nodeCount)
    if (degreeOf(graph, account) < 2) continue
    const candidates = findCandidates(graph, [account], PER_VIEW)
    const local = localGraph(graph, candidates.nodes)
    const { facts } = readQuery(graph, local, viewScores(candidates, local), [0], [])
    at.forEach((from, i) => {
      sum[i]! += facts[from] as number
    })
    seen++
  }
  return sum.map((x) => x / Math.max(1, seen))
}
