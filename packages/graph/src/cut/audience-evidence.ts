import { audienceNearness } from '../rank/grown-core.ts'
import type { Examination } from './examine.ts'

/** Fewer known members than this say nothing about an audience; smaller networks are found without it. */
const LEAST_KNOWN = 100
/** From this probability on an account counts as known. */
const KNOWN = 0.5
/** Share of the known that must have an audience in common. */
const WATCHED = 0.5
/** Fitted on simulated cities and generated markets that no model was trained on: logit' = slope × logit + audience × z + shift. */
const FITTED = { slope: 0.662, audience: 2.206, shift: 6.084 } as const
const LEAST_SPREAD = 0.25
/** Half of the others must stand this far below the known. */
const REST_BELOW = -2.5
const FARTHEST = -3
const NEAREST = 2

/** Whoever one look brings in is known to the next, until hardly anybody new comes in. */
const LOOKS = 8
const STILL_GROWING = 1.01

/**
 * Large networks are held together by whom their audience watches. So once a hundred members are known, the network itself is
 * asked: how near to the audience of the others is each of them, and how near, in their standard deviations, is everybody
 * else? In place, `probability` by local number; true when there was an audience to ask. Cost: at most eight rounds of growing.
 */
export function askAudience(exam: Examination, seeds: readonly number[], probability: Float64Array): boolean {
  const before = probability.map((p) => Math.log(Math.max(1e-9, p) / Math.max(1e-9, 1 - p)))
  let asked = 0
  for (let look = 0; look < LOOKS; look++) {
    const known = knownOf(exam, seeds, probability)
    if (known.length < asked * STILL_GROWING) break
    const standing = standingOf(exam, known)
    if (standing === null) break
    asked = known.length
    standing.forEach((z, u) => {
      const logit = FITTED.slope * (before[u] as number) + FITTED.audience * z + FITTED.shift
      probability[u] = 1 / (1 + Math.exp(-logit))
    })
  }
  return asked > 0
}

function knownOf({ local, candidates }: Examination, seeds: readonly number[], probability: Float64Array): number[] {
  const known = [...seeds]
  for (let u = candidates.seedCount; u < local.size; u++) if ((probability[u] as number) >= KNOWN) known.push(u)
  return known
}

/** How many standard deviations nearer than the known everybody is to their audience; null when they have none in common. */
function standingOf({ graph, local }: Examination, known: readonly number[]): Float64Array | null {
  if (known.length < LEAST_KNOWN) return null
  const nearness = audienceNearness(graph, local.nodes, known)
  const logs = known.filter((u) => (nearness[u] as number) > 0).map((u) => Math.log(nearness[u] as number))
  if (logs.length < WATCHED * known.length) return null
  const mean = logs.reduce((sum, x) => sum + x, 0) / logs.length
  const variance = logs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / logs.length
  const spread = Math.max(LEAST_SPREAD, Math.sqrt(variance))
  const standing = nearness.map((near) =>
    near > 0 ? Math.min(NEAREST, Math.max(FARTHEST, (Math.log(near) - mean) / spread)) : FARTHEST,
  )
  return tellsApart(standing, known) ? standing : null
}

/** Where everybody is as near to the audience as the known are, it is the whole platform and says nothing. */
function tellsApart(standing: Float64Array, known: readonly number[]): boolean {
  const isKnown = new Set(known)
  const rest = standing.filter((_, u) => !isKnown.has(u)).sort()
  return (rest[rest.length >> 1] ?? 0) <= REST_BELOW
}
