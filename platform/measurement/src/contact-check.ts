import type { ProbeRecommender } from './ports.ts'

/** Which contacts change what a recommender shows at all. */
export interface ContactCheck {
  readonly asked: number
  /** Contacts after which the list is the same as after none: the recommender does not know them, or lists the same for everybody. */
  readonly unheard: readonly string[]
}

/** Contacts tried per side. */
const TRIED = 10

/**
 * Asks once without any history and once after each of up to ten contacts, spread over those given. A probe whose contacts nobody
 * knows would measure the recommender's list for strangers and call it success. Cost: at most eleven questions.
 */
export async function checkContacts(
  recommender: ProbeRecommender,
  contacts: readonly string[],
  limit: number,
): Promise<ContactCheck> {
  const viewer = 'probe-check'
  const listAfter = async (history: readonly string[]) =>
    (await recommender.recommend({ viewer, history, limit })).map(({ id }) => id)
  const distinct = [...new Set(contacts)]
  const count = Math.min(TRIED, distinct.length)
  const tried = Array.from({ length: count }, (_, i) => distinct[Math.floor((i * distinct.length) / count)]!)
  const without = await listAfter([])
  const unheard: string[] = []
  for (const contact of tried) if (isSame(await listAfter([contact]), without, contact)) unheard.push(contact)
  return { asked: tried.length, unheard }
}

/** What a viewer already chose may be left out of the list, and the next one moves up: that alone says nothing. */
function isSame(after: readonly string[], without: readonly string[], contact: string): boolean {
  const [shown, expected] = [after, without].map((list) => list.filter((id) => id !== contact))
  if (shown!.length === 0) return true
  const { length } = expected!
  return length > 0 && shown!.slice(0, length).every((id, i) => id === expected![i])
}
