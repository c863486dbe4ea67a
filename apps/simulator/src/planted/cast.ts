import { DAY, type Random, randomInt } from '@firebreak/kernel'
import { pick } from '../distributions.ts'
import type { People } from '../population/people.ts'
import type { NetworkPlan } from '../scenario.ts'

/** Who plays which part in the planted network, by account number. */
export interface Cast {
  readonly hubs: readonly number[]
  /** The first hubs, which together have the exact number of followers. */
  readonly core: readonly number[]
  /** Hubs in groups that work together; every hub is in one cell. */
  readonly cells: readonly (readonly number[])[]
  readonly cellOf: ReadonlyMap<number, number>
  readonly backupOf: ReadonlyMap<number, number>
  readonly bridges: readonly number[]
  readonly victims: readonly number[]
  /** Removed hubs with the second of their removal; each has a backup and comes back on it. */
  readonly removedAt: ReadonlyMap<number, number>
}

const CELL_SIZES = { from: 7, below: 22 } as const

/**
 * Chooses the members among existing accounts, a cell at a time from a few communities of one language, and makes the
 * accounts younger than usual. Runs before anyone follows anyone, so that creation dates and follows agree.
 */
export function castNetwork(people: People, plan: NetworkPlan, taken: Set<number>, random: Random): Cast {
  const places = homeCommunities(people, random)
  const choose = (homes: readonly number[]) => chooseOrdinary(people, homes, taken, random)
  const hubs: number[] = []
  const cells: number[][] = []
  const homesOfCell: number[][] = []
  while (hubs.length < plan.hubs) {
    const size = Math.min(
      plan.hubs - hubs.length,
      CELL_SIZES.from + randomInt(random, CELL_SIZES.below - CELL_SIZES.from),
    )
    const homes = [pick(random, places), pick(random, places), pick(random, places)]
    const cell = Array.from({ length: size }, () => choose(homes))
    hubs.push(...cell)
    cells.push(cell)
    homesOfCell.push(homes)
  }
  const cellOf = new Map(cells.flatMap((cell, number) => cell.map((hub) => [hub, number] as const)))
  const core = strided(hubs, plan.coreHubs)
  const backupOf = new Map<number, number>()
  for (const hub of strided(hubs, plan.backups)) backupOf.set(hub, choose(homesOfCell[cellOf.get(hub)!]!))
  const bridges = Array.from({ length: plan.bridges }, () => choose(pick(random, homesOfCell)))
  const victims = Array.from({ length: plan.victims }, () => choose(pick(random, homesOfCell)))
  makeYoung(people, hubs, 500, random)
  makeYoung(people, [...backupOf.values()], 160, random)
  makeYoung(people, victims, 250, random)
  const removedAt = new Map<number, number>()
  for (const hub of strided([...backupOf.keys()], plan.removed))
    removedAt.set(hub, Math.floor((55 + random() * 32) * (DAY / 1000)))
  return { hubs, core, cells, cellOf, backupOf, bridges, victims, removedAt }
}

/** Communities of the two most spoken languages; a network spreads over a good part of them. */
function homeCommunities(people: People, random: Random): number[] {
  const all = Array.from(people.communityLanguage.keys()).filter((c) => people.communityLanguage[c]! < 2)
  return all.filter(() => random() < 0.25)
}

/** Someone not yet taken from the little-known half of one of the communities. */
function chooseOrdinary(people: People, homes: readonly number[], taken: Set<number>, random: Random): number {
  for (;;) {
    const home = pick(random, homes)
    const from = people.start[home]!
    const size = people.start[home + 1]! - from
    const account = people.order[from + Math.floor(size * (0.5 + 0.5 * random()))]!
    if (taken.has(account) && random() < 0.97) continue
    if (taken.has(account)) return chooseOrdinary(people, [randomInt(random, people.start.length - 1)], taken, random)
    taken.add(account)
    return account
  }
}

/** Every n-th of a list, `count` in all, so that the choice runs evenly over cells. */
function strided(list: readonly number[], count: number): number[] {
  return Array.from({ length: count }, (_, i) => list[Math.floor((i * list.length) / count)]!)
}

function makeYoung(people: People, accounts: readonly number[], withinDays: number, random: Random): void {
  for (const account of accounts) {
    if (random() < 0.15) continue
    const age = (random() * withinDays - 10) * DAY
    people.createdAtMs[account] = Math.max(people.createdAtMs[account]!, Math.floor(people.startMs - age))
  }
  const latest = people.startMs + 40 * DAY
  for (const account of accounts) people.createdAtMs[account] = Math.min(people.createdAtMs[account]!, latest)
}
