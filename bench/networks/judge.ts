import type { FusedAdjacency } from '@firebreak/graph'
import { seededRandom } from '@firebreak/kernel'
import { type NetworkRanking, type RankOptions, rankNetwork } from '../../packages/graph/src/cut/rank-network.ts'
import { pushPageRank } from '../../packages/graph/src/rank/page-rank.ts'
import { bestPrefixF1, type Claim, prefixScore, rPrecision } from './protocol.ts'

/** One query's answer, judged. */
export interface Judged {
  readonly rPrecision: number
  /** Plain personalised PageRank on the same query. */
  readonly plain: number
  readonly f1: number
  readonly precision: number
  readonly recall: number
  readonly top25: number
  readonly best: number
  readonly size: number
  readonly isNetwork: boolean
  readonly networkProbability: number
  readonly ringness: number
  readonly wrongNamed: boolean | null
  readonly rightNamed: number
  readonly rightSeeds: number
  readonly claims: readonly Claim[]
  readonly milliseconds: number
}

export interface Asked {
  readonly seeds: readonly number[]
  readonly truth: ReadonlySet<number>
  readonly wrong?: number
}

/** Asks one query and judges the answer. Calibration claims are the candidates with p > .1. */
export function judge(graph: FusedAdjacency, asked: Asked, options: RankOptions = {}, withPlain = true): Judged {
  const start = performance.now()
  const answer = rankNetwork(graph, asked.seeds, { random: seededRandom('judge'), ...options })
  const milliseconds = performance.now() - start
  const ranked = answer.ranked.map((r) => r.node)
  const cut = prefixScore(ranked, asked.truth, answer.cut.size)
  return {
    rPrecision: rPrecision(ranked, asked.truth),
    plain: withPlain ? rPrecision(plainOrder(graph, asked.seeds), asked.truth) : 0,
    ...cut,
    top25: prefixScore(ranked, asked.truth, 25).f1,
    best: bestPrefixF1(ranked, asked.truth),
    size: answer.cut.size,
    isNetwork: answer.isNetwork,
    networkProbability: answer.networkProbability,
    ringness: answer.ringness,
    ...seedVerdicts(answer, asked.wrong ?? -1),
    claims: answer.ranked.flatMap((r) =>
      r.probability > 0.1 ? [{ p: r.probability, right: asked.truth.has(r.node) }] : [],
    ),
    milliseconds,
  }
}

function seedVerdicts(answer: NetworkRanking, wrong: number): Pick<Judged, 'wrongNamed' | 'rightNamed' | 'rightSeeds'> {
  let rightNamed = 0
  answer.seeds.forEach((s, i) => {
    if (i !== wrong && !s.fits) rightNamed++
  })
  const verdict = answer.seeds[wrong]
  return { wrongNamed: verdict ? !verdict.fits : null, rightNamed, rightSeeds: answer.seeds.length - (verdict ? 1 : 0) }
}

/** The reference that every ranking is compared with: summed PageRank of the seeds, epsilon 1e-6. */
export function plainOrder(graph: FusedAdjacency, seeds: readonly number[]): number[] {
  const sum = new Map<number, number>()
  for (const s of seeds) {
    const { nodes, scores } = pushPageRank(graph, s, 0.1, 1e-6)
    for (let i = 0; i < nodes.length; i++) {
      const u = nodes[i] as number
      sum.set(u, (sum.get(u) ?? 0) + (scores[i] as number))
    }
  }
  for (const s of seeds) sum.delete(s)
  return [...sum].sort((a, b) => b[1] - a[1] || a[0] - b[0]).map(([u]) => u)
}
