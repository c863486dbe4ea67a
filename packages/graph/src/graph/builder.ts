import { FirebreakError } from '@firebreak/kernel'
import { EdgeList } from './edge-list.ts'
import { Graph } from './graph.ts'
import { grown, IdTable } from './id-table.ts'
import { findItems } from './items.ts'
import { findListing } from './listing-order.ts'
import { buildRows } from './relation-rows.ts'
import { relationWords } from './relations.ts'

/**
 * Collects edges, then becomes a graph: `add` as often as you like, `finish` once. "source acts on target".
 * Repeated edges add their weights, self-loops are counted and dropped. 8 bytes per edge while collecting.
 */
export class GraphBuilder {
  #ids = new IdTable()
  #lists = new Map<string, EdgeList>()
  #selfLoops = 0
  #rows = 0
  /** Row in which a node first acted, from 1; 0 = never. Tells whether a file lists undirected edges once. */
  #firstActed = new Uint32Array(1024)
  #lastName = ''
  #lastList: EdgeList | null = null
  #finished = false

  /** Adds one edge. `weight` must be finite and positive, `relation` defaults to `follow`. Amortised O(id length). */
  add(source: string, target: string, relation = 'follow', weight = 1, atMs?: number): void {
    this.#check(weight)
    this.addInterned(this.#ids.intern(source), this.#ids.intern(target), relation, weight, atMs)
  }

  /** The number of an id, for loaders that meet the same id many times in a row (sorted files). */
  intern(id: string): number {
    return this.#ids.intern(id)
  }

  /** The same for UTF-8 bytes `[start, end)`, without making a string. */
  internBytes(bytes: Uint8Array, start: number, end: number): number {
    return this.#ids.internBytes(bytes, start, end)
  }

  /** `add` for ids that are numbers already (from `intern` of this builder). */
  addInterned(source: number, target: number, relation = 'follow', weight = 1, atMs?: number): void {
    this.#check(weight)
    if (source === target) {
      this.#selfLoops++
      return
    }
    this.#rows++
    if (source >= this.#firstActed.length) this.#firstActed = grown(this.#firstActed, source + 1)
    if (this.#firstActed[source] === 0) this.#firstActed[source] = this.#rows
    this.#listOf(relation).add(source, target, weight, atMs)
  }

  /** Sorts, merges and freezes. The builder is used up. Cost: O(edges · log of the longest row). */
  finish(): Graph {
    if (this.#finished) throw new FirebreakError('graph/finished')
    this.#finished = true
    const nodeCount = this.#ids.size
    const relations = [...this.#lists].map(([name, list]) => buildRows(name, nodeCount, list))
    const { items, leadsToItem } = findItems(nodeCount, relations)
    const mayBeListed = relations.map((rows, i) => !leadsToItem[i] && !relationWords(rows.name).actorIsSure)
    const listing = findListing(this.#ids, this.#firstActed, relations, mayBeListed)
    return new Graph({ ids: this.#ids, relations, items, leadsToItem, listing, selfLoops: this.#selfLoops })
  }

  #check(weight: number): void {
    if (this.#finished) throw new FirebreakError('graph/finished')
    if (!(weight > 0) || weight === Number.POSITIVE_INFINITY) throw new FirebreakError('graph/weight', [weight])
  }

  #listOf(relation: string): EdgeList {
    if (relation === this.#lastName && this.#lastList) return this.#lastList
    let list = this.#lists.get(relation)
    if (!list) {
      list = new EdgeList()
      this.#lists.set(relation, list)
    }
    this.#lastName = relation
    this.#lastList = list
    return list
  }
}
