import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { applyChange, type Spell, type SpellChange } from '../src/edges/spell.ts'

const follow = (at: number): SpellChange => ({ act: true, counted: false, weight: 1, at })
const unfollow = (at: number): SpellChange => ({ act: false, counted: false, weight: 1, at })
const mention = (at: number): SpellChange => ({ act: true, counted: true, weight: 1, at })
const unmention = (at: number): SpellChange => ({ act: false, counted: true, weight: 1, at })

function after(changes: readonly SpellChange[]): Spell | undefined {
  return changes.reduce<Spell | undefined>((spell, change) => applyChange(spell, change), undefined)
}

test('an edge that is withdrawn and made again begins a new spell, so that the past can be asked for', () => {
  const again = after([follow(1), unfollow(5), follow(9)])
  assert.deepEqual(again, { spell: 1, weight: 1, firstAt: 9, lastAt: 9, withdrawnAt: null })
})

test('a follow that arrives after its own unfollow stays withdrawn', () => {
  assert.equal(after([unfollow(5), follow(1)])?.withdrawnAt, 5)
})

test('an unfollow that arrives late, from before the last follow, does not close the edge', () => {
  assert.equal(after([follow(1), follow(9), unfollow(5)])?.withdrawnAt, null)
})

test('three mentions weigh three; taking one back leaves two; taking all back closes the edge', () => {
  assert.equal(after([mention(1), mention(2), mention(3), unmention(4)])?.weight, 2)
  assert.equal(after([mention(1), unmention(2)])?.withdrawnAt, 2)
})

test('whether a follow stands now does not depend on the order in which follows and unfollows arrive', () => {
  const changes = fc.uniqueArray(fc.record({ act: fc.boolean(), at: fc.nat(1000) }), {
    selector: ({ at }) => at,
    minLength: 1,
    maxLength: 12,
  })
  fc.assert(
    fc.property(changes, fc.infiniteStream(fc.nat()), (list, shuffle) => {
      const full = list.map(({ act, at }) => (act ? follow(at) : unfollow(at)))
      const shuffled = full
        .map((change) => ({ change, rank: shuffle.next().value as number }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ change }) => change)
      const latest = full.reduce((a, b) => (b.at > a.at ? b : a))
      assert.equal(after(shuffled)?.withdrawnAt === null, latest.act)
    }),
  )
})
