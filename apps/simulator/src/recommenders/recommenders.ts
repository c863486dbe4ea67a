import { firstPosts } from '../population/responses.ts'
import type { World } from '../world.ts'
import { catalogueOf } from './catalogue.ts'
import { coFollowRanker, itemBasedRanker, popularityRanker, type Ranker } from './rank.ts'

/** One of the synthetic platform's own recommenders, unguarded. Synchronous; same question, same answer. */
export interface Recommender {
  readonly name: string
  readonly surface: 'recommend_accounts' | 'recommend_content'
  /**
   * Up to `count` ids for a viewer who chose `history` (latest last; ids that the platform does not know are passed over);
   * nothing out of the history is proposed. The viewer itself may be a new account.
   */
  recommend(viewer: string, count: number, history: readonly string[]): string[]
  /** The account behind a recommended id. */
  ownerOf(id: string): string
}

/** What a platform runs: three that know the viewer, and popularity as the control. */
export interface Recommenders {
  readonly coFollow: Recommender
  readonly itemBased: Recommender
  readonly popularity: Recommender
  /** Posts, through the authors whose posts are liked together. */
  readonly content: Recommender
}

/** The world's recommenders. Indexes are built at the first question to each; `study` takes about a second and 150 MB. */
export function recommenders(world: World): Recommenders {
  const follows = once(() => catalogueOf(world.parts.edges, world.accountCount, 'follow'))
  return {
    coFollow: overAccounts(
      world,
      'co-follow',
      once(() => coFollowRanker(follows())),
    ),
    itemBased: overAccounts(
      world,
      'item-based',
      once(() => itemBasedRanker(follows())),
    ),
    popularity: overAccounts(
      world,
      'popularity',
      once(() => popularityRanker(follows())),
    ),
    content: overContent(world),
  }
}

function overAccounts(world: World, name: string, ranker: () => Ranker): Recommender {
  return {
    name,
    surface: 'recommend_accounts',
    recommend(viewer, count, history) {
      const self = world.accountOf(viewer)
      const chosen = history.map((id) => world.accountOf(id)).filter((account) => account >= 0)
      return ranker()(chosen, count + 1)
        .filter((account) => account !== self)
        .slice(0, count)
        .map((account) => world.idOf(account))
    },
    ownerOf: (id) => id,
  }
}

const POSTS_EACH = 1

/** Likes say which authors go together; each proposed author is shown with the latest post not yet seen, and popular authors fill up. */
function overContent(world: World): Recommender {
  const { posts, edges } = world.parts
  const likes = once(() => catalogueOf(edges, world.accountCount, 'like'))
  const ranker = once(() => itemBasedRanker(likes()))
  const popular = once(() => popularityRanker(likes()))
  const from = once(() => firstPosts(posts, world.accountCount))
  const postOf = (id: string) => (/^post-\d+$/.test(id) ? Number(id.slice(5)) : -1)
  /** The author of a post; an account's id stands for its own posts (its page was opened). */
  const authorOf = (id: string) => {
    const post = postOf(id)
    return post >= 0 && post < posts.count ? posts.author[post]! : world.accountOf(id)
  }
  return {
    name: 'content',
    surface: 'recommend_content',
    recommend(viewer, count, history) {
      const seen = new Set(history)
      const self = world.accountOf(viewer)
      const authors = history.map(authorOf).filter((author) => author >= 0)
      const shown: string[] = []
      const familiar = [...new Set(authors)]
      for (const author of new Set([...ranker()(authors, 2 * count), ...familiar, ...popular()([], 10 * count)])) {
        if (author === self || shown.length >= count) continue
        let left = POSTS_EACH
        for (let post = from()[author + 1]! - 1; post >= from()[author]! && left > 0; post--) {
          if (seen.has(`post-${post}`)) continue
          shown.push(`post-${post}`)
          left--
        }
      }
      return shown
    },
    ownerOf(id) {
      const author = authorOf(id)
      return author < 0 ? id : world.idOf(author)
    },
  }
}

function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}
