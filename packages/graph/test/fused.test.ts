import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { actedBits, type FusedAdjacency, type Graph, GraphBuilder, SUPPORT } from '../src/index.ts'

type Row = readonly [source: string, target: string, relation: string, atMs?: number]

function build(rows: readonly Row[]): Graph {
  const builder = new GraphBuilder()
  for (const [source, target, relation, atMs] of rows) builder.add(source, target, relation, 1, atMs)
  return builder.finish()
}

interface Arc {
  readonly weight: number
  readonly bits: number
  readonly kinds: number
}

function arc(graph: Graph, from: string, to: string, adjacency: FusedAdjacency = graph.fused()): Arc | null {
  const [u, v] = [graph.nodeOf(from), graph.nodeOf(to)]
  for (let a = adjacency.offsets[u]!; a < adjacency.offsets[u + 1]!; a++)
    if (adjacency.arcs[a]! >>> 2 === v)
      return {
        weight: adjacency.weights ? adjacency.weights[a]! : 1,
        bits: actedBits(adjacency, u, adjacency.arcs[a]!),
        kinds: adjacency.kinds ? adjacency.kinds[a]! & 7 : SUPPORT.account,
      }
  return null
}

test('a follow list alone is handed on without a copy', () => {
  const graph = build([
    ['a', 'b', 'follow'],
    ['b', 'a', 'follow'],
    ['c', 'a', 'follow'],
  ])
  assert.equal(graph.fused().arcs, graph.relationRows[0]!.arcs)
  assert.deepEqual(arc(graph, 'a', 'b'), { weight: 1, bits: 3, kinds: SUPPORT.account })
  assert.deepEqual(arc(graph, 'a', 'c'), { weight: 1, bits: 2, kinds: SUPPORT.account })
})

test('relations add up, repeated acts count with their logarithm, and the row knows who acted', () => {
  const graph = build([
    ['a', 'b', 'follow'],
    ['b', 'a', 'mention'],
    ...Array.from({ length: 10 }, (_, i): Row => ['a', 'b', 'comment', i]),
  ])
  const found = arc(graph, 'a', 'b')!
  assert.equal(found.bits, 3)
  assert.ok(Math.abs(found.weight - (1 + 1 + 1 + Math.log(10))) < 1e-6)
})

test('sharing an identifier ties two accounts, sharing it with eleven ties nobody', () => {
  const two = build([
    ['a', 'device', 'identifier'],
    ['b', 'device', 'identifier'],
  ])
  assert.deepEqual(arc(two, 'a', 'b'), { weight: 3, bits: 3, kinds: SUPPORT.identifier })
  const eleven = build(Array.from({ length: 11 }, (_, i): Row => [`a${i}`, 'device', 'identifier']))
  assert.equal(arc(eleven, 'a0', 'a1'), null)
})

test('with times, who takes up another’s hashtag acts; who had it first does not', () => {
  const builder = new GraphBuilder()
  builder.add('first', '#kite', 'hashtag', 1, 1_000)
  builder.add('later', '#kite', 'hashtag', 1, 2_000)
  builder.add('first', '#kite', 'hashtag', 1, 3_000)
  const graph = builder.finish()
  assert.equal(arc(graph, 'first', 'later')!.bits, 2)
  assert.equal(arc(graph, 'later', 'first')!.bits, 1)
})

test('a backup named on one side is a mention; answered by any own act of the named account, it is an identifier', () => {
  const claim = build([['a', 'b', 'backup']])
  assert.deepEqual(arc(claim, 'b', 'a'), { weight: 0.5, bits: 2, kinds: SUPPORT.account })
  const answered = build([
    ['a', 'b', 'backup'],
    ['b', 'a', 'follow'],
  ])
  assert.deepEqual(arc(answered, 'b', 'a'), { weight: 4, bits: 3, kinds: SUPPORT.account | SUPPORT.identifier })
})

