import type { FusedAdjacency } from '../fused/adjacency.ts'
import { fuse } from '../fused/fuse.ts'
import { readGraph, writeGraph } from './graph-file.ts'
import type { IdTable } from './id-table.ts'
import type { Listing } from './listing-order.ts'
import type { RelationRows } from './relation-rows.ts'

export interface GraphParts {
  readonly ids: IdTable
  readonly relations: readonly RelationRows[]
  readonly accountCount: number
  readonly leadsToItem: readonly boolean[]
  readonly listing: Listing | null
  readonly selfLoops: number
}

/**
 * Accounts, shared items and who acted on whom, frozen: made by `GraphBuilder.finish` or `Graph.from`.
 * Nodes are numbers from 0, accounts before items, in an order that depends on the ids alone. 8.4 bytes per edge of one plain relation,
 * ids apart.
 */
export class Graph {
  readonly nodeCount: number
  /** Nodes below this number are accounts; the others are items, or have no edge. */
  readonly accountCount: number
  /** Distinct directed edges over all relations. */
  readonly edgeCount: number
  /** Input rows that repeated an edge: the same fact again, or another act of the pair. */
  readonly duplicates: number
  /** Input rows from a node to itself; dropped. */
  readonly selfLoops: number
  readonly relations: readonly string[]
  readonly relationRows: readonly RelationRows[]
  /** Per relation: it leads from accounts to items. */
  readonly leadsToItem: readonly boolean[]
  /** The order of a file that lists undirected edges once; null when direction is to be believed everywhere. */
  readonly listing: Listing | null
  readonly #parts: GraphParts
  readonly #fused = new Map<boolean, FusedAdjacency>()

  constructor(parts: GraphParts) {
    this.#parts = parts
    this.nodeCount = parts.ids.size
    this.accountCount = parts.accountCount
    this.relationRows = parts.relations
    this.relations = parts.relations.map((rows) => rows.name)
    this.leadsToItem = parts.leadsToItem
    this.listing = parts.listing
    this.selfLoops = parts.selfLoops
    this.edgeCount = parts.relations.reduce((sum, rows) => sum + rows.edgeCount, 0)
    this.duplicates = parts.relations.reduce((sum, rows) => sum + rows.duplicates, 0)
  }

  /** The id of a node; throws `graph/node` outside 0 … nodeCount − 1. */
  idOf(node: number): string {
    return this.#parts.ids.idOf(node)
  }

  /** The node of an id, -1 when the graph does not know it. */
  nodeOf(id: string): number {
    return this.#parts.ids.find(id)
  }

  /** False for hashtags, identifiers and other items, which are never listed. */
  isAccount(node: number): boolean {
    return node >= 0 && node < this.accountCount
  }

  /** How many edges touch a node, over all relations; a mutual edge counts once. O(relations). */
  degreeOf(node: number): number {
    return this.relationRows.reduce((sum, { offsets }) => sum + offsets[node + 1]! - offsets[node]!, 0)
  }

  /** The rows of a relation by name, undefined when the graph has none. */
  rows(relation: string): RelationRows | undefined {
    return this.relationRows.find((rows) => rows.name === relation)
  }

  /** All relations as one undirected neighbourhood per account. Built once on first use: O(edges). */
  fused(directed = false): FusedAdjacency {
    let fused = this.#fused.get(directed)
    if (!fused) {
      fused = fuse(this, directed)
      this.#fused.set(directed, fused)
    }
    return fused
  }

  /** The whole graph as one buffer with a versioned header, to store or to hand to a worker. A copy. */
  toBuffer(): ArrayBuffer {
    return writeGraph(this.#parts)
  }

  /** A graph from `toBuffer`'s bytes, sharing their memory. Throws `graph/buffer` when they are something else or cut short. */
  static from(buffer: ArrayBuffer): Graph {
    return new Graph(readGraph(buffer))
  }
}
