import type { Random } from '@firebreak/kernel'
import { logNormal, shuffled, zipfRank } from '../distributions.ts'
import { type EdgeList, FOLLOW } from '../edge-list.ts'
import { meetingTime, type People, someoneOf } from './people.ts'

const MOST_FOLLOWS = 400
/** One follow in five goes to someone famous; the first dozen are famous alike. */
const FAMOUS = { share: 0.2, plateau: 12 } as const
/** Chance that a follow comes back, by how it came about. */
const RETURNED = { near: 0.36, famous: 0.015 } as const

/**
 * Everyday follows: people of one's communities, followees of followees (this closes triangles) and the famous. Accounts
 * act in random order, so that early ones are copied by later ones.
 */
export function growFollows(people: People, median: number, edges: EdgeList, random: Random): void {
  const from = new Int32Array(people.count).fill(-1)
  const until = new Int32Array(people.count)
  const back: number[] = []
  for (const account of shuffled(random, people.count)) {
    from[account] = edges.count
    const wanted = Math.min(MOST_FOLLOWS, Math.round(logNormal(random, median, 0.95)))
    for (let i = 0; i < wanted; i++) {
      const u = random()
      const target = u < FAMOUS.share ? people.fame[zipfRank(random, people.count, FAMOUS.plateau)]! : -1
      const near = target < 0 ? nearby(people, account, edges, from, until, random) : target
      if (near === account) continue
      edges.add(account, near, FOLLOW, meetingTime(people, account, near, random))
      until[account] = edges.count
      if (random() < (target < 0 ? RETURNED.near : RETURNED.famous)) back.push(near)
    }
    for (const other of back) edges.add(other, account, FOLLOW, meetingTime(people, account, other, random))
    back.length = 0
  }
}

function nearby(
  people: People,
  account: number,
  edges: EdgeList,
  from: Int32Array,
  until: Int32Array,
  random: Random,
): number {
  const own = edges.count - from[account]!
  if (own > 0 && random() < 0.4) {
    const friend = edges.target[from[account]! + Math.floor(random() * own)]!
    const friends = until[friend]! - from[friend]!
    if (from[friend]! >= 0 && friends > 0) return edges.target[from[friend]! + Math.floor(random() * friends)]!
  }
  const second = people.second[account]!
  return someoneOf(people, second >= 0 && random() < 0.3 ? second : people.community[account]!, random)
}
