import { similarity, spellingCore } from './similarity.ts'
import type { Tally } from './tally.ts'

/** One view of how much a tag looks like a substitute; higher is more. `NaN` where this view says nothing. */
export type Ranker = (tally: Tally, blocked: string) => Float64Array

const PRIOR = 500
/** Keeps a tag that nobody used before from having no say: with a tiny prior its variance would drown any rise. */
const FLOOR = 0.5
/** Uses by others from which on their own rise is believed in full. */
const BELIEVED = 20
const NEAR = 0.6

/** Two groups of uses with their totals. */
interface Contrast {
  readonly these: Float64Array
  readonly those: Float64Array
}

/**
 * Log-odds ratio with an informative Dirichlet prior (Monroe, Colaresi & Quinn 2008, doi:10.1093/pan/mpn018, eqs. 15–22): the
 * difference of a tag's odds in two groups and its variance, shrunk towards the tag's odds in everything together.
 */
export function logOdds(
  { these, those }: Contrast,
  everything: Float64Array,
): { delta: Float64Array; variance: Float64Array } {
  const scale = PRIOR / Math.max(1, sum(everything))
  const [n, m] = [sum(these), sum(those)]
  const delta = new Float64Array(these.length)
  const variance = new Float64Array(these.length)
  for (let tag = 0; tag < these.length; tag++) {
    const prior = FLOOR + everything[tag]! * scale
    const [y, z] = [these[tag]! + prior, those[tag]! + prior]
    delta[tag] = Math.log(y / Math.max(1, n + PRIOR - y)) - Math.log(z / Math.max(1, m + PRIOR - z))
    variance[tag] = 1 / y + 1 / z
  }
  return { delta, variance }
}

/** What the seeds took up after the block, less what everybody else took up in the same time. */
export const migration: Ranker = (tally) => {
  const all = everything(tally)
  const seeds = logOdds({ these: tally.seedAfter, those: tally.seedBefore }, all)
  const rest = logOdds({ these: tally.restAfter, those: tally.restBefore }, all)
  return seeds.delta.map((delta, tag) => {
    const uses = tally.restAfter[tag]! + tally.restBefore[tag]!
    const usual = rest.delta[tag]! * (uses / (uses + BELIEVED))
    return (delta - usual) / Math.sqrt(seeds.variance[tag]!)
  })
}

/** What the seeds say after the block more than others say at any time. */
export const ownWords: Ranker = (tally) => {
  const rest = tally.restAfter.map((count, tag) => count + tally.restBefore[tag]!)
  const { delta, variance } = logOdds({ these: tally.seedAfter, those: rest }, everything(tally))
  return delta.map((one, tag) => one / Math.sqrt(variance[tag]!))
}

/** How many more seeds took it up after the block than left it, against its use by accounts at large. */
export const accountLift: Ranker = (tally) =>
  tally.newUsers.map((users, tag) => {
    const gained = Math.max(0, users - tally.goneUsers[tag]!)
    const share = (gained + 0.5) / (tally.seedAccounts + 1)
    const known = tally.restUsers[tag]! + tally.seedUsers[tag]! - users + 1
    return Math.log(share / (known / (tally.restAccounts + tally.seedAccounts + 1))) * Math.sqrt(gained)
  })

/** How near its spelling is to the blocked term's. */
export const spelling: Ranker = (tally, blocked) => {
  const core = spellingCore(blocked)
  return Float64Array.from(tally.tags, (tag, i) => {
    if (tally.seedAfter[i] === 0) return Number.NaN
    const near = similarity(spellingCore(tag), core)
    return near >= NEAR ? near + Math.min(0.05, tally.newUsers[i]! / 1_000) : Number.NaN
  })
}

/**
 * Nearness in the graph of accounts and tags: a walk from the seeds over tags to accounts and back, each tag damped by how many use
 * it, less what the same walk from everybody gives.
 */
export const proximity: Ranker = (tally) => {
  const users = tally.restUsers.map((count, tag) => count + tally.seedUsers[tag]! + 1)
  const score = new Float64Array(tally.tags.length)
  for (const [account, tags] of tally.accountTags.entries()) {
    let closeness = account < tally.seedAccounts ? 1 : 0
    if (account >= tally.seedAccounts)
      for (const tag of tags) closeness += tally.newUsers[tag]! / users[tag]! / Math.max(4, tags.length)
    for (const tag of tags) score[tag]! += closeness / Math.max(4, tags.length)
  }
  return score.map(
    (value, tag) => (value * (tally.newUsers[tag]! / Math.max(1, tally.seedUsers[tag]!))) / Math.sqrt(users[tag]!),
  )
}

function everything({ seedBefore, seedAfter, restBefore, restAfter }: Tally): Float64Array {
  return seedBefore.map((count, tag) => count + seedAfter[tag]! + restBefore[tag]! + restAfter[tag]!)
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0)
}
