import { HOUR, type Random, randomInt } from '@firebreak/kernel'
import { logNormal, pick, pickDistinct, poisson } from '../distributions.ts'
import { type EdgeList, FOLLOW, relationCode } from '../edge-list.ts'
import { meetingTime, type People } from '../population/people.ts'
import type { NetworkPlan } from '../scenario.ts'
import type { Cast } from './cast.ts'

const CONTACT = relationCode('contact')
const MOST_HUBS = 40

/**
 * Gives the core hubs exactly the planned number of different followers (whoever follows them already counts), the other
 * hubs smaller and overlapping followings, and moves followers of removed hubs to the backup named in the bio. Returns
 * the accounts that came as audience. Must be the last step that adds followers to hubs.
 */
export function gatherAudience(
  people: People,
  cast: Cast,
  plan: NetworkPlan,
  edges: EdgeList,
  taken: ReadonlySet<number>,
  random: Random,
): Set<number> {
  const core = new Set(cast.core)
  const following = followersOf(edges, core)
  const wanted = plan.coreFollowers - following.size
  if (wanted < 0) throw new RangeError(`the core hubs already have ${following.size} followers`)
  const audience = new Set<number>()
  while (audience.size < wanted) {
    const account = randomInt(random, people.count)
    if (taken.has(account) || following.has(account) || audience.has(account)) continue
    audience.add(account)
    followSome(people, cast, plan, account, edges, random)
  }
  const list = [...audience]
  for (const hub of cast.hubs) if (!core.has(hub)) followSmallHub(people, hub, list, edges, random)
  followBridges(people, cast, list, edges, random)
  returnOnBackups(people, cast, edges, random)
  return audience
}

function followersOf(edges: EdgeList, hubs: ReadonlySet<number>): Set<number> {
  const followers = new Set<number>()
  for (let edge = 0; edge < edges.count; edge++)
    if (edges.relation[edge] === FOLLOW && hubs.has(edges.target[edge]!)) followers.add(edges.source[edge]!)
  return followers
}

/** One follower: a first core hub, more of its cell, some of elsewhere, a few small hubs, and a message now and then. */
function followSome(
  people: People,
  cast: Cast,
  plan: NetworkPlan,
  account: number,
  edges: EdgeList,
  random: Random,
): void {
  const first = wellKnown(cast, random)
  const cell = cast.cells[cast.cellOf.get(first)!]!
  const chosen = new Set([first])
  const goal = Math.min(MOST_HUBS, Math.round(logNormal(random, plan.appetite.median, plan.appetite.sigma)))
  for (let tries = 0; chosen.size < goal && tries < 4 * goal; tries++) {
    if (random() < 0.7) chosen.add(pick(random, cell))
    else chosen.add(wellKnown(cast, random))
  }
  for (const hub of chosen) {
    edges.add(account, hub, FOLLOW, meetingTime(people, account, hub, random))
    if (random() < 0.04) edges.add(account, hub, CONTACT, meetingTime(people, account, hub, random))
    if (random() < 0.03) edges.add(hub, account, FOLLOW, meetingTime(people, account, hub, random))
  }
}

/** A core hub; the first are about three times as well known as the last. */
function wellKnown(cast: Cast, random: Random): number {
  return cast.core[Math.floor(cast.core.length * random() ** 1.6)]!
}

/** Hubs outside the core live on a part of the same audience. */
function followSmallHub(
  people: People,
  hub: number,
  audience: readonly number[],
  edges: EdgeList,
  random: Random,
): void {
  for (const account of pickDistinct(random, audience, 4 + poisson(random, 10)))
    edges.add(account, hub, FOLLOW, meetingTime(people, account, hub, random))
}

function followBridges(people: People, cast: Cast, audience: readonly number[], edges: EdgeList, random: Random): void {
  for (const bridge of cast.bridges)
    for (const account of pickDistinct(random, audience, poisson(random, 9)))
      edges.add(account, bridge, FOLLOW, meetingTime(people, account, bridge, random))
}

/** Some followers know the backup in advance; after a removal most of the rest move over within two days. */
function returnOnBackups(people: People, cast: Cast, edges: EdgeList, random: Random): void {
  const followers = new Map<number, number[]>([...cast.backupOf.keys()].map((hub) => [hub, []]))
  for (let edge = 0; edge < edges.count; edge++)
    if (edges.relation[edge] === FOLLOW) followers.get(edges.target[edge]!)?.push(edges.source[edge]!)
  for (const [hub, backup] of cast.backupOf) {
    const removedAt = cast.removedAt.get(hub)
    for (const account of followers.get(hub)!) {
      if (account === backup) continue
      if (random() < 0.14) edges.add(account, backup, FOLLOW, meetingTime(people, account, backup, random))
      else if (removedAt !== undefined && random() < 0.55)
        edges.add(account, backup, FOLLOW, removedAt + Math.floor(random() * random() * 48 * (HOUR / 1000)))
    }
  }
}
