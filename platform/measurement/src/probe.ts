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
  /** What the platform shows in places that the guard left empty, guarded too: usually its non-personal list. */
  readonly fallback: ProbeRecommender | null
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
  const { recommender, guard, fallback, top } = setting
  const limit = guard ? RESERVE * top : top
  const candidates = (await recommender.recommend({ viewer, history: [...history], limit })).slice(0, limit)
  const slots = Math.min(top, candidates.length)
  if (guard === null) return { slots, shown: candidates.slice(0, top), judged: [] }
  const list = new GuardedList(slots)
  const asked = { surface: recommender.surface, viewer, history: [...history] }
  list.take(candidates, await guard({ ...asked, candidates }))
  if (fallback !== null && list.shown.length < slots) {
    const known = new Set([...history, ...candidates.map(({ id }) => id)])
    const offered = await fallback.recommend({ viewer, history: [...history], limit: limit + known.size })
    const others = offered.filter(({ id }) => !known.has(id)).slice(0, limit)
    list.take(others, await guard({ ...asked, candidates: others }))
  }
  return { slots, shown: list.shown, judged: list.judged }
}

/** Fills the slots with what the guard lets through, in order. */
class GuardedList {
  readonly shown: Candidate[] = []
  readonly judged: { candidate: Candidate; kept: boolean }[] = []
  readonly #slots: number

  constructor(slots: number) {
    this.#slots = slots
  }

  take(candidates: readonly Candidate[], kept: readonly boolean[]): void {
    if (kept.length !== candidates.length)
      throw new RangeError(`the guard judged ${kept.length} of ${candidates.length} candidates`)
    for (const [place, candidate] of candidates.entries()) {
      if (this.shown.length === this.#slots) return
      this.judged.push({ candidate, kept: kept[place]! })
      if (kept[place]) this.shown.push(candidate)
    }
  }
}

function choose(shown: readonly Candidate[], count: number, random: Random): string[] {
  const left = shown.map((candidate) => candidate.id)
  const chosen: string[] = []
  while (chosen.length < count && left.length > 0) chosen.push(left.splice(randomInt(random, left.length), 1)[0]!)
  return chosen
}
