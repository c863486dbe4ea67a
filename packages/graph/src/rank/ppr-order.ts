import type { FusedAdjacency } from '../fused/adjacency.ts'
import { pushPageRank } from './page-rank.ts'

/** Accounts near the seeds by summed personalised PageRank, best first, seeds left out. */
export function pageRankOrder(
  graph: FusedAdjacency,
  seeds: readonly number[],
): { readonly node: number; readonly score: number; readonly reachedBy: number }[] {
  const total = new Map<number, { score: number; reachedBy: number }>()
  for (const seed of seeds) {
    const { nodes, scores } = pushPageRank(graph, seed, 0.1, 1e-5)
    for (let i = 0; i < nodes.length; i++) {
      const held = total.get(nodes[i]!) ?? { score: 0, reachedBy: 0 }
      total.set(nodes[i]!, { score: held.score + scores[i]! / seeds.length, reachedBy: held.reachedBy + 1 })
    }
  }
  for (const seed of seeds) total.delete(seed)
  return [...total].map(([node, found]) => ({ node, ...found })).sort((a, b) => b.score - a.score || a.node - b.node)
}
