import { type Random, randomInt } from '@firebreak/kernel'
import type { Candidate, ProbeGuard, ProbeRecommender } from './ports.ts'

/** What one refresh of one probe showed. */
export interface Refresh {
  /** Slots that the recommender could fill; the guard may leave some of them empty. */
  readonly slots: number
  readonly shown: readonly Candidate[]
  /** Candidates the guard judged, up to the last one shown. */
  readonly judged: readonly { readonly candidate: Candidate; readonly kept: boolean }[]
}

/** How probes look and choose. */
export interface ProbeSetting {
  readonly recommender: ProbeRecommender
  readonly guard: ProbeGuard | null
  readonly refreshes: number
  readonly top: number
  /** How many of the shown items the probe chooses after each refresh. */
  readonly chosenEach: number
}

/** The recommender is asked for more than is shown, so that what the guard withholds can be replaced. */
const RESERVE = 3

/**
 * One audit account: makes contact once, then looks at the top of the list again and again and chooses a few of the things
 * shown each time, whatever they are; so it goes where the recommender leads.
 */
export async function runProbe(
  setting: ProbeSetting,
  viewer: string,
  contact: string,
  random: Random,
): Promise<Refresh[]> {
  const history = [contact]
  const refreshes: Refresh[] = []
  for (let i = 0; i < setting.refreshes; i++) {
    const refresh = await look(setting, viewer, history)
    refreshes.push(refresh)
    history.push(...choose(refresh.shown, setting.chosenEach, random))
  }
  return refreshes
}

/** One look at the list, without choosing anything. */
export async function look(setting: ProbeSetting, viewer: string, history: readonly string[]): Promise<Refresh> {
  const { recommender, guard, top } = setting
  const limit = guard ? RESERVE * top : top
  const candidates = (await recommender.recommend({ viewer, history: [...history], limit })).slice(0, limit)
  const slots = Math.min(top, candidates.length)
  if (guard === null) return { slots, shown: candidates.slice(0, top), judged: [] }
  const kept = await guard({ surface: recommender.surface, viewer, history: [...history], candidates })
  if (kept.length !== candidates.length)
    throw new RangeError(`the guard judged ${kept.length} of ${candidates.length} candidates`)
  const shown: Candidate[] = []
  const judged: { candidate: Candidate; kept: boolean }[] = []
  for (const [place, candidate] of candidates.entries()) {
    if (shown.length === top) break
    judged.push({ candidate, kept: kept[place]! })
    if (kept[place]) shown.push(candidate)
  }
  return { slots, shown, judged }
}

function choose(shown: readonly Candidate[], count: number, random: Random): string[] {
  const left = shown.map((candidate) => candidate.id)
  const chosen: string[] = []
  while (chosen.length < count && left.length > 0) chosen.push(left.splice(randomInt(random, left.length), 1)[0]!)
  return chosen
}
