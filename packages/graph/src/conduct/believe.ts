import type { FusedAdjacency } from '../fused/adjacency.ts'
import type { Graph } from '../graph/graph.ts'
import type { RankedNode } from '../ranking.ts'
import { behaviourOf, looksLikeVictim } from '../roles/behaviour.ts'
import type { Group } from '../roles/group.ts'
import { carriesItself, OwnConduct, UNANSWERED_PER_ACT } from './own-conduct.ts'

/** Outside the cut for its conduct, whatever ranking thought: at most this share of the threshold. */
const OUTSIDE = 0.5

/**
 * What is left of the ranking's probabilities when conduct has spoken, for the accounts outside the cut. On whom the core
 * acts and who never acts towards it is no more likely a member than anybody: zero, so that no label follows from it;
 * the same for likely victims. Little own conduct leaves a share. Cost: the rows of everybody with a probability.
 */
export function believe(
  graph: Graph,
  adjacency: FusedAdjacency,
  core: Group,
  ranked: readonly RankedNode[],
  threshold: number,
): RankedNode[] {
  const conduct = new OwnConduct(adjacency, core, core.has)
  return ranked.map((row) => {
    if (core.has(row.node) || row.probability === 0) return row
    const most = row.member ? Math.min(row.probability, OUTSIDE * threshold) : row.probability
    const own = conduct.of(row.node)
    if (own.onlyReceives > 0 && own.acts === 0) return { ...row, probability: 0 }
    if (looksLikeVictim(behaviourOf(graph, row.node, core.has))) return { ...row, probability: 0 }
    if (carriesItself(own) || own.onlyReceives === 0) return { ...row, probability: most }
    return { ...row, probability: (most * own.acts * UNANSWERED_PER_ACT) / own.onlyReceives }
  })
}
