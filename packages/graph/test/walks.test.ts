import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { type FusedAdjacency, type Graph, GraphBuilder } from '../src/index.ts'
import { adamicAdar } from '../src/rank/co-neighbours.ts'
import { heatKernel } from '../src/rank/heat.ts'
import { pushPageRank } from '../src/rank/page-rank.ts'
import type { Sparse } from '../src/rank/scratch.ts'

/** The adjacency as a full matrix: what the fast walks are compared with. */
function matrixOf({ nodeCount, offsets, arcs, weights }: FusedAdjacency): number[][] {
  const matrix = Array.from({ length: nodeCount }, () => new Array<number>(nodeCount).fill(0))
  for (let u = 0; u < nodeCount; u++)
    for (let a = offsets[u]!; a < offsets[u + 1]!; a++) matrix[u]![arcs[a]! >>> 2] = weights ? weights[a]! : 1
  return matrix
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

/** One step of the walk; accounts without neighbours keep their mass. */
function step(matrix: readonly (readonly number[])[], mass: readonly number[]): number[] {
  const next = mass.map((held, u) => (sum(matrix[u]!) === 0 ? held : 0))
  matrix.forEach((row, u) => {
    const degree = sum(row)
    row.forEach((weight, v) => {
      if (weight > 0) next[v]! += (mass[u]! * weight) / degree
    })
  })
  return next
}

function densePageRank(matrix: number[][], seed: number, alpha: number): number[] {
  let mass = matrix.map((_, u): number => (u === seed ? 1 : 0))
  const home = mass.slice()
  for (let i = 0; i < 400; i++) mass = step(matrix, mass).map((held, u) => alpha * home[u]! + (1 - alpha) * held)
  return mass
}

function denseHeat(matrix: number[][], seed: number, time: number): number[] {
  let walk = matrix.map((_, u): number => (u === seed ? 1 : 0))
  let poisson = Math.exp(-time)
  const mass = walk.map((held) => held * poisson)
  for (let k = 1; k < 60; k++) {
    walk = step(matrix, walk)
    poisson *= time / k
    walk.forEach((held, u) => {
      mass[u]! += poisson * held
    })
  }
  return mass
}

function dense(sparse: Sparse, length: number): number[] {
  const full = new Array<number>(length).fill(0)
  sparse.nodes.forEach((node, i) => {
    full[node] = sparse.scores[i]!
  })
  return full
}

type Row = readonly [number, number, string]

function build(rows: readonly Row[], nodes: number): Graph {
  const builder = new GraphBuilder()
  for (let i = 0; i < nodes; i++) builder.intern(`n${i}`)
  for (const [a, b, relation] of rows) builder.add(`n${a}`, relation === 'hashtag' ? `#${b}` : `n${b}`, relation)
  return builder.finish()
}

const NODES = 14
const anyRows = fc.array(
  fc.tuple(fc.nat(NODES - 1), fc.nat(NODES - 1), fc.constantFrom('follow', 'follow', 'like', 'hashtag')),
  { maxLength: 70 },
)

test('local push gives every account its personalised PageRank, up to epsilon times its degree', () => {
  fc.assert(
    fc.property(anyRows, fc.nat(NODES - 1), (rows, seed) => {
      const adjacency = build(rows, NODES).fused()
      if (seed >= adjacency.nodeCount) return
      const matrix = matrixOf(adjacency)
      const exact = densePageRank(matrix, seed, 0.1)
      for (const epsilon of [1e-2, 1e-4]) {
        const fast = dense(pushPageRank(adjacency, seed, 0.1, epsilon), adjacency.nodeCount)
        exact.forEach((value, u) => {
          const degree = sum(matrix[u]!)
          assert.ok(fast[u]! <= value + 1e-6 && fast[u]! >= value - epsilon * Math.max(degree, 1) - 1e-6)
        })
      }
    }),
  )
})

test('the heat kernel agrees with its series summed in full, up to the one percent of long walks it leaves out', () => {
  fc.assert(
    fc.property(anyRows, fc.nat(NODES - 1), (rows, seed) => {
      const adjacency = build(rows, NODES).fused()
      if (seed >= adjacency.nodeCount) return
      const matrix = matrixOf(adjacency)
      if (sum(matrix[seed]!) === 0) return
      const exact = denseHeat(matrix, seed, 3)
      const fast = dense(heatKernel(adjacency, seed, 3, 1e-7), adjacency.nodeCount)
      exact.forEach((value, u) => {
        assert.ok(fast[u]! <= value + 1e-6 && fast[u]! >= value - 0.011)
      })
    }),
  )
})

test('a second walk on the same graph is not disturbed by the first', () => {
  fc.assert(
    fc.property(anyRows, fc.nat(NODES - 1), fc.nat(NODES - 1), (rows, one, other) => {
      const adjacency = build(rows, NODES).fused()
      const fresh = build(rows, NODES).fused()
      pushPageRank(adjacency, other, 0.1, 1e-4)
      heatKernel(adjacency, other, 3, 1e-4)
      adamicAdar(adjacency, other, 1_000)
      assert.deepEqual(pushPageRank(adjacency, one, 0.1, 1e-4), pushPageRank(fresh, one, 0.1, 1e-4))
      assert.deepEqual(heatKernel(adjacency, one, 3, 1e-4), heatKernel(fresh, one, 3, 1e-4))
      assert.deepEqual(adamicAdar(adjacency, one, 1_000), adamicAdar(fresh, one, 1_000))
    }),
  )
})

test('a walk from an account without neighbours stays there, and never crosses into another part', () => {
  const graph = build(
    [
      [1, 2, 'follow'],
      [0, 1, 'block'],
    ],
    3,
  )
  const [alone, other] = [graph.nodeOf('n0'), graph.nodeOf('n1')]
  assert.deepEqual([...pushPageRank(graph.fused(), alone, 0.1, 1e-6).nodes], [alone])
  assert.ok([...pushPageRank(graph.fused(), other, 0.1, 1e-6).nodes].every((node) => node !== alone))
})

test('a walk beside a hub with 100,000 followers touches few of them', () => {
  const rows: Row[] = Array.from({ length: 100_000 }, (_, i) => [i + 2, 0, 'follow'])
  rows.push([1, 0, 'follow'], [1, 2, 'follow'], [2, 3, 'follow'], [1, 3, 'follow'])
  const adjacency = build(rows, 4).fused()
  assert.ok(pushPageRank(adjacency, 1, 0.1, 1e-4).nodes.length < 100)
})
