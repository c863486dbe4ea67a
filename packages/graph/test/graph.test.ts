import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { weightAt } from '../src/graph/relation-rows.ts'
import { Graph, GraphBuilder } from '../src/index.ts'
import { type PlainEdge, plainGraph } from './reference-graph.ts'

function build(edges: readonly PlainEdge[]): Graph {
  const builder = new GraphBuilder()
  for (const { source, target, relation, weight, atMs } of edges) builder.add(source, target, relation, weight, atMs)
  return builder.finish()
}

/** Everything a graph says about its edges, as text per pair and relation. */
function told(graph: Graph): string[] {
  return graph.relationRows
    .flatMap((rows) =>
      Array.from({ length: graph.nodeCount }, (_, u) => u).flatMap((u) =>
        Array.from(rows.arcs.subarray(rows.offsets[u]!, rows.offsets[u + 1]!), (arc, i) => {
          const weight = weightAt(rows, rows.offsets[u]! + i)
          return `${rows.name} ${graph.idOf(u)} ${graph.idOf(arc >>> 2)} ${arc & 3} ${weight}`
        }),
      ),
    )
    .sort()
}

function toldByReference(edges: readonly PlainEdge[]): string[] {
  const { out } = plainGraph(edges)
  const lines: string[] = []
  for (const [relation, rows] of out) {
    const weight = (a: string, b: string) => rows.get(a)?.get(b) ?? 0
    const pairs = new Set([...rows].flatMap(([a, row]) => [...row.keys()].flatMap((b) => [`${a}\n${b}`, `${b}\n${a}`])))
    for (const pair of pairs) {
      const [a = '', b = ''] = pair.split('\n')
      const bits = (weight(a, b) > 0 ? 1 : 0) + (weight(b, a) > 0 ? 2 : 0)
      lines.push(`${relation} ${a} ${b} ${bits} ${Math.max(weight(a, b), weight(b, a))}`)
    }
  }
  return lines.sort()
}

/** A thousand edges apart from those under test, so that repeats among those are few. */
const far: readonly PlainEdge[] = Array.from({ length: 1_000 }, (_, i) => ({
  source: `far-${i}`,
  target: `far-${i + 1}`,
  relation: 'follow',
  weight: 1,
}))

const anyEdges: fc.Arbitrary<PlainEdge[]> = fc.array(
  fc.record({
    source: fc.constantFrom('a', 'b', 'c', 'd', 'é', '😀', 'account with spaces'),
    target: fc.constantFrom('a', 'b', 'c', 'd', 'é', '😀', 'x'),
    relation: fc.constantFrom('follow', 'like', 'hashtag', 'knows'),
    weight: fc.constantFrom(1, 1, 1, 2, 0.5),
    atMs: fc.constantFrom(undefined, 10, 20, 30),
  }),
  { maxLength: 120 },
)

test('a graph says of every pair what an obvious reference says: who acted, and how much', () => {
  fc.assert(
    fc.property(anyEdges, (edges) => {
      const graph = build(edges)
      const reference = plainGraph(edges)
      assert.deepEqual(told(graph), toldByReference(edges))
      assert.equal(graph.edgeCount, reference.edgeCount)
      assert.equal(graph.duplicates, reference.duplicates)
      assert.equal(graph.selfLoops, reference.selfLoops)
    }),
  )
})

test('it does so too when only a few edges of many come twice', () => {
  fc.assert(
    fc.property(anyEdges, (edges) => {
      const all = [...far, ...edges.map((edge) => ({ ...edge, weight: 1 }))]
      assert.deepEqual(told(Graph.from(build(all).toBuffer())), toldByReference(all))
    }),
    { numRuns: 30 },
  )
})

test('a stored graph reads back as the same graph', () => {
  fc.assert(
    fc.property(anyEdges, (edges) => {
      const graph = build(edges)
      const again = Graph.from(graph.toBuffer())
      assert.deepEqual(told(again), told(graph))
      for (let u = 0; u < graph.nodeCount; u++) {
        assert.equal(again.nodeOf(graph.idOf(u)), u)
        assert.equal(again.isAccount(u), graph.isAccount(u))
      }
      assert.deepEqual(again.relations, graph.relations)
      assert.equal(again.selfLoops, graph.selfLoops)
      assert.equal(again.duplicates, graph.duplicates)
    }),
  )
})

test('a stored graph can be handed to a worker', () => {
  const buffer = build([{ source: 'a', target: 'b', relation: 'follow', weight: 1 }]).toBuffer()
  const moved = structuredClone(buffer, { transfer: [buffer] })
  assert.equal(Graph.from(moved).edgeCount, 1)
})

