import assert from 'node:assert/strict'
import test from 'node:test'
import { type Random, randomInt, seededRandom } from '@firebreak/kernel'
import { actedBits, type Graph, GraphBuilder } from '../src/index.ts'

/** Random friendships among n people in groups, each once, as pairs of numbers. */
function friendships(n: number, random: Random): [number, number][] {
  const pairs = new Map<string, [number, number]>()
  for (let i = 0; i < n * 4; i++) {
    const a = randomInt(random, n)
    const b = random() < 0.7 ? a - (a % 20) + randomInt(random, 20) : randomInt(random, n)
    if (a !== b && b < n) pairs.set(`${Math.min(a, b)} ${Math.max(a, b)}`, [Math.min(a, b), Math.max(a, b)])
  }
  return [...pairs.values()].sort((p, q) => p[0] - q[0] || p[1] - q[1])
}

function build(pairs: readonly (readonly [unknown, unknown])[], relation = 'follow'): Graph {
  const builder = new GraphBuilder()
  for (const [a, b] of pairs) builder.add(String(a), String(b), relation)
  return builder.finish()
}

/** Share of arcs on which the row's own account counts as acting. */
function ownShare(graph: Graph): number {
  const adjacency = graph.fused()
  let own = 0
  for (let u = 0; u < graph.nodeCount; u++)
    for (let a = adjacency.offsets[u]!; a < adjacency.offsets[u + 1]!; a++)
      own += actedBits(adjacency, u, adjacency.arcs[a]!) & 1
  return own / adjacency.arcs.length
}

const names = (random: Random) => {
  const given = new Map<number, string>()
  return (n: number) => {
    if (!given.has(n)) given.set(n, `p${Math.floor(random() * 1e12).toString(36)}`)
    return given.get(n)!
  }
}

test('a file that lists each friendship once, smaller number first, is read as undirected', () => {
  const pairs = friendships(300, seededRandom(1))
  assert.equal(ownShare(build(pairs)), 1)
  assert.equal(ownShare(build(pairs.map(([a, b]) => [b, a]))), 1)
})

test('so is one with numbers of fifteen digits', () => {
  const pairs = friendships(300, seededRandom(7)).map(([a, b]) => [`${9e14 + a}`, `${9e14 + b}`] as const)
  assert.equal(ownShare(build(pairs)), 1)
  assert.equal(ownShare(build(pairs.map(([a, b]) => [b, a]))), 1)
})

test('so is one in alphabetical order, and one whose names say nothing but whose rows keep the order', () => {
  const random = seededRandom(2)
  const pairs = friendships(300, random)
  const padded = pairs.map(
    ([a, b]) => [`acct-${String(a).padStart(4, '0')}`, `acct-${String(b).padStart(4, '0')}`] as const,
  )
  assert.equal(ownShare(build(padded)), 1)
  const name = names(random)
  assert.equal(ownShare(build(pairs.map(([a, b]) => [name(a), name(b)]))), 1)
})

test('rows in random directions are believed', () => {
  const random = seededRandom(3)
  const pairs = friendships(300, random).map(([a, b]) => (random() < 0.5 ? [a, b] : [b, a]) as [number, number])
  const share = ownShare(build(pairs))
  assert.ok(share > 0.45 && share < 0.55, String(share))
})

test('newcomers who follow elders, and fans who follow stars, are believed although no row goes back', () => {
  const random = seededRandom(4)
  const elders: [number, number][] = []
  for (let newcomer = 5; newcomer < 400; newcomer++)
    for (let i = 0; i < 4; i++) elders.push([newcomer, Math.floor(newcomer * random() ** 2)])
  assert.ok(ownShare(build(elders)) < 0.6)
  const fans = Array.from({ length: 500 }, (_, i): [number, number] => [i, 1000 + randomInt(random, 5)])
  assert.ok(ownShare(build(fans)) < 0.6)
})

test('a mention or a backup has a direction in whatever order it is written', () => {
  assert.ok(ownShare(build(friendships(300, seededRandom(5)), 'mention')) < 0.6)
})

test('in an undirected list, a row against the order still says who acted', () => {
  const pairs = friendships(300, seededRandom(6))
  const graph = build([...pairs, ['299', '7']])
  const adjacency = graph.fused()
  const [u, v] = [graph.nodeOf('299'), graph.nodeOf('7')]
  for (let a = adjacency.offsets[v]!; a < adjacency.offsets[v + 1]!; a++)
    if (adjacency.arcs[a]! >>> 2 === u) assert.equal(actedBits(adjacency, v, adjacency.arcs[a]!), 2)
})
