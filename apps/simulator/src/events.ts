import { RELATIONS, relationCode } from './edge-list.ts'
import type { World } from './world.ts'

/** Anything that acts or is acted on, as events name it. */
export interface EventRef {
  readonly type: string
  readonly id: string
}

/** One event as a platform would send it to `POST /v1/events`. */
export interface WorldEvent {
  readonly id: string
  readonly type: string
  /** ISO 8601, UTC. */
  readonly at: string
  readonly actor: EventRef
  readonly subject: EventRef
  readonly object?: EventRef
  readonly context?: { readonly locale: string }
  readonly data?: Readonly<Record<string, unknown>>
}

const HOUR_S = 3600
const HOURS = 90 * 24 + 1
const CARRIED = new Set(['hashtag', 'link', 'media'].map((name) => relationCode(name as 'hashtag')))
const BACKUP = relationCode('backup')
/** Kinds of things that happen, as sections of one numbering: edges first, then the rest. */
interface Sections {
  readonly posts: number
  readonly created: number
  readonly removed: number
  readonly ages: number
  readonly withdrawn: number
  readonly unfollows: number
  readonly end: number
}

export function* eventsOf(world: World): Iterable<WorldEvent> {
  const { people, edges, posts, removedAt, withdrawn, minors } = world.parts
  const ends = sections([
    edges.count,
    posts.count,
    people.count,
    removedAt.size,
    minors ? people.count : 0,
    withdrawn.length,
    withdrawn.length,
  ])
  const removed = [...removedAt]
  const carried = carriedItems(world)
  const bios = new Bios()
  const secondOf = (n: number): number => {
    if (n < ends.posts) return edges.at[n]!
    if (n < ends.created) return posts.at[n - ends.posts]!
    if (n < ends.removed) return (people.createdAtMs[n - ends.created]! - people.startMs) / 1000
    if (n < ends.ages) return removed[n - ends.removed]![1]
    if (n < ends.withdrawn) return Math.max(0, (people.createdAtMs[n - ends.ages]! - people.startMs) / 1000)
    if (n < ends.unfollows) return withdrawn[n - ends.withdrawn]![2]
    return withdrawn[n - ends.unfollows]![3]
  }
  const skip = (n: number) => n < ends.posts && CARRIED.has(edges.relation[n]!)
  for (const n of inOrderOfTime(ends.end, secondOf, skip))
    yield describe(world, n, ends, secondOf(n), removed, carried, bios)
}

function sections(counts: readonly [number, number, number, number, number, number, number]): Sections {
  let sum = 0
  const [posts, created, removed, ages, withdrawn, unfollows, end] = counts.map((count) => {
    sum += count
    return sum
  }) as [number, number, number, number, number, number, number]
  return { posts, created, removed, ages, withdrawn, unfollows, end }
}

function describe(
  world: World,
  n: number,
  ends: Sections,
  second: number,
  removed: readonly (readonly [number, number])[],
  carried: Carried,
  bios: Bios,
): WorldEvent {
  const base = { id: `event-${n}`, at: new Date(world.startMs + Math.floor(second) * 1000).toISOString() }
  const account = (number: number): EventRef => ({ type: 'account', id: world.idOf(number) })
  if (n < ends.posts) return { ...base, ...edgeEvent(world, n, bios) }
  if (n < ends.created) {
    const post = n - ends.posts
    const author = account(world.parts.posts.author[post]!)
    const data = carried.dataOf(post)
    return { ...base, type: 'post.created', actor: author, subject: content(post), ...(data ? { data } : {}) }
  }
  if (n < ends.removed) {
    const self = account(n - ends.created)
    const context = { locale: world.languageOf(n - ends.created) }
    return { ...base, type: 'account.created', actor: self, subject: self, context }
  }
  if (n < ends.ages)
    return {
      ...base,
      type: 'account.removed',
      actor: { type: 'system', id: 'platform' },
      subject: account(removed[n - ends.removed]![0]),
    }
  if (n < ends.withdrawn) {
    const number = n - ends.ages
    const data = { band: world.parts.minors?.[number] === 1 ? '13-17' : '18+', source: 'declared' }
    return { ...base, type: 'age.assured', actor: account(number), subject: account(number), data }
  }
  const [type, place] = n < ends.unfollows ? ['follow', n - ends.withdrawn] : ['unfollow', n - ends.unfollows]
  const [source, target] = world.parts.withdrawn[place]!
  return { ...base, type, actor: account(source), subject: account(target) }
}

