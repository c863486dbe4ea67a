import type { Random } from '@firebreak/kernel'
import { poisson } from '../distributions.ts'
import { adjacency, type EdgeList, FOLLOW, relationCode, rowOf } from '../edge-list.ts'
import type { Posts } from '../items.ts'
import type { People } from './people.ts'

const LIKE = relationCode('like')
const COMMENT = relationCode('comment')
const MENTION = relationCode('mention')

/** Comments and mentions for each like. */
const SHARE = { comment: 0.2, mention: 0.09 } as const

/** Likes, comments and mentions: accounts respond to posts of those they follow, and sometimes of strangers. */
export function respond(people: People, perAccount: number, posts: Posts, edges: EdgeList, random: Random): void {
  const follows = adjacency(edges, FOLLOW, people.count, 'out')
  const from = firstPosts(posts, people.count)
  for (let account = 0; account < people.count; account++) {
    const followed = rowOf(follows, account)
    for (let i = poisson(random, perAccount * (0.4 + Math.min(4, followed.length / 10))); i > 0; i--) {
      const post = postToRead(followed, from, posts, random)
      if (post < 0 || posts.author[post] === account) continue
      const author = posts.author[post]!
      const at = answerTime(people, account, posts.at[post]!, random)
      edges.add(account, author, LIKE, at, post)
      if (random() < SHARE.comment) edges.add(account, author, COMMENT, at, post)
      if (random() < SHARE.mention) edges.add(account, author, MENTION, at, post)
    }
  }
}

function postToRead(followed: Int32Array, from: Int32Array, posts: Posts, random: Random): number {
  if (posts.count === 0) return -1
  if (followed.length === 0 || random() < 0.1) return Math.floor(random() * posts.count)
  const author = followed[Math.floor(random() * followed.length)]!
  const count = from[author + 1]! - from[author]!
  return count === 0 ? -1 : from[author]! + Math.floor(random() * count)
}

/** Posts stand grouped by author: the first post's number for each account. */
export function firstPosts(posts: Posts, accounts: number): Int32Array {
  const from = new Int32Array(accounts + 1)
  for (let post = 0; post < posts.count; post++) from[posts.author[post]! + 1]!++
  for (let account = 0; account < accounts; account++) from[account + 1]! += from[account]!
  return from
}

/** Most answers come within days of the post, none before the account exists or after the last day. */
function answerTime(people: People, account: number, postedAt: number, random: Random): number {
  const end = Math.floor((people.endMs - people.startMs) / 1000)
  const born = Math.max(0, Math.floor((people.createdAtMs[account]! - people.startMs) / 1000))
  const after = Math.max(born, postedAt)
  return Math.min(end, Math.floor(after + -Math.log(1 - random()) * 2 * 86_400))
}
