import { type Random, seededRandom } from '@firebreak/kernel'
import type { FusedAdjacency } from '../fused/adjacency.ts'
import { askAudience } from './audience-evidence.ts'
import { type Belief, believe, widenedBelief } from './belief.ts'
import { discountBenign } from './benign.ts'
import { beyondChance, lessIfApart, meanTied } from './chance.ts'
import { type Decision, decide, logit, NETWORK } from './decide.ts'
import { type Examination, examine, seedPositions } from './examine.ts'
import { MODELS, type Models } from './models.ts'
import { nullLevel } from './null-level.ts'
import { peopleOrder } from './people-order.ts'
import type { Reading } from './query-facts.ts'
import { networkFacts, type SeedView, seedExceedance, seedFacts, viewSeeds } from './seed-facts.ts'
import { type SoftCore, softCore, softFacts } from './soft-facts.ts'

export interface RankOptions {
  /** Trusted accounts: whoever is as near to them as to the seeds is discounted. */
  readonly benign?: readonly number[]
  /** Chance for the strangers of the null test; a fixed seed by default, so that a query repeats exactly. */
  readonly random?: Random
  readonly models?: Models
}

export interface RankedNode {
  readonly node: number
  readonly score: number
  /** P(member | the seeds are members). */
  readonly probability: number
  readonly member: boolean
}

export interface RankedSeed {
  readonly node: number
  readonly fits: boolean
  /** P(belongs with the others); 1 for a lone seed. */
  readonly fit: number
}

/** What expansion from seeds found. `ranked` holds every candidate, best first, seeds left out. */
export interface NetworkRanking {
  readonly isNetwork: boolean
  readonly networkProbability: number
  readonly reason: string
  readonly seeds: readonly RankedSeed[]
  readonly ranked: readonly RankedNode[]
  readonly cut: { readonly threshold: number; readonly size: number; readonly borderline: readonly number[] }
  /** 0 = looks like a community of ordinary people, 1 = like a coordinated ring. */
  readonly ringness: number
}

/**
 * Expands a few seeds to the network they belong to: ranks everybody near, says with calibrated probability who belongs,
 * whether the seeds have a network at all and which seed does not fit. Deterministic for the same `random`.
 * `seeds` are node numbers of accounts, at least one. Cost: seeds × local pushes, independent of the graph's size, plus
 * once per graph a pass over its degrees.
 */
export function rankNetwork(
  graph: FusedAdjacency,
  seeds: readonly number[],
  options: RankOptions = {},
): NetworkRanking {
  const models = options.models ?? MODELS
  const asked = [...new Set(seeds)]
  // By number, so that the answer does not depend on the order in which seeds were named.
  const distinct = asked.toSorted((a, b) => a - b)
  const seen = examine(graph, distinct, options.random ?? seededRandom('null test'))
  const verdict = judgeSeeds(seen, models)
  const networkProbability = distinct.length > 1 ? aboveStrangers(graph, models, verdict) : verdict.networkProbability
  const { exam, belief } = widenedBelief(seen, verdict.fitting, verdict.belief, models.first)
  const { reading, soft } = belief
  const exceedance = seedExceedance(exam, verdict.fitting)
  const { community, coordinated: once } = readBoth(models, reading, soft, exceedance)
  const { coordinated, ringness } = lookAgain(exam, { ...verdict, belief }, once, models, exceedance)
  const score = peopleOrder(reading)
  if (options.benign && options.benign.length > 0) {
    discountBenign(
      graph,
      exam,
      options.benign.toSorted((a, b) => a - b),
      score,
      [community, coordinated],
    )
  }
  const isSeed = new Set(seedPositions(exam))
  const decision = decide({
    score,
    community,
    coordinated,
    isSeed,
    networkProbability,
    ringness,
    seedCount: isSeed.size,
  })
  const found = report(exam.local.nodes, distinct, { ...verdict, ringness }, decision)
  const bySeed = new Map(found.seeds.map((seed) => [seed.node, seed]))
  return { ...found, seeds: asked.flatMap((node) => bySeed.get(node) ?? []) }
}

/** Lowers the odds of a network by what three strangers reach on this graph beyond an undecided answer. */
function aboveStrangers(graph: FusedAdjacency, models: Models, verdict: SeedVerdict): number {
  const level = nullLevel(graph, (seeds) => {
    return logit(judgeSeeds(examine(graph, seeds, seededRandom('strangers')), models).learned)
  })
  const lowered = logit(verdict.networkProbability) - Math.max(0, level - logit(NETWORK))
  return 1 / (1 + Math.exp(-lowered))
}

/** What is thought of the seeds, and the candidates as seen from those that fit. */
interface SeedVerdict {
  readonly fit: Float64Array
  /** Positions of the seeds that belong together; all of them when fewer than two do. */
  readonly fitting: readonly number[]
  readonly belief: Belief
  readonly networkProbability: number
  /** The network model's word alone, without the test against chance. */
  readonly learned: number
  readonly ringness: number
}

