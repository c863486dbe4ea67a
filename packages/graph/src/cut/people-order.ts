import { jointView } from '../rank/order.ts'
import { coreTies, topCore } from './core.ts'
import type { Reading } from './query-facts.ts'

/** Median degree of the nearest thirty: below the first a sparse neighbourhood, above the second a dense one. */
const SPARSE = 30
const DENSE = 70
const CORE = 40
/** Weights against the fused score, chosen on the amazon graph and generated graphs. */
const PAGE_RANK = 1
/** A lone seed gives the other views nothing to agree on. */
const PAGE_RANK_ALONE = 3
const TIES = 0.5

/**
 * The order for communities of people. Among few contacts PageRank is the best single view and gets more say; among
 * many, contacts shared with the nearest forty per √degree say more than walks do. A smooth switch by median degree.
 */
export function peopleOrder(reading: Reading): Float64Array {
  const { local, fused, active, scores, coreDegree } = reading
  const dense = Math.min(1, Math.max(0, Math.log(Math.max(1, coreDegree) / SPARSE) / Math.log(DENSE / SPARSE)))
  const say = active.length === 1 ? PAGE_RANK_ALONE : PAGE_RANK
  const walk = jointView(scores.pageRank, active)
  const evenness = Math.min(0.5, 1.5 / active.length)
  const core = coreTies(local, topCore(local.size, active, fused.order, CORE))
  return fused.score.map((score, u) => {
    const near = ((walk.together[u] as number) + evenness * (walk.each[u] as number)) / (1 + evenness)
    const ties = Math.log(1e-3 + (core.ties[u] as number) / Math.sqrt((local.volume[u] as number) + 1))
    return score + (1 - dense) * say * near + dense * TIES * ties
  })
}
