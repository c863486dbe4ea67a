import { DAY, type Random, randomInt, sample, seededRandom } from '@firebreak/kernel'
import type { Post } from '../src/index.ts'

/**
 * An invented platform on which a term is blocked half-way and a few groups move to ten substitutes, to measure variant discovery.
 *
 * - Ordinary accounts post about a few topics and Zipf-popular tags. `trending` tags rise for everybody after the block.
 * - Three cells of 40 use the blocked term before the block. After it two thirds go on with substitutes, each member with some of
 *   them, later or sooner; the others only talk of something else.
 * - Substitutes: four spellings of the term, three new words, three ordinary tags repurposed.
 * - Decoys, the hard part: 15 in-group tags a cell used by hardly anybody else before and after; per cell two of its tags rise and
 *   two fade after the block; near spellings of the term used by strangers; and outsiders who used the blocked term once.
 */
export interface PlantedWorld {
  readonly posts: readonly Post[]
  readonly blocked: string
  readonly at: number
  readonly planted: readonly { readonly tag: string; readonly kind: 'spelling' | 'new' | 'repurposed' }[]
  readonly decoys: ReadonlySet<string>
}

export interface WorldSize {
  readonly accounts: number
  readonly posts: number
  readonly tags: number
  /** How often a member who goes on uses a substitute: share of its later posts. */
  readonly adoption: number
}

export const FULL_SIZE: WorldSize = { accounts: 20_000, posts: 250_000, tags: 9_000, adoption: 0.2 }
const DAYS = 60
const CELLS = 3
const CELL_SIZE = 40
const BLOCKED = 'paperlantern'
const SPELLINGS = [
  'p4perlantern',
  'paperlantrn',
  'papperlanternn',
  'nretnalrepap',
  'paper_lant3rn',
  'paperlanternz',
  'ppr1ntrn',
  'paprelantern',
]
const NEAR_SPELLINGS = ['paperplanter', 'lanternpaper', 'paperpattern', 'papercantern', 'superlantern', 'paperlatte']

export function plantedWorld(seed: number, size: WorldSize = FULL_SIZE): PlantedWorld {
  const random = seededRandom(seed)
  const at = (DAYS / 2) * DAY
  const vocabulary = Array.from({ length: size.tags }, (_, i) => `${word(random)}${i % 7 === 0 ? i : ''}`)
  const ordinary = ordinaryTags(random, vocabulary)
  const trending = sample(random, vocabulary.slice(200), 25)
  const planted = [
    ...sample(random, SPELLINGS, 4).map((tag) => ({ tag, kind: 'spelling' as const })),
    ...Array.from({ length: 3 }, () => ({ tag: `${word(random)}${word(random)}`, kind: 'new' as const })),
    ...sample(random, vocabulary.slice(20, 600), 3).map((tag) => ({ tag, kind: 'repurposed' as const })),
  ]
  const posts: Post[] = []
  const write = (account: string, when: number, tags: string[]): void => {
    posts.push({ account, at: Math.floor(when), tags: [...new Set(tags)] })
  }
  const decoys = new Set<string>()
  for (let cell = 0; cell < CELLS; cell++) {
    const own = Array.from({ length: 15 }, () => `${word(random)}${word(random).slice(0, 3)}`)
    for (const tag of own) decoys.add(tag)
    for (let i = 0; i < CELL_SIZE; i++)
      cellMember(random, {
        account: `acct-c${cell}-${i}`,
        own,
        planted: planted.map(({ tag }) => tag),
        ordinary,
        trending,
        at,
        adoption: size.adoption,
        write,
      })
  }
  const share = size.posts - posts.length
  for (let i = 0; i < share; i++) {
    const account = Math.floor(random() ** 1.5 * size.accounts)
    const when = random() * DAYS * DAY
    const tags = ordinary(account, 1 + randomInt(random, 3))
    if (random() < (when >= at ? 0.06 : 0.01)) tags.push(trending[randomInt(random, trending.length)]!)
    if (random() < 0.001) tags.push(NEAR_SPELLINGS[randomInt(random, NEAR_SPELLINGS.length)]!)
    if (when < at && random() < 0.0005) tags.push(BLOCKED)
    write(`acct-${account}`, when, tags)
  }
  return { posts, blocked: BLOCKED, at, planted, decoys }
}

interface Member {
  readonly account: string
  readonly own: readonly string[]
  readonly planted: readonly string[]
  readonly ordinary: (account: number, count: number) => string[]
  readonly trending: readonly string[]
  readonly at: number
  readonly adoption: number
  readonly write: (account: string, when: number, tags: string[]) => void
}

function cellMember(random: Random, { account, own, planted, ordinary, trending, at, adoption, write }: Member): void {
  const interests = randomInt(random, 1_000_000)
  const goesOn = random() < 2 / 3
  const adopted = sample(random, planted, 2 + randomInt(random, 3))
  const startsAt = at + random() * 10 * DAY
  const posts = 15 + randomInt(random, 35)
  for (let i = 0; i < posts; i++) {
    const when = random() * DAYS * DAY
    const late = when >= at
    const tags = ordinary(interests, 1 + randomInt(random, 2))
    if (late && random() < 0.06) tags.push(trending[randomInt(random, trending.length)]!)
    if (random() < 0.5) tags.push(...groupTags(random, own, late))
    if (!late && random() < 0.35) tags.push(BLOCKED)
    if (goesOn && when >= startsAt && random() < adoption) tags.push(adopted[randomInt(random, adopted.length)]!)
    write(account, when, tags)
  }
}

/** The group's own tags; the first two rise after the block, the next two fade. */
function groupTags(random: Random, own: readonly string[], late: boolean): string[] {
  const pick = randomInt(random, own.length)
  const rising = pick < 2 && !late && random() < 0.5
  const fading = (pick === 2 || pick === 3) && late && random() < 0.5
  return rising || fading ? [own[4 + randomInt(random, own.length - 4)]!] : [own[pick]!]
}

function ordinaryTags(random: Random, vocabulary: readonly string[]): (account: number, count: number) => string[] {
  const topicSize = 40
  const topics = Math.floor(vocabulary.length / topicSize)
  return (account, count) =>
    Array.from({ length: count }, () => {
      if (random() < 0.4) return vocabulary[Math.floor(random() ** 3 * vocabulary.length)]!
      const topic = (account * 7 + randomInt(random, 3) * 101) % topics
      return vocabulary[topic * topicSize + Math.floor(random() ** 2 * topicSize)]!
    })
}

const ONSETS = 'b br c ch d f fl g gr h j k l m n p pl qu r s sh st t tr v w z'.split(' ')
const VOWELS = 'a e i o u ai ea oo'.split(' ')
const CODAS = ['', '', 'n', 'r', 'l', 's', 't', 'nd', 'm', 'ck']

function word(random: Random): string {
  const syllables = 2 + randomInt(random, 2)
  return Array.from(
    { length: syllables },
    () =>
      ONSETS[randomInt(random, ONSETS.length)]! +
      VOWELS[randomInt(random, VOWELS.length)]! +
      CODAS[randomInt(random, CODAS.length)]!,
  ).join('')
}

/** Share of the planted substitutes among the first `k` suggestions. */
export function recallAt(world: PlantedWorld, suggested: readonly string[], k: number): number {
  const top = new Set(suggested.slice(0, k))
  return world.planted.filter(({ tag }) => top.has(tag)).length / world.planted.length
}