/** Which seeds fit, and have they a network? A network of the fitting seeds is one, whoever else was named with them. */
export function judgeSeeds(exam: Examination, models: Models): SeedVerdict {
  const all = seedPositions(exam)
  const views = all.length > 1 ? viewSeeds(exam, models.first, all) : []
  const fit = views.length > 0 ? models.seed.probabilities(seedFacts(exam, views, all)) : Float64Array.of(1)
  const fitting = fittingSeeds(fit)
  const belief = believe(exam, fitting, models.first)
  const shape = shapeOf(exam, views, belief, fitting)
  const chances = [networkChance(exam, models, shape, fitting, fit)]
  if (fitting.length < all.length) {
    const whole = believe(exam, all, models.first)
    chances.push(networkChance(exam, models, shapeOf(exam, views, whole, all), all, fit))
  }
  return {
    fit,
    fitting,
    belief,
    networkProbability: Math.max(...chances),
    learned: models.network.probabilities(shape)[0] as number,
    ringness: ringnessOf(exam, models, shape),
  }
}

/**
 * Prior odds of coordination against acquaintance, beyond those of training (about even): who names seeds on a platform that stores
 * several relations seldom names just friends; a list of friendships without direction is mostly asked about a community.
 */
const COORDINATED = Math.log(9)
const ACQUAINTED = -Math.log(5)

function ringnessOf({ graph }: Examination, models: Models, shape: Float32Array): number {
  const prior = graph.kinds !== null ? COORDINATED : graph.listing === null ? 0 : ACQUAINTED
  return 1 / (1 + Math.exp(-(logit(models.ring.probabilities(shape)[0] as number) + prior)))
}

function shapeOf(
  exam: Examination,
  views: readonly SeedView[],
  belief: Belief,
  active: readonly number[],
): Float32Array {
  const theirs = active.flatMap((s) => views[s] ?? [])
  return networkFacts(exam, theirs, belief.reading, belief.soft, active)
}

function networkChance(
  exam: Examination,
  models: Models,
  shape: Float32Array,
  active: readonly number[],
  fit: Float64Array,
): number {
  const worst = Math.min(...active.map((s) => fit[s] as number))
  const learned = models.network.probabilities(shape)[0] as number
  let known: number | null = null
  const tied = (): number => {
    known ??= meanTied(exam, active)
    return known
  }
  return lessIfApart(exam, active, learned * beyondChance(exam, active, worst, tied), worst, tied)
}

/** What is thought of every candidate if this is a community, and if it is a ring. */
export function readBoth(models: Models, reading: Reading, soft: SoftCore, exceedance: readonly [number, number]) {
  const { order } = reading.fused
  const facts = softFacts(reading, soft, order, exceedance)
  const spread = (values: Float64Array): Float64Array => {
    const all = new Float64Array(reading.local.size)
    values.forEach((p, i) => {
      all[order[i] as number] = p
    })
    return all
  }
  return {
    community: spread(models.community.probabilities(facts)),
    coordinated: spread(models.coordinated.probabilities(facts)),
  }
}

/**
 * The second look: every candidate is judged again by its ties into all that the first look believes in, not only into
 * the nearest; then the audience of those found is asked. Without an audience all stays as the first look left it.
 */
function lookAgain(
  exam: Examination,
  { belief: { reading, soft }, fitting, ringness }: SeedVerdict,
  once: Float64Array,
  models: Models,
  exceedance: readonly [number, number],
): { coordinated: Float64Array; ringness: number } {
  const core = softCore(reading, once, exam.candidates.grown, soft.percolation)
  const again = readBoth(models, reading, core, exceedance).coordinated
  return askAudience(exam, fitting, { once, again, ringness }, models) ?? { coordinated: once, ringness }
}

/** A seed is dropped only when it clearly does not fit and at least two others do. */
const FIT = 0.4

function fittingSeeds(fit: Float64Array): number[] {
  const all = Array.from(fit, (_, i) => i)
  if (all.length < 3) return all
  const fitting = all.filter((s) => (fit[s] as number) >= FIT)
  return fitting.length >= 2 ? fitting : all
}

function report(
  nodes: Uint32Array,
  seeds: readonly number[],
  { fit, fitting, ringness }: SeedVerdict,
  decision: Decision,
): NetworkRanking {
  const fits = new Set(decision.isNetwork ? fitting : [])
  return {
    isNetwork: decision.isNetwork,
    networkProbability: decision.networkProbability,
    reason: decision.reason,
    seeds: seeds.map((node, i) => ({ node, fit: fit[i] as number, fits: fits.has(i) || seeds.length === 1 })),
    ranked: decision.ranked.map((r) => ({ ...r, node: nodes[r.node] as number })),
    cut: { ...decision.cut, borderline: decision.cut.borderline.map((u) => nodes[u] as number) },
    ringness,
  }
}