function content(post: number): EventRef {
  return { type: 'content', id: `post-${post}` }
}

function edgeEvent(world: World, edge: number, bios: Bios): Omit<WorldEvent, 'id' | 'at'> {
  const { edges } = world.parts
  const actor = { type: 'account', id: world.idOf(edges.source[edge]!) }
  const node = edges.target[edge]!
  const target = node < world.accountCount ? world.idOf(node) : world.parts.items.nameOf(node)
  const post = edges.post[edge]!
  const relation = RELATIONS[edges.relation[edge]!]!
  if (edges.relation[edge] === BACKUP)
    return { type: 'account.updated', actor, subject: actor, data: { backups: bios.with(edges.source[edge]!, target) } }
  switch (relation) {
    case 'like':
      return { type: 'like', actor, subject: content(post), data: { author: target } }
    case 'comment':
      return {
        type: 'comment',
        actor,
        subject: content(post),
        object: { type: 'comment', id: `comment-${edge}` },
        data: { author: target },
      }
    case 'mention': {
      const object = post < 0 ? {} : { object: content(post) }
      return { type: 'mention', actor, subject: { type: 'account', id: target }, ...object }
    }
    case 'contact':
      return { type: 'contact.started', actor, subject: { type: 'account', id: target } }
    case 'identifier':
      return {
        type: 'identifier.seen',
        actor,
        subject: { type: 'identifier', id: target },
        data: { kind: kindOf(target), value: target },
      }
    case 'group':
      return { type: 'group.joined', actor, subject: { type: 'group', id: target } }
    default:
      return { type: relation, actor, subject: { type: 'account', id: target } }
  }
}

function kindOf(identifier: string): string {
  return /^\d+\./.test(identifier) ? 'ip' : 'device'
}

/** A bio names all of an account's backups each time it changes. */
class Bios {
  readonly #named = new Map<number, string[]>()

  with(account: number, backup: string): string[] {
    const named = [...new Set([...(this.#named.get(account) ?? []), backup])]
    this.#named.set(account, named)
    return named
  }
}

interface Carried {
  dataOf(post: number): Record<string, string[]> | undefined
}

const PLURAL: Readonly<Record<string, string>> = { hashtag: 'hashtags', link: 'links', media: 'media' }

/** Hashtags, links and media by the post that carried them; their edges stand in the order of posts. */
function carriedItems(world: World): Carried {
  const { edges, posts } = world.parts
  const first = new Int32Array(posts.count).fill(-1)
  const next = new Int32Array(edges.count).fill(-1)
  for (let edge = edges.count - 1; edge >= 0; edge--) {
    const post = edges.post[edge]!
    if (post < 0 || !CARRIED.has(edges.relation[edge]!)) continue
    next[edge] = first[post]!
    first[post] = edge
  }
  return {
    dataOf(post) {
      if (first[post] === -1) return undefined
      const data: Record<string, string[]> = {}
      for (let edge = first[post]!; edge >= 0; edge = next[edge]!) {
        const name = PLURAL[RELATIONS[edges.relation[edge]!]!]!
        data[name] ??= []
        data[name].push(world.parts.items.nameOf(edges.target[edge]!))
      }
      return data
    },
  }
}

/** Numbers below `count` in order of time: a counting sort by hour (older things first), then a sort within each hour. */
function* inOrderOfTime(
  count: number,
  secondOf: (n: number) => number,
  skip: (n: number) => boolean,
): Iterable<number> {
  const slot = (n: number) => {
    const second = secondOf(n)
    return second < 0 ? 0 : 1 + Math.min(HOURS, Math.floor(second / HOUR_S))
  }
  const bounds = new Int32Array(HOURS + 4)
  for (let n = 0; n < count; n++) if (!skip(n)) bounds[slot(n) + 1]!++
  for (let i = 1; i < bounds.length; i++) bounds[i]! += bounds[i - 1]!
  const order = new Int32Array(bounds[bounds.length - 1]!)
  const next = bounds.slice()
  for (let n = 0; n < count; n++) if (!skip(n)) order[next[slot(n)]!++] = n
  for (let i = 0; i + 1 < bounds.length; i++)
    yield* order.subarray(bounds[i], bounds[i + 1]).sort((a, b) => secondOf(a) - secondOf(b) || a - b)
}
