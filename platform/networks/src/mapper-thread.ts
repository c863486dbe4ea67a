import { parentPort } from 'node:worker_threads'
import { type Graph, GraphBuilder, type MapOptions, type MapQuery, mapNetwork } from '@firebreak/graph'
import { seededRandom } from '@firebreak/kernel'
import type { LedgerEdge } from '@firebreak/ledger'

/** What the mapper asks of its thread. Edges come in batches, then `finish`, then any number of questions. */
export type MapperRequest =
  | { readonly kind: 'clear' }
  | { readonly kind: 'edges'; readonly edges: readonly LedgerEdge[] }
  | { readonly kind: 'finish'; readonly id: number }
  | { readonly kind: 'map'; readonly id: number; readonly query: MapQuery; readonly options: MapOptions }
  | { readonly kind: 'sample'; readonly id: number; readonly count: number; readonly seed: number }

export type MapperReply =
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'progress'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly message: string }

let builder = new GraphBuilder()
let graph: Graph | null = null
const port = parentPort!
const send = (reply: MapperReply): void => port.postMessage(reply)

port.on('message', (request: MapperRequest) => {
  if (request.kind === 'clear') builder = new GraphBuilder()
  else if (request.kind === 'edges') {
    for (const { source, target, relation, weight, firstAt } of request.edges)
      builder.add(source, target, relation, weight, firstAt)
  } else {
    try {
      send({ kind: 'answer', id: request.id, value: answer(request) })
    } catch (error) {
      send({ kind: 'failed', id: request.id, message: error instanceof Error ? error.message : String(error) })
    }
  }
})

function answer(request: Extract<MapperRequest, { id: number }>): unknown {
  if (request.kind === 'finish') {
    graph = builder.finish()
    builder = new GraphBuilder()
    return { nodes: graph.nodeCount, edges: graph.edgeCount }
  }
  if (graph === null) throw new Error('the graph is not built yet')
  if (request.kind === 'sample') return sampleAccounts(graph, request.count, request.seed)
  return mapNetwork(graph, request.query, {
    ...request.options,
    onProgress: (value) => send({ kind: 'progress', id: request.id, value }),
  })
}

/** Random accounts with at least three links: seeds for the question "what if these were no network at all?". */
function sampleAccounts(from: Graph, count: number, seed: number): string[] {
  const random = seededRandom(seed)
  const chosen = new Set<string>()
  for (let tries = 0; tries < 10_000 && chosen.size < count; tries++) {
    const node = Math.floor(random() * from.accountCount)
    if (from.isAccount(node) && from.degreeOf(node) >= 3) chosen.add(from.idOf(node))
  }
  return [...chosen]
}
