import type { Candidates } from './candidates.ts'
import type { LocalGraph } from './local-graph.ts'
import { embeddedWalk } from './local-walk.ts'

/** The views that are fused into one order; `embedded` runs inside the candidates only, `items` is empty on plain graphs. */
export const FUSED_VIEWS = ['pageRank', 'embedded', 'heat', 'coNeighbours', 'items'] as const
export type FusedView = (typeof FUSED_VIEWS)[number]

/** Per-view, per-seed scores over the candidates. */
export type ViewScores = Record<FusedView, readonly Float64Array[]>

/** A score of log nearness: 0 for the 20th best, floored far below. */
export const LOWEST = Math.log(1e-4)

const EMBEDDED_ALPHA = 0.1
const EMBEDDED_ROUNDS = 18

/** Adds the embedded view to the candidates' other views. Cost: seeds × rounds × local arcs. */
export function viewScores(candidates: Candidates, local: LocalGraph): ViewScores {
  const embedded = Array.from({ length: candidates.seedCount }, (_, seed) => {
    const walk = embeddedWalk(local, seed, EMBEDDED_ALPHA, EMBEDDED_ROUNDS)
    for (let i = 0; i < walk.length; i++) walk[i]! /= Math.sqrt(Math.max(1, local.degree[i] as number))
    return walk
  })
  return { ...candidates.scores, embedded }
}

/** log(score / 20th best), floored; `skip` are left out of the ranking that finds the 20th best. Cost: O(size). */
export function logRelative(scores: Float64Array, skip: ReadonlySet<number>): Float64Array {
  const reference = twentieth(scores, skip)
  return scores.map((x) => (x <= 0 ? LOWEST : Math.max(LOWEST, Math.log(x / reference))))
}

/** The 20th greatest positive score (the least one when there are fewer, 1 when there is none). */
function twentieth(scores: Float64Array, skip: ReadonlySet<number>): number {
  const top = new Float64Array(20)
  let filled = 0
  for (let i = 0; i < scores.length; i++) {
    const x = scores[i] as number
    if (x <= 0 || (filled === 20 && x <= (top[19] as number)) || skip.has(i)) continue
    let at = filled < 20 ? filled++ : 19
    for (; at > 0 && (top[at - 1] as number) < x; at--) top[at] = top[at - 1] as number
    top[at] = x
  }
  return filled === 0 ? 1 : (top[filled - 1] as number)
}

/** One view seen from several seeds: nearness to all together, and the mean of the nearness to each. */
export interface JointView {
  readonly together: Float64Array
  readonly each: Float64Array
  /** The farthest seed's view. */
  readonly farthest: Float64Array
}

/** Log nearness to each single seed; the same whichever seeds are active, so worked out once per view. */
const nearness = new WeakMap<readonly Float64Array[], readonly Float64Array[]>()

function nearnessOf(rows: readonly Float64Array[]): readonly Float64Array[] {
  let near = nearness.get(rows)
  if (near === undefined) {
    const seeds = new Set(rows.keys())
    near = rows.map((row) => logRelative(row, seeds))
    nearness.set(rows, near)
  }
  return near
}

export function jointView(rows: readonly Float64Array[], active: readonly number[]): JointView {
  const size = (rows[0] as Float64Array).length
  const sum = new Float64Array(size)
  const each = new Float64Array(size)
  const farthest = new Float64Array(size)
  const near = nearnessOf(rows)
  for (const seed of active) {
    const row = rows[seed] as Float64Array
    const log = near[seed] as Float64Array
    for (let i = 0; i < size; i++) {
      sum[i]! += row[i] as number
      each[i]! += (log[i] as number) / active.length
      if ((log[i] as number) < (farthest[i] as number)) farthest[i] = log[i] as number
    }
  }
  return { together: logRelative(sum, new Set(active)), each, farthest }
}

export type JointViews = Record<FusedView, JointView>

/** The fused order of one set of active seeds. */
export interface FusedOrder {
  readonly views: JointViews
  readonly score: Float64Array
  /** Local numbers, best first, active seeds left out. */
  readonly order: Uint32Array
}

/**
 * Fuses the views: weighted mean of log nearness, to the seeds together and to each of them (being near every seed counts
 * more than being very near one), view weights by how well each view finds every seed from the others.
 */
export function fuseViews(scores: ViewScores, active: readonly number[]): FusedOrder {
  const views = {} as JointViews
  const size = (scores.pageRank[0] as Float64Array).length
  const score = new Float64Array(size)
  const evenness = Math.min(0.5, 1.5 / active.length)
  let total = 0
  for (const view of FUSED_VIEWS) {
    const joint = jointView(scores[view], active)
    views[view] = joint
    const weight = saysNothing(joint, active) ? 0 : agreement(scores[view], active) ** 3
    total += weight
    for (let i = 0; i < size; i++) {
      score[i]! += (weight * ((joint.together[i] as number) + evenness * (joint.each[i] as number))) / (1 + evenness)
    }
  }
  for (let i = 0; i < size; i++) score[i]! /= Math.max(total, 1e-12)
  return { views, score, order: descending(score, new Set(active)) }
}

/** Whether a view reaches nobody but the seeds. */
function saysNothing({ together }: JointView, active: readonly number[]): boolean {
  const skip = new Set(active)
  return together.every((x, i) => x === LOWEST || skip.has(i))
}

/** Mean of 20 / (20 + rank of a seed when the others look for it); 1 for a lone seed. */
function agreement(rows: readonly Float64Array[], active: readonly number[]): number {
  if (active.length < 2) return 1
  const ranks = ranksFromOthers(rows, active)
  return ranks.reduce((sum, rank) => sum + 20 / (20 + rank), 0) / active.length
}

/** For each active seed: how many non-seeds are nearer to the other seeds than it is. Cost: O(seeds × candidates). */
export function ranksFromOthers(rows: readonly Float64Array[], active: readonly number[]): number[] {
  const isSeed = new Set(active)
  const size = (rows[0] as Float64Array).length
  const total = new Float64Array(size)
  for (const seed of active) {
    const row = rows[seed] as Float64Array
    for (let i = 0; i < size; i++) total[i]! += row[i] as number
  }
  return active.map((left) => {
    const row = rows[left] as Float64Array
    const own = (total[left] as number) - (row[left] as number)
    // Below rounding of the sum: the others never reach it.
    if (own <= 1e-14 * (total[left] as number)) return size
    let rank = 0
    for (let i = 0; i < size; i++) if ((total[i] as number) - (row[i] as number) > own && !isSeed.has(i)) rank++
    return rank
  })
}

/** Local numbers by falling score; ties by number, so that the answer never depends on chance. */
export function descending(score: Float64Array, skip: ReadonlySet<number>): Uint32Array {
  const order: number[] = []
  for (let i = 0; i < score.length; i++) if (!skip.has(i)) order.push(i)
  order.sort((a, b) => (score[b] as number) - (score[a] as number) || a - b)
  return Uint32Array.from(order)
}
