import assert from 'node:assert/strict'
import { test } from 'node:test'
import { randomInt, seededRandom } from '@firebreak/kernel'
import { rankNetwork } from '../src/cut/rank-network.ts'
import { type Graph, GraphBuilder } from '../src/index.ts'

/** 3,000 people with about eight contacts each in loose circles, and a ring of 40 who follow one another. */
function platform(ring: number): Graph {
  const random = seededRandom('platform')
  const builder = new GraphBuilder()
  for (let i = 0; i < 3_000; i++) {
    for (let e = 0; e < 4; e++) {
      const near = Math.floor(i / 30) * 30 + randomInt(random, 30)
      builder.add(`acct-${i}`, `acct-${random() < 0.6 ? near : randomInt(random, 3_000)}`)
    }
  }
  for (let i = 0; i < ring; i++) {
    for (let e = 0; e < 8; e++) builder.add(`ring-${i}`, `ring-${randomInt(random, ring)}`)
    for (let e = 0; e < 4; e++) builder.add(`ring-${i}`, `acct-${randomInt(random, 3_000)}`)
  }
  return builder.finish()
}

const graph = platform(40)
const ask = (...ids: string[]) =>
  rankNetwork(
    graph.fused(),
    ids.map((id) => graph.nodeOf(id)),
  )

test('three members of a ring lead to the rest of it', () => {
  const answer = ask('ring-1', 'ring-12', 'ring-30')
  assert.ok(answer.isNetwork)
  const members = answer.ranked.filter((r) => r.member)
  const right = members.filter((r) => graph.idOf(r.node).startsWith('ring-')).length
  assert.ok(right / members.length > 0.9, `precision ${right}/${members.length}`)
  assert.ok(right > 25, `recall ${right}/37`)
  assert.ok(answer.seeds.every((s) => s.fits))
})

test('three strangers are not a network, and nobody is named', () => {
  const answer = ask('acct-10', 'acct-1500', 'acct-2900')
  assert.equal(answer.isNetwork, false)
  assert.equal(answer.cut.size, 0)
  assert.ok(answer.ranked.every((r) => !r.member))
  assert.match(answer.reason, /hardly closer/)
})

test('a stranger among four seeds is named, the others are not', () => {
  const answer = ask('ring-1', 'ring-12', 'acct-1500', 'ring-30')
  assert.deepEqual(
    answer.seeds.map((s) => s.fits),
    [true, true, false, true],
  )
  assert.ok(answer.isNetwork)
})

test('the same question has the same answer', () => {
  assert.deepEqual(ask('ring-1', 'ring-12', 'ring-30'), ask('ring-1', 'ring-12', 'ring-30'))
})

test('trusted accounts push what is near them out of sight', () => {
  const seeds = ['ring-1', 'ring-12', 'ring-30'].map((id) => graph.nodeOf(id))
  const benign = ['ring-5', 'ring-6'].map((id) => graph.nodeOf(id))
  const probabilityOf = (options: { benign?: number[] }): number =>
    rankNetwork(graph.fused(), seeds, options).ranked.find((r) => r.node === benign[0])?.probability ?? 0
  assert.ok(probabilityOf({}) > 0.3)
  assert.equal(probabilityOf({ benign }), 0)
})

test('a lone seed is answered without a test against chance', () => {
  const answer = ask('ring-1')
  assert.deepEqual(
    answer.seeds.map((s) => [s.fits, s.fit]),
    [[true, 1]],
  )
  assert.ok(answer.ranked.length > 0)
})

function small(...follows: readonly (readonly [string, string])[]): Graph {
  const builder = new GraphBuilder()
  for (const [a, b] of follows) builder.add(a, b)
  return builder.finish()
}

test('tiny graphs give clear answers: a pair, a star, a clique, two components', () => {
  const pair = small(['a', 'b'])
  assert.equal(rankNetwork(pair.fused(), [0]).ranked.length, 1)
  const star = small(...Array.from({ length: 30 }, (_, i) => ['hub', `leaf-${i}`] as const))
  for (const seeds of [[0], [1, 2, 3], [0, 1]]) assertSound(star, seeds)
  const people = Array.from({ length: 12 }, (_, i) => `p${i}`)
  const clique = small(...people.flatMap((a) => people.filter((b) => b > a).map((b) => [a, b] as const)))
  assertSound(clique, [0, 1, 2])
  const two = small(['a', 'b'], ['b', 'c'], ['c', 'a'], ['x', 'y'], ['y', 'z'], ['z', 'x'])
  assertSound(two, [two.nodeOf('a'), two.nodeOf('x')])
  assertSound(two, [two.nodeOf('a'), two.nodeOf('x'), two.nodeOf('y')])
})

test('a seed without contacts, repeated seeds and all accounts as seeds do no harm', () => {
  const builder = new GraphBuilder()
  builder.add('a', 'b')
  builder.add('b', 'c')
  builder.add('lonely', 'shared', 'hashtag')
  const odd = builder.finish()
  assertSound(odd, [odd.nodeOf('lonely')])
  assertSound(odd, [odd.nodeOf('lonely'), odd.nodeOf('a'), odd.nodeOf('b')])
  assertSound(odd, [odd.nodeOf('a'), odd.nodeOf('a'), odd.nodeOf('a')])
  assertSound(
    odd,
    ['a', 'b', 'c'].map((id) => odd.nodeOf(id)),
  )
})

function assertSound(on: Graph, seeds: readonly number[]): void {
  const answer = rankNetwork(on.fused(), seeds)
  const distinct = new Set(seeds)
  assert.equal(answer.seeds.length, distinct.size)
  assert.ok(answer.networkProbability >= 0 && answer.networkProbability <= 1)
  assert.equal(answer.ranked.filter((r) => r.member).length, answer.cut.size)
  for (const { node, probability, score } of answer.ranked) {
    assert.ok(!distinct.has(node))
    assert.ok(probability >= 0 && probability <= 1)
    assert.ok(Number.isFinite(score))
  }
}
