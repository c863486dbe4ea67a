import { randomInt, seededRandom } from '@firebreak/kernel'
import type { FusedAdjacency } from '../fused/adjacency.ts'
import { degreeOf } from '../rank/scratch.ts'

/** Triples of random accounts asked once per graph, and how far a network must stand above the third best of them. */
const TRIPLES = 16
const MARGIN = 0.4
/** On fewer accounts everybody is near everybody, and chance is no measure. */
const SMALLEST = 200

const known = new WeakMap<FusedAdjacency, number>()

/**
 * What three unrelated accounts reach on this very graph (the third best of sixteen: one may hit a network by chance), as the logit of the learned network probability, plus
 * a margin; −∞ on tiny graphs. What looks like a network on most platforms may be ordinary on this one: on a graph
 * without structure everything is. Once per graph: sixteen queries.
 */
export function nullLevel(graph: FusedAdjacency, logitOf: (seeds: readonly number[]) => number): number {
  let level = known.get(graph)
  if (level === undefined) {
    level = graph.nodeCount < SMALLEST ? Number.NEGATIVE_INFINITY : measure(graph, logitOf) + MARGIN
    known.set(graph, level)
  }
  return level
}

function measure(graph: FusedAdjacency, logitOf: (seeds: readonly number[]) => number): number {
  const random = seededRandom('strangers')
  const reached: number[] = []
  for (let t = 0; t < TRIPLES; t++) {
    const seeds = new Set<number>()
    for (let tries = 0; seeds.size < 3 && tries < 300; tries++) {
      const account = randomInt(random, graph.nodeCount)
      if (degreeOf(graph, account) > 0) seeds.add(account)
    }
    if (seeds.size === 3) reached.push(logitOf([...seeds]))
  }
  reached.sort((a, b) => b - a)
  return reached[2] ?? Number.NEGATIVE_INFINITY
}
