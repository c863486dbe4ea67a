import { pushPageRank } from '../rank/page-rank.ts'
import { pageRankOrder } from '../rank/ppr-order.ts'
import type { RankNetwork } from '../ranking.ts'

/** Best prefix by the score at which the order falls to a third of its top; at most 100 accounts. */
export const rankSimply: RankNetwork = (adjacency, seeds) => {
  const order = pageRankOrder(adjacency, seeds).slice(0, 2_000)
  const top = order.slice(0, 5).reduce((sum, { score }) => sum + score, 0) / Math.max(1, Math.min(5, order.length))
  const walks = seeds.map((seed) => pushPageRank(adjacency, seed, 0.1, 1e-5))
  const reports = seeds.map((node, i) => {
    const reached = walks.filter((walk, j) => j !== i && walk.nodes.includes(node)).length
    const fit = seeds.length === 1 ? 1 : reached / (seeds.length - 1)
    return { node, fit, fits: fit > 0 }
  })
  const isNetwork = order.length > 0 && reports.every(({ fits }) => fits)
  const ranked = order.map(({ node, score }, i) => {
    const probability = Math.min(0.99, score / (2 * top))
    return { node, score, probability, member: isNetwork && i < 100 && probability >= 0.17 }
  })
  const inside = ranked.filter(({ member }) => member)
  return {
    isNetwork,
    networkProbability: isNetwork ? 0.8 : 0.2,
    reason: isNetwork ? 'Every seed leads to the others.' : 'The seeds do not lead to each other.',
    seeds: reports,
    ranked,
    cut: { threshold: inside.at(-1)?.probability ?? 1, size: inside.length, borderline: [] },
  }
}
