import { type Random, randomInt, sample } from '@firebreak/kernel'
import { pick, pickDistinct } from '../distributions.ts'
import { type EdgeList, FOLLOW, relationCode } from '../edge-list.ts'
import { meetingTime, type People, someoneOf } from '../population/people.ts'
import type { Cast } from './cast.ts'

const MENTION = relationCode('mention')
const BACKUP = relationCode('backup')
const CONTACT = relationCode('contact')

/** Accounts that a careless tool would take for members. */
export interface Decoys {
  /** A dense circle of hobbyists that shares a hashtag and some followers with the network. */
  readonly club: readonly number[]
  /** One innocent account that many members follow, mention and name as their backup. */
  readonly framed: readonly number[]
  readonly framers: readonly number[]
  /** Press, support and child-safety desks: followed by everyone, and known to the operator. */
  readonly press: readonly number[]
  /** Outsiders who follow many hubs to study them. */
  readonly researchers: readonly number[]
}

/** The club's accounts: one community beside the network's homes, chosen before anyone follows anyone. */
export function castDecoys(
  people: People,
  sizes: { club: number; press: number; framed: number; researchers: number },
  taken: Set<number>,
  random: Random,
): Omit<Decoys, 'framers'> {
  const home = roomyCommunity(people, sizes.club, random)
  const club: number[] = []
  for (let at = people.start[home]!; at < people.start[home + 1]! && club.length < sizes.club; at++) {
    const account = people.order[at]!
    if (taken.has(account)) continue
    taken.add(account)
    club.push(account)
  }
  const someone = () => {
    for (;;) {
      const account = someoneOf(people, randomInt(random, people.start.length - 1), random)
      if (taken.has(account)) continue
      taken.add(account)
      return account
    }
  }
  const several = (count: number) => Array.from({ length: count }, someone)
  return { club, press: several(sizes.press), framed: several(sizes.framed), researchers: several(sizes.researchers) }
}

function roomyCommunity(people: People, size: number, random: Random): number {
  for (;;) {
    const c = randomInt(random, people.start.length - 1)
    if (people.start[c + 1]! - people.start[c]! >= size * 1.3 && people.communityLanguage[c] === 0) return c
    if (size === 0) return c
  }
}

/** Everything the decoys do and suffer. */
export function tieDecoys(people: People, decoys: Decoys, cast: Cast | null, edges: EdgeList, random: Random): void {
  const act = (from: number, to: number, relation: number) => {
    if (from !== to) edges.add(from, to, relation, meetingTime(people, from, to, random))
  }
  for (const member of decoys.club) for (const other of decoys.club) if (random() < 0.22) act(member, other, FOLLOW)
  followPress(people, decoys.press, edges, random)
  if (cast === null) return
  for (const member of sample(random, decoys.club, Math.floor(decoys.club.length / 5)))
    act(member, pick(random, cast.hubs), FOLLOW)
  for (const hub of sample(random, cast.hubs, 8)) act(hub, pick(random, decoys.club), FOLLOW)
  frame(decoys, act, random)
  for (const hub of cast.hubs) for (const desk of decoys.press) if (random() < 0.3) act(hub, desk, FOLLOW)
  for (const researcher of decoys.researchers)
    for (const hub of pickDistinct(random, cast.hubs, 14)) act(researcher, hub, FOLLOW)
  const reporter = decoys.press[0]
  if (reporter !== undefined) for (const hub of pickDistinct(random, cast.hubs, 20)) act(reporter, hub, FOLLOW)
}

function frame(decoys: Decoys, act: (from: number, to: number, relation: number) => void, random: Random): void {
  for (const framer of decoys.framers) {
    for (const innocent of decoys.framed) {
      act(framer, innocent, FOLLOW)
      if (random() < 0.6) act(framer, innocent, MENTION)
      if (random() < 0.5) act(framer, innocent, BACKUP)
      if (random() < 0.2) act(framer, innocent, CONTACT)
    }
  }
}

/** Each desk is followed by one account in twelve of a small platform, one in forty of a large one. */
function followPress(people: People, press: readonly number[], edges: EdgeList, random: Random): void {
  const share = people.count > 100_000 ? 1 / 40 : 1 / 12
  for (const desk of press)
    for (let i = 0; i < people.count * share; i++) {
      const account = randomInt(random, people.count)
      if (account !== desk) edges.add(account, desk, FOLLOW, meetingTime(people, account, desk, random))
    }
}
