import type { FusedAdjacency } from '../fused/adjacency.ts'
import { pushPageRank } from '../rank/page-rank.ts'
import { scratchOf } from '../rank/scratch.ts'
import type { Examination } from './examine.ts'

/** Benign nearness weighs this much against nearness to the seeds. */
const WEIGHT = 1

/**
 * Discounts, in place, whoever is as near to trusted accounts as to the seeds: with shares s and b of the walks from
 * seeds and trusted accounts, the odds of membership are multiplied by s / (s + b). A trusted account itself gets 0.
 * Cost: one push per trusted account.
 */
export function discountBenign(
  graph: FusedAdjacency,
  exam: Examination,
  benign: readonly number[],
  score: Float64Array,
  probabilities: readonly Float64Array[],
): void {
  const { place } = scratchOf(graph)
  const { nodes } = exam.local
  const near = new Float64Array(nodes.length)
  nodes.forEach((u, i) => {
    place[u] = i + 1
  })
  for (const b of benign) {
    const { nodes: reached, scores } = pushPageRank(graph, b, 0.1, 1e-5)
    for (let i = 0; i < reached.length; i++) {
      const at = place[reached[i] as number] as number
      if (at > 0) near[at - 1]! += (scores[i] as number) / benign.length
    }
  }
  const trusted = new Set(benign)
  for (let i = 0; i < nodes.length; i++) {
    place[nodes[i] as number] = 0
    const seedward = exam.scores.pageRank.reduce((sum, row) => sum + (row[i] as number), 0) / exam.candidates.seedCount
    const share = trusted.has(nodes[i] as number) ? 0 : seedward / (seedward + WEIGHT * (near[i] as number) + 1e-12)
    for (const probability of probabilities) {
      const p = probability[i] as number
      probability[i] = share === 0 ? 0 : (p * share) / (p * share + (1 - p))
    }
    score[i]! += Math.log(Math.max(1e-6, share))
  }
}
