import type { Random } from '@firebreak/kernel'
import { pick, poisson, zipfRank } from '../distributions.ts'
import { type EdgeList, relationCode } from '../edge-list.ts'
import type { Items, Posts } from '../items.ts'
import type { People } from './people.ts'

/** What one account puts into its posts besides everyday things; times bound a removed account's last and a returned account's first. */
export interface Habit {
  readonly hashtags: readonly number[]
  readonly links: readonly number[]
  readonly media: readonly number[]
  /** Chance that a post carries one of each. */
  readonly chance: { readonly hashtag: number; readonly link: number; readonly media: number }
  readonly posts: number
  readonly untilSecond?: number
}

const HASHTAG = relationCode('hashtag')
const LINK = relationCode('link')
const MEDIA = relationCode('media')
/** Hashtags, links and reposted media of a community's own. */
const LOCAL = { hashtags: 8, links: 12, media: 10 } as const
/** The famous post more than others. */
const FAMOUS = { oneIn: 200, morePosts: 6 } as const
const WORLDWIDE_TAGS = 400

/** Writes every post with the hashtags, links and reposted media that it carries. */
export function writePosts(
  people: People,
  perAccount: number,
  habits: ReadonlyMap<number, Habit>,
  items: Items,
  posts: Posts,
  edges: EdgeList,
  random: Random,
): void {
  const end = Math.floor((people.endMs - people.startMs) / 1000)
  const busy = new Set(people.fame.subarray(0, people.count / FAMOUS.oneIn))
  for (let account = 0; account < people.count; account++) {
    const habit = habits.get(account)
    const mean = perAccount + (busy.has(account) ? FAMOUS.morePosts : 0)
    const born = Math.max(0, Math.floor((people.createdAtMs[account]! - people.startMs) / 1000))
    const last = habit?.untilSecond ?? end
    const count = habit === undefined ? poisson(random, mean) : 1 + poisson(random, habit.posts)
    for (let i = 0; i < count; i++) {
      const at = Math.floor(born + random() * Math.max(1, last - born))
      const post = posts.add(account, at)
      carryEveryday(people, account, post, at, items, edges, random)
      if (habit !== undefined) carryHabit(account, habit, post, at, edges, random)
    }
  }
}

function carryEveryday(
  people: People,
  account: number,
  post: number,
  at: number,
  items: Items,
  edges: EdgeList,
  random: Random,
): void {
  const community = people.community[account]!
  if (random() < 0.38) edges.add(account, everydayTag(community, items, random), HASHTAG, at, post)
  if (random() < 0.12) edges.add(account, everydayTag(community, items, random), HASHTAG, at, post)
  if (random() < 0.07)
    edges.add(account, items.node('link', `${community}-${zipfRank(random, LOCAL.links)}`), LINK, at, post)
  if (random() < 0.05)
    edges.add(account, items.node('media', `${community}-${zipfRank(random, LOCAL.media)}`), MEDIA, at, post)
}

function everydayTag(community: number, items: Items, random: Random): number {
  const name =
    random() < 0.5 ? `w${zipfRank(random, WORLDWIDE_TAGS)}` : `${community}-${zipfRank(random, LOCAL.hashtags)}`
  return items.node('hashtag', name)
}

function carryHabit(account: number, habit: Habit, post: number, at: number, edges: EdgeList, random: Random): void {
  const { chance } = habit
  if (habit.hashtags.length > 0 && random() < chance.hashtag)
    edges.add(account, pick(random, habit.hashtags), HASHTAG, at, post)
  if (habit.links.length > 0 && random() < chance.link) edges.add(account, pick(random, habit.links), LINK, at, post)
  if (habit.media.length > 0 && random() < chance.media) edges.add(account, pick(random, habit.media), MEDIA, at, post)
}