test('bytes that are no stored graph are refused by code, wherever they are cut', () => {
  const buffer = build([
    { source: 'a', target: 'b', relation: 'follow', weight: 2 },
    { source: 'b', target: 'c', relation: 'follow', weight: 1 },
  ]).toBuffer()
  for (const length of [0, 3, 15, 16, 40, buffer.byteLength - 8])
    assert.throws(() => Graph.from(buffer.slice(0, length)), { code: 'graph/buffer' })
  const foreign = buffer.slice(0)
  new Uint8Array(foreign)[0] = 0
  assert.throws(() => Graph.from(foreign), { code: 'graph/buffer' })
  const newer = buffer.slice(0)
  for (const version of [1, 99]) {
    new Uint32Array(newer)[1] = version
    assert.throws(() => Graph.from(newer), { code: 'graph/buffer-version' })
  }
})

test('nothing at all, one account with itself, and two accounts are graphs too', () => {
  const empty = new GraphBuilder().finish()
  assert.equal(empty.nodeCount, 0)
  assert.equal(empty.nodeOf('a'), -1)
  assert.equal(Graph.from(empty.toBuffer()).nodeCount, 0)
  const loop = build([{ source: 'a', target: 'a', relation: 'follow', weight: 1 }])
  assert.deepEqual([loop.nodeCount, loop.edgeCount, loop.selfLoops], [1, 0, 1])
  const pair = build([{ source: 'a', target: 'b', relation: 'follow', weight: 1 }])
  assert.deepEqual([pair.nodeCount, pair.edgeCount, pair.degreeOf(0)], [2, 1, 1])
})

test('a hundred thousand comments are one edge of weight 100,000; one comment told as often has weight 1', () => {
  for (const [relation, at, weight] of [
    ['comment', (i: number) => i, 100_000],
    ['comment', () => 7, 1],
    ['comment', () => undefined, 1],
    ['follow', (i: number) => i, 1],
  ] as const) {
    const builder = new GraphBuilder()
    for (let i = 0; i < 100_000; i++) builder.add('a', 'b', relation, 1, at(i))
    const graph = builder.finish()
    assert.deepEqual([graph.edgeCount, graph.duplicates, weightAt(graph.relationRows[0]!, 0)], [1, 99_999, weight])
  }
})

test('a hub with 100,000 followers is one sorted row', () => {
  const builder = new GraphBuilder()
  for (let i = 0; i < 100_000; i++) builder.add(`acct-${(i * 7919) % 100_000}`, 'hub', 'follow', 1, i)
  const graph = builder.finish()
  const { offsets, arcs, times } = graph.relationRows[0]!
  const hub = graph.nodeOf('hub')
  const row = arcs.subarray(offsets[hub]!, offsets[hub + 1]!)
  assert.equal(row.length, 100_000)
  assert.ok(row.every((arc, i) => i === 0 || arc > row[i - 1]!))
  const follower = graph.nodeOf('acct-7919')
  const at = row.indexOf(follower * 4 + 2)
  assert.equal(times![offsets[hub]! + at], 1)
})

test('hashtags are items and never accounts; an account that is also named as a target stays an account', () => {
  const graph = build([
    { source: 'a', target: '#paperlantern', relation: 'hashtag', weight: 1 },
    { source: 'b', target: '#paperlantern', relation: 'hashtag', weight: 1 },
    { source: 'a', target: 'b', relation: 'identifier', weight: 1 },
  ])
  assert.deepEqual(
    ['a', 'b', '#paperlantern'].map((id) => graph.isAccount(graph.nodeOf(id))),
    [true, true, false],
  )
})

test('a relation of unknown name leads to items when its shared targets never act, and to accounts otherwise', () => {
  const visits = build(['a', 'b', 'c'].map((source) => ({ source, target: 'place', relation: 'visited', weight: 1 })))
  assert.equal(visits.isAccount(visits.nodeOf('place')), false)
  const knows = build(
    [
      ['a', 'b'],
      ['b', 'c'],
      ['a', 'c'],
    ].map(([source, target]) => ({ source: source!, target: target!, relation: 'knows', weight: 1 })),
  )
  assert.equal(knows.isAccount(knows.nodeOf('c')), true)
})

test('a finished builder, a weight that is no positive number and a node that does not exist are mistakes with a code', () => {
  const builder = new GraphBuilder()
  for (const weight of [0, -1, Number.NaN, Number.POSITIVE_INFINITY])
    assert.throws(() => builder.add('a', 'b', 'follow', weight), { code: 'graph/weight' })
  const graph = builder.finish()
  assert.throws(() => builder.add('a', 'b'), { code: 'graph/finished' })
  assert.throws(() => builder.finish(), { code: 'graph/finished' })
  assert.throws(() => graph.idOf(0), { code: 'graph/node' })
  assert.throws(() => graph.idOf(-1), { code: 'graph/node' })
})
