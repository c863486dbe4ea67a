import { rowOf } from '../edge-list.ts'
import { type Catalogue, degree, spread, Tally } from './catalogue.ts'

/** Ranks accounts for someone who chose `history` (account numbers, latest last). Deterministic. */
export type Ranker = (history: readonly number[], count: number) => number[]

const RECENT = 40
const CHOOSERS = 500
const NEIGHBOURS = 120
const NOBODY: ReadonlySet<number> = new Set()

/**
 * "Accounts followed by people like you": the nearest accounts by cosine of what they chose, then what those chose,
 * damped by popularity (user-based collaborative filtering, Resnick et al. 1994, doi:10.1145/192844.192905).
 */
export function coFollowRanker(catalogue: Catalogue): Ranker {
  const people = new Tally(catalogue.accounts)
  const proposals = new Tally(catalogue.accounts)
  return (history, count) => {
    const recent = [...new Set(history)].slice(-RECENT)
    for (const chosen of recent)
      for (const chooser of spread(catalogue.choosersOf, chosen, CHOOSERS))
        people.add(chooser, 1 / Math.sqrt((8 + degree(catalogue.chosenBy, chooser)) * rarity(catalogue, chosen)))
    for (const [person, similarity] of people.takeTopScored(NEIGHBOURS, NOBODY))
      for (const account of spread(catalogue.chosenBy, person, CHOOSERS))
        proposals.add(account, similarity / (5 + degree(catalogue.choosersOf, account)) ** 0.35)
    return proposals.takeTop(count, new Set(history))
  }
}

/** To share a taste for the famous says little. */
function rarity(catalogue: Catalogue, chosen: number): number {
  return 2 + degree(catalogue.choosersOf, chosen) ** 0.3
}

const SIMILAR = 60
const SHRINK = 12
const REMEMBERED = 20_000

/**
 * Item-based collaborative filtering: what is chosen together with what you chose, by cosine with shrinkage (Sarwar et
 * al. 2001, doi:10.1145/371920.372071). Similar accounts are computed when first asked for and remembered.
 */
export function itemBasedRanker(catalogue: Catalogue): Ranker {
  const together = new Tally(catalogue.accounts)
  const proposals = new Tally(catalogue.accounts)
  const known = new Map<number, [number, number][]>()
  const similarTo = (item: number): [number, number][] => {
    const cached = known.get(item)
    if (cached) return cached
    for (const chooser of spread(catalogue.choosersOf, item, CHOOSERS))
      for (const other of rowOf(catalogue.chosenBy, chooser)) together.add(other, 1)
    const size = degree(catalogue.choosersOf, item)
    const list = together.touched
      .filter((other) => other !== item)
      .map((other): [number, number] => {
        const both = together.scores[other]!
        return [other, both / (Math.sqrt(size * degree(catalogue.choosersOf, other)) + SHRINK)]
      })
      .sort((a, b) => b[1] - a[1] || a[0] - b[0])
      .slice(0, SIMILAR)
    together.takeTop(0, NOBODY)
    if (known.size >= REMEMBERED) known.clear()
    known.set(item, list)
    return list
  }
  return (history, count) => {
    for (const item of [...new Set(history)].slice(-RECENT))
      for (const [other, similarity] of similarTo(item)) proposals.add(other, similarity)
    return proposals.takeTop(count, new Set(history))
  }
}

/** The most followed accounts, whoever asks: the control that no contact can pull anywhere. */
export function popularityRanker(catalogue: Catalogue): Ranker {
  const order = Array.from({ length: catalogue.accounts }, (_, account) => account)
    .sort((a, b) => degree(catalogue.choosersOf, b) - degree(catalogue.choosersOf, a) || a - b)
    .slice(0, 2_000)
  return (history, count) => {
    const excluded = new Set(history)
    return order.filter((account) => !excluded.has(account)).slice(0, count)
  }
}
