import { type Random, randomInt } from '@firebreak/kernel'
import { pick, pickDistinct } from '../distributions.ts'
import type { EdgeList } from '../edge-list.ts'
import type { Items } from '../items.ts'
import type { People } from '../population/people.ts'
import type { Habit } from '../population/posts.ts'
import { joinGroup, shareOne } from '../population/surroundings.ts'
import type { Cast } from './cast.ts'
import type { Decoys } from './decoys.ts'

/** Harmless placeholders for the words of a network; the first two are also everyday words of craft lovers. */
const COMMON_TAGS = ['paperlantern', 'seashelltrade'] as const
const CODED_TAGS = [
  'p4perlantern',
  'paperl4ntern',
  'lanternpaper',
  'paprlntrn',
  'seashe11trade',
  'shelltrade',
  'tradeshell',
  'seash3lls',
  'lanternshell',
  'shelllantern',
] as const
/** A harmless identifier names the accounts of an actor by a number that says nothing about them. */
const ACTOR_BASE = 7_000_000

/**
 * What members post: coded hashtags across the network, links and pictures within a cell. Backups and returned sellers
 * post the same things as their main account; coerced accounts sometimes post a cell's pictures.
 */
export function memberHabits(cast: Cast, items: Items, random: Random): Map<number, Habit> {
  const habits = new Map<number, Habit>()
  const tags = [...COMMON_TAGS, ...CODED_TAGS].map((name) => items.node('hashtag', name))
  const owned = (kind: 'link' | 'media', cell: number, count: number) =>
    Array.from({ length: count }, (_, i) => items.node(kind, `n${cell * 40 + i}`))
  cast.cells.forEach((cell, number) => {
    const links = owned('link', number, 3 + Math.floor(cell.length / 4))
    const media = owned('media', number, 6 + Math.floor(cell.length / 2))
    for (const hub of cell) {
      const habit = {
        hashtags: pickDistinct(random, tags, 3 + randomInt(random, 3)),
        links: pickDistinct(random, links, 2),
        media: pickDistinct(random, media, 4),
      }
      const removedAt = cast.removedAt.get(hub)
      const until = removedAt === undefined ? {} : { untilSecond: removedAt }
      habits.set(hub, { ...habit, chance: { hashtag: 0.5, link: 0.2, media: 0.28 }, posts: 4, ...until })
      const backup = cast.backupOf.get(hub)
      if (backup === undefined) continue
      const posts = removedAt === undefined ? 0.8 : 3
      habits.set(backup, { ...habit, chance: { hashtag: 0.45, link: 0.25, media: 0.35 }, posts })
    }
  })
  for (const victim of cast.victims) {
    const media = random() < 0.3 ? [items.node('media', `n${randomInt(random, cast.cells.length) * 40}`)] : []
    habits.set(victim, { hashtags: [], links: [], media, chance: { hashtag: 0, link: 0, media: 0.4 }, posts: 1 })
  }
  return habits
}

/** The club and scattered craft lovers use the everyday words; strangers repost some of the network's pictures unknowingly. */
export function decoyHabits(people: People, decoys: Decoys, items: Items, random: Random): Map<number, Habit> {
  const habits = new Map<number, Habit>()
  const tags = COMMON_TAGS.map((name) => items.node('hashtag', name))
  const list = (kind: 'link' | 'media', count: number) =>
    Array.from({ length: count }, (_, i) => items.node(kind, `k${i}`))
  const [links, media] = [list('link', 10), list('media', 24)]
  const chance = { hashtag: 0.6, link: 0.25, media: 0.3 }
  for (const member of decoys.club) {
    const own = { links: pickDistinct(random, links, 3), media: pickDistinct(random, media, 5) }
    habits.set(member, { hashtags: tags, ...own, chance, posts: 4 })
  }
  const nothing = { links: [], media: [] }
  for (let i = 0; i < people.count * 0.004; i++) {
    const account = randomInt(random, people.count)
    if (!habits.has(account)) habits.set(account, { hashtags: tags, ...nothing, chance, posts: 2 })
  }
  return habits
}

/** Strangers who repost one of the network's pictures or links without knowing where it comes from. */
export function carelessHabits(people: People, cast: Cast, items: Items, random: Random): Map<number, Habit> {
  const habits = new Map<number, Habit>()
  for (let i = 0; i < cast.hubs.length; i++) {
    const kind = pick(random, ['link', 'media'] as const)
    const item = [items.node(kind, `n${randomInt(random, cast.cells.length) * 40 + randomInt(random, 6)}`)]
    const [links, media] = kind === 'link' ? [item, []] : [[], item]
    habits.set(randomInt(random, people.count), {
      hashtags: [],
      links,
      media,
      chance: { hashtag: 0, link: 0.6, media: 0.6 },
      posts: 1,
    })
  }
  return habits
}

/** Identifiers and groups that members have in common: a hub and its backup, a few hubs of one actor, part of a cell. */
export function shareSurroundings(
  people: People,
  cast: Cast,
  decoys: Decoys,
  items: Items,
  edges: EdgeList,
  random: Random,
): void {
  let actor = ACTOR_BASE
  for (const [hub, backup] of cast.backupOf)
    if (random() < 0.33) shareOne(people, [hub, backup], `d${actor++}`, items, edges, random)
  for (const cell of cast.cells)
    for (let i = 0; i < cell.length / 8; i++)
      shareOne(people, pickDistinct(random, cell, 2 + randomInt(random, 2)), `d${actor++}`, items, edges, random)
  cast.cells.forEach((cell, number) => {
    const joining = [...pickDistinct(random, cell, Math.ceil(cell.length / 3)), pick(random, cast.bridges)]
    joinGroup(people, joining, `n${number}`, items, edges, random)
  })
  if (decoys.club.length > 0) joinGroup(people, decoys.club, 'k0', items, edges, random)
}
