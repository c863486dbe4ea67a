import { audienceNearness } from '../rank/audience-nearness.ts'
import { type CoreTies, coreTies } from './core.ts'
import { logit } from './decide.ts'
import type { Examination } from './examine.ts'

/** What the audience model reads about one candidate, most of it in standard deviations from those already known. */
export const AUDIENCE_FACTS = [
  'once',
  'again',
  'audience',
  'own',
  'mutual',
  'answered',
  'items',
  'identifiers',
  'share',
  'degree',
] as const

/** What is told about the whole query: to the audience model in every row, and alone to the model that says whether there is an audience. */
export const AUDIENCE_SHAPE = [
  'known',
  'knownShare',
  'grew',
  'ringness',
  'watched',
  'restNear',
  'restHalfNear',
  'spread',
  'crowd',
  'crowdNear',
] as const

/** What earlier looks thought of the candidates (local numbers; seeds first). */
export interface EarlierLooks {
  readonly once: Float64Array
  readonly again: Float64Array
  readonly ringness: number
}

export interface AudienceRead {
  /** AUDIENCE_COLUMNS numbers for every candidate that is no seed. */
  readonly rows: Float32Array
  /** One row of AUDIENCE_SHAPE. */
  readonly shape: Float32Array
}

export const AUDIENCE_COLUMNS = [...AUDIENCE_FACTS, ...AUDIENCE_SHAPE] as const

/** Fewer known accounts than this say nothing about an audience. */
const LEAST_KNOWN = 8
/** Share of the known that a common audience must watch. */
const WATCHED = 0.5
const LEAST_SPREAD = 0.25
const FARTHEST = -3
const NEAREST = 2

/**
 * How everybody stands to the audience of the `known` (local numbers) and to the known themselves; null when most of the known have
 * no audience in common. Cost: the audience's rows + local arcs.
 */
export function audienceFacts(exam: Examination, known: readonly number[], looks: EarlierLooks): AudienceRead | null {
  if (known.length < LEAST_KNOWN) return null
  const { local, candidates, graph } = exam
  const { near, crowd, crowdNear } = audienceNearness(graph, local.nodes, known)
  const logs = known.filter((u) => (near[u] as number) > 0).map((u) => Math.log(near[u] as number))
  if (logs.length < WATCHED * known.length) return null
  const { mean, spread } = spreadOf(logs)
  const standing = near.map((x) => (x > 0 ? bounded((Math.log(x) - mean) / spread, NEAREST) : FARTHEST))
  const isKnown = new Float64Array(local.size)
  for (const u of known) isKnown[u] = 1
  const rest = standing.filter((_, u) => isKnown[u] === 0)
  const shareAbove = (bar: number) => rest.filter((z) => z > bar).length / Math.max(1, rest.length)
  const sum = (p: Float64Array) => p.reduce((a, b) => a + b, 0)
  const shape = Float32Array.of(
    Math.log(known.length),
    Math.log(known.length / local.size),
    Math.log((1 + sum(looks.again)) / (1 + sum(looks.once))),
    logit(looks.ringness),
    logs.length / known.length,
    shareAbove(-1),
    shareAbove(-2),
    spread,
    Math.log((1 + crowd) / known.length),
    crowdNear,
  )
  const ties = tieColumns(exam, coreTies(local, isKnown), known)
  const width = AUDIENCE_COLUMNS.length
  const from = candidates.seedCount
  const rows = new Float32Array((local.size - from) * width)
  for (let u = from; u < local.size; u++) {
    const start = (u - from) * width
    rows[start] = logit(looks.once[u] as number)
    rows[start + 1] = logit(looks.again[u] as number)
    rows[start + 2] = standing[u] as number
    ties.forEach((column, i) => {
      rows[start + 3 + i] = column[u] as number
    })
    rows.set(shape, start + 3 + ties.length)
  }
  return { rows, shape }
}

/** Ties to the known and degree, each against what is usual among the known themselves. */
function tieColumns({ local }: Examination, ties: CoreTies, known: readonly number[]): Float64Array[] {
  const against = (values: Float64Array): Float64Array => {
    const { mean, spread } = spreadOf(known.map((u) => values[u] as number))
    return values.map((x) => bounded((x - mean) / spread, -FARTHEST))
  }
  const own = ties.own.map((x, u) => Math.log1p(x - (ties.mutual[u] as number)))
  const answered = ties.ties.map((x, u) => Math.log1p(Math.max(0, x - (ties.own[u] as number))))
  const share = ties.own.map((x, u) => Math.log(0.01 + x / Math.max(1, local.volume[u] as number)))
  return [
    own,
    ties.mutual.map(Math.log1p),
    answered,
    ties.byItem.map(Math.log1p),
    ties.byIdentifier.map(Math.log1p),
    share,
    local.degree.map(Math.log1p),
  ].map(against)
}

function bounded(x: number, most: number): number {
  return Math.min(most, Math.max(FARTHEST, x))
}

function spreadOf(values: readonly number[]): { mean: number; spread: number } {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / values.length
  return { mean, spread: Math.max(LEAST_SPREAD, Math.sqrt(variance)) }
}
