import { type Random, randomInt } from '@firebreak/kernel'
import { type EdgeList, relationCode } from '../edge-list.ts'
import type { Items } from '../items.ts'
import { meetingTime, type People, someoneOf } from './people.ts'

const IDENTIFIER = relationCode('identifier')
const GROUP = relationCode('group')
const BACKUP = relationCode('backup')
const BLOCK = relationCode('block')

/** One carrier address stands for about this many accounts. */
const BEHIND_ONE_CARRIER = 1_500

/** Noise that any platform has: shared households and carriers, interest groups, second accounts, blocks. */
export function addSurroundings(people: People, items: Items, edges: EdgeList, random: Random): void {
  shareIdentifiers(people, items, edges, random)
  const addOther = (account: number, other: number, relation: number, at: number) => {
    if (account !== other) edges.add(account, other, relation, at)
  }
  for (let account = 0; account < people.count; account++) {
    const at = meetingTime(people, account, account, random)
    const second = people.second[account]!
    if (random() < 0.3)
      edges.add(account, items.node('group', `${people.community[account]}-${randomInt(random, 2)}`), GROUP, at)
    if (second >= 0 && random() < 0.2) edges.add(account, items.node('group', `${second}-0`), GROUP, at)
    if (random() < 0.012) addOther(account, someoneOf(people, people.community[account]!, random), BACKUP, at)
    if (random() < 0.02) addOther(account, randomInt(random, people.count), BLOCK, at)
  }
}

function shareIdentifiers(people: People, items: Items, edges: EdgeList, random: Random): void {
  const carriers = Math.max(2, Math.round(people.count / BEHIND_ONE_CARRIER))
  let household = 0
  for (let place = 0; place < people.count; ) {
    const size = random() < 0.14 ? 2 + randomInt(random, 4) : 1
    const home = size > 1 ? items.node('identifier', `h${household++}`) : -1
    for (let end = Math.min(people.count, place + size); place < end; place++) {
      const account = people.order[place]!
      const at = meetingTime(people, account, account, random)
      if (home >= 0) edges.add(account, home, IDENTIFIER, at)
      else if (random() < 0.15) edges.add(account, items.node('identifier', `d${account}`), IDENTIFIER, at)
      if (random() < 0.12)
        edges.add(account, items.node('identifier', `c${randomInt(random, carriers)}`), IDENTIFIER, at)
    }
  }
}

/** Gives two or more accounts of one actor a common identifier. */
export function shareOne(
  people: People,
  accounts: readonly number[],
  name: string,
  items: Items,
  edges: EdgeList,
  random: Random,
): void {
  const node = items.node('identifier', name)
  for (const account of accounts) edges.add(account, node, IDENTIFIER, meetingTime(people, account, account, random))
}

/** Lets accounts join one group. */
export function joinGroup(
  people: People,
  accounts: readonly number[],
  name: string,
  items: Items,
  edges: EdgeList,
  random: Random,
): void {
  const node = items.node('group', name)
  for (const account of accounts)
    if (random() < 0.9) edges.add(account, node, GROUP, meetingTime(people, account, account, random))
}
