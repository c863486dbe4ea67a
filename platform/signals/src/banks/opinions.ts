/**
 * What somebody holds an entry to be: of the class that its bank is about, not of it, or only a lead. The words are those of
 * the open hash-sharing tools (ThreatExchange's SignalOpinionCategory), weakest first.
 */
export const OPINION_CATEGORIES = ['NEGATIVE_CLASS', 'INVESTIGATION_SEED', 'POSITIVE_CLASS'] as const
/** One of `OPINION_CATEGORIES`. */
export type OpinionCategory = (typeof OPINION_CATEGORIES)[number]
/** All opinions of an entry in one word. */
export type AggregateOpinion = OpinionCategory | 'DISPUTED'

/** An owner's opinion; a later one of the same owner replaces it. */
export interface Opinion {
  readonly owner: string
  readonly category: OpinionCategory
}

/** The owner name of the operator's own people. */
export const OWN = 'own'

/** The strongest category, or DISPUTED where one says it is not of the class and another says more. Of nothing: a lead. */
export function aggregateOpinion(categories: Iterable<OpinionCategory>): AggregateOpinion {
  let strongest = -1
  let denied = false
  for (const category of categories) {
    if (category === 'NEGATIVE_CLASS') denied = true
    else strongest = Math.max(strongest, OPINION_CATEGORIES.indexOf(category))
  }
  if (denied) return strongest < 0 ? 'NEGATIVE_CLASS' : 'DISPUTED'
  return strongest < 0 ? 'INVESTIGATION_SEED' : OPINION_CATEGORIES[strongest]!
}

/** How many different owners say that the entry is of the class. */
export function positiveOwners(opinions: Iterable<Opinion>): number {
  const owners = new Set<string>()
  for (const { owner, category } of opinions) if (category === 'POSITIVE_CLASS') owners.add(owner)
  return owners.size
}
