import type { RankedNode } from './rank-network.ts'

/** What the models said about one query, in local numbers. */
export interface Opinion {
  readonly score: Float64Array
  readonly probability: Float64Array
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
const NETWORK = 0.5
/** Communities of people are about this large; rings are as large as the evidence says. */
const USUAL_SIZE = 25
const BORDERLINE = 5

/** Turns opinions into the order, the cut and the answer in words. Cost: O(candidates log candidates). */
export function decide(opinion: Opinion): Decision {
  const order = finalOrder(opinion)
  const isNetwork = opinion.networkProbability >= NETWORK
  const size = isNetwork ? cutSize(order, opinion) : 0
  const ranked = order.map(({ node, score }, i) => ({
    node,
    score,
    probability: opinion.probability[node] as number,
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

/** In a community the fused nearness is the better order, in a ring the model's probability; in between a blend. */
function finalOrder({ score, probability, isSeed, ringness }: Opinion): { node: number; score: number }[] {
  const order: { node: number; score: number }[] = []
  for (let u = 0; u < score.length; u++) {
    if (isSeed.has(u)) continue
    order.push({ node: u, score: (1 - ringness) * (score[u] as number) + ringness * logit(probability[u] as number) })
  }
  return order.sort((a, b) => b.score - a.score || a.node - b.node)
}

function logit(p: number): number {
  const x = Math.min(1 - 1e-6, Math.max(1e-6, p))
  return Math.log(x / (1 - x))
}

/** The prefix with the greatest expected F1, drawn towards the usual size as far as this looks like a community. */
function cutSize(order: readonly { node: number }[], { probability, ringness }: Opinion): number {
  const total = order.reduce((sum, { node }) => sum + (probability[node] as number), 0)
  let best = 0
  let size = 0
  let sum = 0
  order.forEach(({ node }, i) => {
    sum += probability[node] as number
    const expected = (2 * sum) / (i + 1 + total)
    if (expected > best) {
      best = expected
      size = i + 1
    }
  })
  const pull = (1 - ringness) / 2
  return Math.min(
    order.length,
    Math.round(Math.exp(pull * Math.log(USUAL_SIZE) + (1 - pull) * Math.log(Math.max(1, size)))),
  )
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
