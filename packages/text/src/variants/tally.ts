import type { Post } from './post.ts'

/** Uses of every tag by who and when. `seed` are the accounts that used the blocked term before the block. */
export interface Tally {
  /** As written; of several spellings that differ in case or `#` the first in order. */
  readonly tags: readonly string[]
  readonly seedAccounts: number
  readonly restAccounts: number
  /** Posts of seeds and others that hold the tag, before and after the block. */
  readonly seedBefore: Float64Array
  readonly seedAfter: Float64Array
  readonly restBefore: Float64Array
  readonly restAfter: Float64Array
  /** Distinct accounts: seeds after the block, seeds that took it up only then, seeds that left it, others at any time. */
  readonly seedUsers: Float64Array
  readonly newUsers: Float64Array
  readonly goneUsers: Float64Array
  readonly restUsers: Float64Array
  readonly firstAfter: Float64Array
  readonly last: Float64Array
  /** Tags of each account, for walks; seeds first. */
  readonly accountTags: readonly Uint32Array[]
}

/** Counts everything in two passes over the posts. `isBlocked` tells which spellings were blocked. */
export function tally(posts: Iterable<Post>, isBlocked: (tag: string) => boolean, at: number): Tally {
  const tags: string[] = []
  const numbers = new Map<string, number>()
  const byAccount = new Map<string, { seed: boolean; uses: number[]; times: number[] }>()
  for (const post of posts) {
    const account = byAccount.get(post.account) ?? { seed: false, uses: [], times: [] }
    byAccount.set(post.account, account)
    const written = new Map(post.tags.map((one) => [one.replace(/^[#＃]/, '').toLowerCase(), one]))
    for (const [tag, spelling] of written) {
      if (isBlocked(tag)) {
        if (post.at < at) account.seed = true
        continue
      }
      let number = numbers.get(tag)
      if (number === undefined) {
        number = tags.length
        numbers.set(tag, number)
        tags.push(spelling)
      } else if (spelling < tags[number]!) tags[number] = spelling
      account.uses.push(number)
      account.times.push(post.at)
    }
  }
  // By name, so that the order of the posts has no say.
  const accounts = [...byAccount].sort(([a, x], [b, y]) => Number(y.seed) - Number(x.seed) || (a < b ? -1 : 1))
  return counted(
    tags,
    accounts.map(([, uses]) => uses),
    at,
  )
}

interface AccountUses {
  readonly seed: boolean
  readonly uses: readonly number[]
  readonly times: readonly number[]
}

function counted(tags: readonly string[], accounts: readonly AccountUses[], at: number): Tally {
  const column = (): Float64Array => new Float64Array(tags.length)
  const counts = {
    seedBefore: column(),
    seedAfter: column(),
    restBefore: column(),
    restAfter: column(),
    seedUsers: column(),
    newUsers: column(),
    goneUsers: column(),
    restUsers: column(),
    firstAfter: column().fill(Number.POSITIVE_INFINITY),
    last: column(),
  }
  const accountTags: Uint32Array[] = []
  for (const { seed, uses, times } of accounts) {
    const before = new Set<number>()
    const after = new Set<number>()
    for (const [i, tag] of uses.entries()) {
      const late = times[i]! >= at
      const column = seed ? (late ? counts.seedAfter : counts.seedBefore) : late ? counts.restAfter : counts.restBefore
      column[tag]!++
      ;(late ? after : before).add(tag)
      if (!seed) continue
      if (late) counts.firstAfter[tag] = Math.min(counts.firstAfter[tag]!, times[i]!)
      counts.last[tag] = Math.max(counts.last[tag]!, times[i]!)
    }
    const all = new Set([...before, ...after])
    if (seed) {
      for (const tag of after) {
        counts.seedUsers[tag]!++
        if (!before.has(tag)) counts.newUsers[tag]!++
      }
      for (const tag of before) if (!after.has(tag)) counts.goneUsers[tag]!++
    } else for (const tag of all) counts.restUsers[tag]!++
    accountTags.push(Uint32Array.from(all))
  }
  const seedAccounts = accounts.filter(({ seed }) => seed).length
  return { tags, seedAccounts, restAccounts: accounts.length - seedAccounts, accountTags, ...counts }
}
