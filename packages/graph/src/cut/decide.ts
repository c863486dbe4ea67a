import type { RankedNode } from './rank-network.ts'

/** What the models said about one query, in local numbers. */
export interface Opinion {
  readonly score: Float64Array
  /** P(member) if this is a community of people, and if it is a coordinated ring. */
  readonly community: Float64Array
  readonly coordinated: Float64Array
  readonly isSeed: ReadonlySet<number>
  readonly networkProbability: number
  readonly ringness: number
  readonly seedCount: number
}

export interface Decision {
  readonly isNetwork: boolean
  readonly networkProbability: number
  readonly reason: string
  readonly ranked: readonly RankedNode[]
  readonly cut: { readonly threshold: number; readonly size: number; readonly borderline: readonly number[] }
}

/** Below this the answer is "these seeds are not a network". */
export const NETWORK = 0.3
/** A claim about five hundred accounts needs surer seeds than one about fifty: the bar rises between these sizes. */
const LARGE = { from: 100, to: 500, bar: 0.7 } as const
/** Communities of people are about this large; rings are as large as the evidence says. */
const USUAL_SIZE = 25
const BORDERLINE = 5

/** Turns opinions into the order, the cut and the answer in words. Cost: O(candidates log candidates). */
export function decide(opinion: Opinion): Decision {
  const order = finalOrder(opinion)
  const wanted = opinion.networkProbability >= NETWORK ? cutSize(order, opinion) : 0
  const isNetwork = opinion.networkProbability >= barFor(wanted)
  const size = isNetwork ? wanted : 0
  const ranked = order.map(({ node, score }, i) => ({
    node,
    score,
    probability: mixed(opinion, node),
    member: i < size,
  }))
  const borderline =
    size === 0 ? [] : ranked.slice(Math.max(0, size - BORDERLINE), size + BORDERLINE).map((r) => r.node)
  const threshold = ranked.slice(0, size).reduce((low, r) => Math.min(low, r.probability), 1)
  return {
    isNetwork: isNetwork && size > 0,
    networkProbability: opinion.networkProbability,
    reason: reasonOf(opinion, isNetwork, size),
    ranked,
    cut: { threshold, size, borderline },
  }
}

/** The network probability that a cut of this size needs. */
export function barFor(size: number): number {
  const share = Math.log(Math.max(1, size) / LARGE.from) / Math.log(LARGE.to / LARGE.from)
  return NETWORK + (LARGE.bar - NETWORK) * Math.min(1, Math.max(0, share))
}

function mixed({ community, coordinated, ringness }: Opinion, node: number): number {
  return (1 - ringness) * (community[node] as number) + ringness * (coordinated[node] as number)
}

/** In a community the fused nearness is the better order, in a ring the model's probability; in between a blend. */
function finalOrder(opinion: Opinion): { node: number; score: number }[] {
  const { score, coordinated, isSeed, ringness } = opinion
  const order: { node: number; score: number }[] = []
  for (let u = 0; u < score.length; u++) {
    if (isSeed.has(u)) continue
    order.push({ node: u, score: (1 - ringness) * (score[u] as number) + ringness * logit(coordinated[u] as number) })
  }
  return order.sort((a, b) => b.score - a.score || a.node - b.node)
}

/** log odds, bounded so that certainty stays finite. */
export function logit(p: number): number {
  const x = Math.min(1 - 1e-6, Math.max(1e-6, p))
  return Math.log(x / (1 - x))
}

/**
 * The prefix with the greatest expected F1. Community or ring is one question about the whole answer, so the expectation
 * is taken for each and mixed, not taken over mixed probabilities. Then drawn towards the usual size of a community.
 */
function cutSize(order: readonly { node: number }[], { community, coordinated, ringness }: Opinion): number {
  const people = expectedF1(order, community)
  const ring = expectedF1(order, coordinated)
  let size = 0
  let best = 0
  for (let i = 0; i < order.length; i++) {
    const expected = (1 - ringness) * (people[i] as number) + ringness * (ring[i] as number)
    if (expected > best) {
      best = expected
      size = i + 1
    }
  }
  const pull = (1 - ringness) ** 2 / 2
  const drawn = Math.exp(pull * Math.log(USUAL_SIZE) + (1 - pull) * Math.log(Math.max(1, size)))
  return Math.min(order.length, Math.round(drawn))
}

/** 2 × expected hits / (size + expected truth) of every prefix. */
function expectedF1(order: readonly { node: number }[], probability: Float64Array): Float64Array {
  const total = order.reduce((sum, { node }) => sum + (probability[node] as number), 0)
  let hits = 0
  return Float64Array.from(order, ({ node }, i) => {
    hits += probability[node] as number
    return (2 * hits) / (i + 1 + total)
  })
}

function reasonOf({ networkProbability, seedCount }: Opinion, isNetwork: boolean, size: number): string {
  const percent = `${Math.round(networkProbability * 100)} %`
  if (!isNetwork) {
    return `These ${seedCount} seeds are hardly closer to each other than random accounts with as many contacts (probability of a network ${percent}).`
  }
  if (size === 0) return 'Nobody is connected closely enough with the seeds.'
  if (seedCount === 1) return 'One seed alone cannot be tested against chance; these are the accounts closest to it.'
  return `The seeds are much closer to each other than random accounts with as many contacts (probability of a network ${percent}).`
}
