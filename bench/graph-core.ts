/**
 * The graph in memory: load, bytes per edge, store, and what a question from three seeds costs, on a generated power law
 * with a planted ring of 60; beside graphology on the smallest size. `npm run bench -- graph-core [edges,edges…]`
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { Graph, GraphBuilder, mapNetwork } from '@firebreak/graph'
import { sample, seededRandom } from '@firebreak/kernel'
import { DirectedGraph } from 'graphology'
import { pushPageRank } from '../packages/graph/src/rank/page-rank.ts'

const sizes = (process.argv[2] ?? '1000000,10000000').split(',').map(Number)
const RING = 60
const QUERIES = 25
const MEGABYTE = 2 ** 20

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

function held(): number {
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

function idOf(node: number): string {
  return `acct-${node}`
}

/** Edges one after the other: most targets are ordinary, few are very popular; every ring member follows a third of the ring. */
function eachEdge(edges: number, visit: (source: string, target: string) => void): void {
  const random = seededRandom(edges)
  const nodes = edges / 10
  for (let i = 0; i < edges; i++) {
    const popularity = random() < 0.5 ? random() : random() ** 4
    visit(idOf(Math.floor(random() * nodes)), idOf(Math.floor(popularity * nodes)))
  }
  for (let a = 0; a < RING; a++)
    for (let b = 0; b < RING; b++) if (a !== b && random() < 0.3) visit(ringMember(nodes, a), ringMember(nodes, b))
}

function ringMember(nodes: number, i: number): string {
  return idOf(Math.floor(nodes / 2) + i * 37)
}

function timed<T>(run: () => T): [ms: number, result: T] {
  const start = performance.now()
  const result = run()
  return [performance.now() - start, result]
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

function csrBytes(graph: Graph): number {
  return graph.relationRows.reduce((sum, { offsets, arcs, weights, repeated }) => {
    const heavy = (weights?.byteLength ?? 0) + (repeated ? repeated.at.byteLength + repeated.weights.byteLength : 0)
    return sum + offsets.byteLength + arcs.byteLength + heavy
  }, 0)
}

function measureOurs(edges: number): Record<string, string | number> {
  const before = held()
  const builder = new GraphBuilder()
  const [addMs] = timed(() => eachEdge(edges, (source, target) => builder.add(source, target)))
  const [generateMs] = timed(() => eachEdge(edges, () => {}))
  const [finishMs, graph] = timed(() => builder.finish())
  const memory = held() - before
  const csr = csrBytes(graph)
  const [storeMs, buffer] = timed(() => graph.toBuffer())
  const [openMs] = timed(() => Graph.from(buffer))
  const nodes = edges / 10
  const random = seededRandom('queries')
  const ring = Array.from({ length: RING }, (_, i) => ringMember(nodes, i))
  const adjacency = graph.fused()
  const [firstMs] = timed(() => mapNetwork(graph, { seeds: ring.slice(0, 3) }))
  const pushes: number[] = []
  const queries: number[] = []
  for (let i = 0; i < QUERIES; i++) {
    const seeds = sample(random, ring, 3)
    const starts = seeds.map((seed) => graph.nodeOf(seed))
    pushes.push(timed(() => starts.map((seed) => pushPageRank(adjacency, seed, 0.1, 1e-5)))[0])
    queries.push(timed(() => mapNetwork(graph, { seeds }))[0])
  }
  return {
    edges: graph.edgeCount,
    'add s (ids as strings)': ((addMs - generateMs) / 1000).toFixed(2),
    'finish s': (finishMs / 1000).toFixed(2),
    'CSR B/edge': (csr / graph.edgeCount).toFixed(2),
    'held B/edge with ids': (memory / graph.edgeCount).toFixed(1),
    'store ms': Math.round(storeMs),
    'open ms': Math.round(openMs),
    'first query ms': Math.round(firstMs),
    'push p50 ms': median(pushes).toFixed(1),
    'query p50 ms': median(queries).toFixed(1),
    'RSS MB': Math.round(process.memoryUsage().rss / MEGABYTE),
  }
}

function measureGraphology(edges: number): Record<string, string | number> {
  const before = held()
  const graph = new DirectedGraph()
  const [ms] = timed(() => eachEdge(edges, (source, target) => graph.mergeEdge(source, target)))
  const [generateMs] = timed(() => eachEdge(edges, () => {}))
  const memory = held() - before
  return {
    edges: graph.size,
    'load s': ((ms - generateMs) / 1000).toFixed(2),
    'held B/edge with ids': (memory / graph.size).toFixed(1),
  }
}

// First, so that nothing of ours is on the heap yet.
const peer = measureGraphology(Math.min(...sizes))
console.log('Firebreak')
console.table(sizes.map(measureOurs))
console.log('graphology, directed, the same edges')
console.table([peer])
