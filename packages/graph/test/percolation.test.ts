import assert from 'node:assert/strict'
import test from 'node:test'
import { seededRandom } from '@firebreak/kernel'
import fc from 'fast-check'
import { type FusedAdjacency, type Graph, GraphBuilder } from '../src/index.ts'
import { LEVELS, percolate } from '../src/rank/percolation.ts'

/** The same growth by asking every account anew each time. */
function slowly(graph: FusedAdjacency, start: readonly number[]): { nodes: number[]; levels: number[] } {
  const nodes: number[] = []
  const levels: number[] = []
  const take = (u: number, level: number): void => {
    if (nodes.includes(u)) return
    nodes.push(u)
    levels.push(level)
  }
  for (const u of start) take(u, LEVELS[0])
  const row = (u: number) =>
    Array.from({ length: graph.offsets[u + 1]! - graph.offsets[u]! }, (_, i) => graph.offsets[u]! + i)
  const volume = (u: number) => row(u).reduce((sum, a) => sum + (graph.weights?.[a] ?? 1), 0)
  const everybody = Array.from({ length: graph.nodeCount }, (_, u) => u)
  const total = everybody.reduce((sum, u) => sum + volume(u), 0)
  const ties = (u: number) =>
    nodes.reduce((sum, c) => {
      const arc = row(c).find((a) => graph.arcs[a]! >>> 2 === u)
      const bits = arc === undefined ? 0 : graph.arcs[arc]! & 3
      return sum + ((bits & 2) === 0 ? 0 : (graph.weights?.[arc!] ?? 1) * (bits === 3 ? 1 : 0.5))
    }, 0)
  for (const level of LEVELS)
    for (;;) {
      const own = nodes.reduce((sum, c) => sum + volume(c), 0)
      const prior = Math.log(graph.nodeCount / Math.max(10, nodes.length))
      const found = everybody
        .filter((u) => !nodes.includes(u) && ties(u) >= 1.2)
        .map((u) => {
          const chance = Math.max(1e-6, (volume(u) * own) / total)
          const t = ties(u)
          return { u, margin: (t > chance ? t * Math.log(t / chance) - (t - chance) : 0) - prior }
        })
        .filter(({ margin }) => margin >= level)
        .sort((a, b) => b.margin - a.margin || a.u - b.u)
      if (found.length === 0) break
      for (const { u } of found.slice(0, Math.max(3, nodes.length >> 2))) take(u, level)
    }
  return { nodes, levels }
}

function graphFrom(pairs: readonly (readonly [number, number])[]): Graph {
  const builder = new GraphBuilder()
  // Comments have a direction, whatever order the rows come in.
  for (const [a, b] of pairs) if (a !== b) builder.add(`acct-${a}`, `acct-${b}`, 'comment')
  return builder.finish()
}

const pairs = fc.array(fc.tuple(fc.nat(30), fc.nat(30)), { minLength: 1, maxLength: 220 })

test('a group grows as it does when everybody is asked anew each time', () => {
  fc.assert(
    fc.property(pairs, fc.array(fc.nat(30), { maxLength: 6 }), (edges, wanted) => {
      const graph = graphFrom(edges)
      const start = wanted.map((i) => graph.nodeOf(`acct-${i}`)).filter((u) => u >= 0)
      const { nodes, levels } = percolate(graph.fused(), start)
      assert.deepEqual({ nodes, levels }, slowly(graph.fused(), start))
    }),
    { numRuns: 200 },
  )
})

/** A ring of a hundred in a long chain, among twenty thousand accounts with contacts of their own. */
function chainInACrowd(): { graph: Graph; members: string[] } {
  const random = seededRandom('chain in a crowd')
  const members = Array.from({ length: 100 }, (_, i) => `acct-${i}`)
  const edges: [number, number][] = []
  for (let i = 0; i < 100; i++)
    for (let step = 1; step <= 4; step++) edges.push([i, (i + step) % 100], [(i + step) % 100, i])
  for (let i = 0; i < 40_000; i++) edges.push([Math.floor(random() * 20_000), Math.floor(random() * 20_000)])
  return { graph: graphFrom(edges), members }
}

test('a long chain is followed to its other end, though nobody there is near the seeds', () => {
  const { graph, members } = chainInACrowd()
  const start = ['acct-0', 'acct-1', 'acct-2'].map((id) => graph.nodeOf(id))
  const { nodes } = percolate(graph.fused(), start)
  const isMember = new Set(members.map((id) => graph.nodeOf(id)))
  assert.ok(nodes.filter((u) => isMember.has(u)).length > 95, 'nearly the whole chain')
  assert.ok(
    nodes.every((u) => isMember.has(u)),
    'and nobody else',
  )
})

test('whoever the group acts on, without acting itself, never comes in', () => {
  const edges: [number, number][] = []
  for (let i = 0; i < 12; i++) for (let j = 0; j < 12; j++) if (i !== j) edges.push([i, j])
  for (let i = 0; i < 12; i++) edges.push([i, 100])
  for (let i = 200; i < 5_000; i++) edges.push([i, i + 1])
  edges.push([100, 200])
  const graph = graphFrom(edges)
  const { nodes } = percolate(
    graph.fused(),
    [0, 3, 6].map((i) => graph.nodeOf(`acct-${i}`)),
  )
  assert.ok(nodes.length >= 12)
  assert.ok(!nodes.includes(graph.nodeOf('acct-100')))
})

test('nobody, one account and accounts named twice are fine', () => {
  const graph = graphFrom([[1, 2]])
  assert.deepEqual(percolate(graph.fused(), []).nodes, [])
  const one = graph.nodeOf('acct-1')
  assert.deepEqual(percolate(graph.fused(), [one, one]).nodes, [one])
})
