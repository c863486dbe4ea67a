import { type FusedAdjacency, type Graph, GraphBuilder } from '@firebreak/graph'
import { type Random, randomInt } from '@firebreak/kernel'
import type { Dataset } from './datasets.ts'

/** A dataset as the product sees it: node n of the dataset has the id String(n). */
export interface BuiltGraph {
  readonly graph: Graph
  readonly fused: FusedAdjacency
  /** Dataset number → graph number. */
  readonly nodeOf: Int32Array
  /** Graph number → dataset number, -1 for items. */
  readonly datasetOf: Int32Array
}

/** An extra edge laid over a dataset: numbers are dataset accounts (or new ones), strings are items. */
export interface LaidEdge {
  readonly source: number
  readonly target: number | string
  readonly relation: string
}

/**
 * Runs a dataset and what is laid over it through the real builder. With `direct`, each edge of the dataset becomes a
 * follow in a random direction, one in five answered; without, the edges are listed as they stand.
 */
export function buildGraph(dataset: Dataset, laid: Iterable<LaidEdge> = [], direct: Random | null = null): BuiltGraph {
  const builder = new GraphBuilder()
  const { edges } = dataset
  for (let i = 0; i < edges.length; i += 2) {
    const pair = [String(edges[i]), String(edges[i + 1])] as const
    const first = direct === null ? 0 : randomInt(direct, 2)
    builder.add(pair[first] as string, pair[1 - first] as string)
    if (direct !== null && direct() < 0.2) builder.add(pair[1 - first] as string, pair[first] as string)
  }
  for (const { source, target, relation } of laid) builder.add(String(source), String(target), relation)
  const graph = builder.finish()
  const datasetOf = new Int32Array(graph.nodeCount).fill(-1)
  let highest = dataset.nodeCount
  for (let n = 0; n < graph.nodeCount; n++) {
    const number = Number(graph.idOf(n))
    if (!Number.isInteger(number)) continue
    datasetOf[n] = number
    highest = Math.max(highest, number + 1)
  }
  const nodeOf = new Int32Array(highest).fill(-1)
  datasetOf.forEach((number, n) => {
    if (number >= 0) nodeOf[number] = n
  })
  return { graph, fused: graph.fused(), nodeOf, datasetOf }
}
