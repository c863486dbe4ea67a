import assert from 'node:assert/strict'
import test from 'node:test'
import { DAY } from '@firebreak/kernel'
import { type Post, suggestVariants, tagsIn } from '../src/index.ts'
import { similarity, spellingCore } from '../src/variants/similarity.ts'
import { plantedWorld, recallAt } from './planted-variants.ts'

const SMALL = { accounts: 6_000, posts: 60_000, tags: 3_000, adoption: 0.25 }

test('what the groups moved to stands at the top, among their own tags and the day’s trends', () => {
  const recalls = [31, 32, 33].map((seed) => {
    const world = plantedWorld(seed, SMALL)
    const found = suggestVariants(world.posts, { blocked: world.blocked, at: world.at }).map(({ variant }) => variant)
    return [recallAt(world, found, 10), recallAt(world, found, 20)] as const
  })
  const mean = (at: 0 | 1): number => recalls.reduce((sum, one) => sum + one[at], 0) / recalls.length
  assert.ok(mean(0) >= 0.85, `recall@10 ${mean(0)}`)
  assert.ok(mean(1) >= 0.95, `recall@20 ${mean(1)}`)
})

test('the same posts in any order and spelling of the term give the same answer', () => {
  const world = plantedWorld(34, { ...SMALL, posts: 12_000 })
  const answer = suggestVariants(world.posts, { blocked: world.blocked, at: world.at })
  const other = suggestVariants(world.posts.toReversed(), { blocked: '#Paper Lantern', at: world.at })
  assert.deepEqual(other, answer)
})

function uses(account: string, at: number, ...tags: string[]): Post {
  return { account, at, tags }
}

test('evidence tells who moved, when, and how usual the word is elsewhere', () => {
  const posts = [
    ...['a', 'b', 'c'].map((account) => uses(account, 1 * DAY, 'lamp', 'ocean')),
    ...['a', 'b'].map((account) => uses(account, 11 * DAY, 'l4mps', 'ocean')),
    ...['x', 'y'].map((account) => uses(account, 11 * DAY, 'ocean')),
  ]
  const [first, ...rest] = suggestVariants(posts, { blocked: 'lamp', at: 10 * DAY })
  assert.equal(first?.variant, 'l4mps')
  assert.deepEqual(rest, [])
  const { seeds, accounts, tookUp, before, after, others, firstAt } = first!.evidence
  assert.deepEqual(
    { seeds, accounts, tookUp, before, after, others, firstAt },
    {
      seeds: 3,
      accounts: 2,
      tookUp: 2,
      before: 0,
      after: 2,
      others: 0,
      firstAt: 11 * DAY,
    },
  )
})

test('without anybody who used the term there is nothing to suggest', () => {
  assert.deepEqual(suggestVariants([], { blocked: 'lamp', at: 0 }), [])
  assert.deepEqual(suggestVariants([uses('a', 5, 'x'), uses('b', 9, 'x')], { blocked: 'lamp', at: 7 }), [])
})

test('spellings are compared without what disguises change', () => {
  assert.equal(spellingCore('P4per_Läntérn'), spellingCore('paper lantern'))
  assert.equal(spellingCore('раper1antern'), spellingCore('paperlantern'))
  const near = (a: string, b: string): number => similarity(spellingCore(a), spellingCore(b))
  assert.ok(near('nretnalrepap', 'paperlantern') >= 0.9)
  assert.ok(near('pprlntrn', 'paperlantern') >= 0.9)
  assert.ok(near('paprelantern', 'paperlantern') > 0.9)
  assert.ok(near('seashelltrade', 'paperlantern') < 0.5)
  assert.equal(similarity('', 'x'), 0)
})

test('hashtags, words and emoji of a text are taken once, in one spelling', () => {
  assert.deepEqual(tagsIn('#Lamp lamp! a lovely 🏮🏮 ＃Shell x'), ['lamp', 'lovely', '🏮', 'shell'])
})