test('contact that is not answered is no tie, and whoever blocks the actor is not tied by what the actor does', () => {
  const contact = build([
    ['adult', 'child', 'contact'],
    ['adult', 'x', 'follow'],
  ])
  assert.equal(arc(contact, 'adult', 'child'), null)
  const blocked = build([
    ['adult', 'child', 'follow'],
    ['adult', 'child', 'mention'],
    ['child', 'adult', 'block'],
  ])
  assert.equal(arc(blocked, 'adult', 'child'), null)
})

test('two who write to the same silent accounts are tied by it', () => {
  const graph = build([
    ['adult-1', 'child', 'contact'],
    ['adult-2', 'child', 'contact'],
  ])
  assert.equal(arc(graph, 'adult-1', 'adult-2')!.kinds, SUPPORT.item)
  assert.equal(arc(graph, 'adult-1', 'child'), null)
})

test('a coach whose pupil follows has been answered, and is not tied to somebody who writes to the same pupil in vain', () => {
  const graph = build([
    ['coach', 'pupil', 'contact'],
    ['stranger', 'pupil', 'contact'],
    ['other', 'pupil', 'contact'],
    ['pupil', 'coach', 'follow'],
  ])
  assert.equal(arc(graph, 'coach', 'stranger'), null)
  assert.equal(arc(graph, 'stranger', 'coach'), null)
  assert.equal(arc(graph, 'stranger', 'other')!.kinds, SUPPORT.item)
})

test('following whom a crowd follows says as little as the crowd is large', () => {
  const rows = Array.from({ length: 50 }, (_, i): Row => [`fan-${i}`, 'star', 'follow'])
  const graph = build([...rows, ['fan-0', 'friend', 'follow'], ['fan-0', 'friend', 'like']])
  assert.ok(Math.abs(arc(graph, 'fan-0', 'star')!.weight - 0.3) < 1e-6)
  assert.ok(arc(graph, 'fan-0', 'friend')!.weight > 1)
})

test('directed means: only from the actor to the target', () => {
  const graph = build([
    ['a', 'b', 'follow'],
    ['c', 'a', 'follow'],
  ])
  assert.deepEqual(arc(graph, 'a', 'b', graph.fused(true))?.bits, 1)
  assert.equal(arc(graph, 'b', 'a', graph.fused(true)), null)
})

test('every arc weighs the same from both ends, joins accounts only, and its direction is mirrored', () => {
  const anyRow = fc.tuple(
    fc.constantFrom('a', 'b', 'c', 'd', 'e'),
    fc.constantFrom('a', 'b', 'c', 'd', 'e', 'i', 'j'),
    fc.constantFrom('follow', 'like', 'comment', 'mention', 'backup', 'contact', 'block', 'hashtag', 'identifier'),
  )
  fc.assert(
    fc.property(fc.array(anyRow, { maxLength: 60 }), (given) => {
      const rows = given.filter(([, target, relation]) => 'ij'.includes(target) === /hashtag|identifier/.test(relation))
      const graph = build(rows)
      for (const from of 'abcdeij')
        for (const to of 'abcdeij') {
          if (graph.nodeOf(from) < 0 || graph.nodeOf(to) < 0) continue
          const there = arc(graph, from, to)
          const back = arc(graph, to, from)
          assert.equal(there?.weight, back?.weight)
          if (!there || !back) continue
          assert.ok(there.weight > 0)
          assert.ok(graph.isAccount(graph.nodeOf(from)) && graph.isAccount(graph.nodeOf(to)))
          assert.equal(there.bits, ((back.bits & 1) << 1) | (back.bits >> 1))
        }
    }),
  )
})

test('what an account does not do itself never shows as its own act', () => {
  const anyRow = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('a', 'b', 'target'))
  const relations = fc.constantFrom('follow', 'like', 'comment', 'mention', 'backup', 'contact')
  fc.assert(
    fc.property(fc.array(fc.tuple(anyRow, relations), { maxLength: 60 }), (given) => {
      const graph = build(given.map(([[source, target], relation]): Row => [source, target, relation]))
      for (const from of 'abc')
        if (graph.nodeOf('target') >= 0 && graph.nodeOf(from) >= 0) {
          const found = arc(graph, 'target', from)
          assert.ok(found === null || (found.bits & 1) === 0)
        }
    }),
  )
})
