import { FirebreakError } from '@firebreak/kernel'
import { canonicalOrder } from './canonical-order.ts'
import { EdgeList } from './edge-list.ts'
import { Graph } from './graph.ts'
import { grown, IdTable } from './id-table.ts'
import { ACTS, findItemRelations, targetMark } from './items.ts'
import { findListing } from './listing-order.ts'
import { buildRows } from './relation-rows.ts'
import { relationWords } from './relations.ts'

/**
 * Collects edges, then becomes a graph: `add` as often as you like, `finish` once. "source acts on target".
 * The graph depends on the set of edges alone, never on the order in which they came or on the same one coming twice. Acts of
 * one pair at different times add their weights where acts are counted (comments), elsewhere the latest stands (follows);
 * of several at one time, or without one, the heaviest counts. Self-loops are counted and dropped.
 * 8 bytes per edge while collecting.
 */
export class GraphBuilder {
  #ids = new IdTable()
  #lists = new Map<string, EdgeList>()
  #selfLoops = 0
  /** Per node: it acted, it was acted on as accounts are. */
  #marks = new Uint8Array(1024)
  #lastName = ''
  #lastList: EdgeList | null = null
  #lastMark = 0
  #finished = false

  /** Adds one edge. `weight` must be finite and positive, `relation` defaults to `follow`. Amortised O(id length). */
  add(source: string, target: string, relation = 'follow', weight = 1, atMs?: number): void {
    this.#check(weight)
    this.addInterned(this.#ids.intern(source), this.#ids.intern(target), relation, weight, atMs)
  }

  /** The number of an id while edges are collected, for loaders that meet it many times; the graph has numbers of its own. */
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
    const list = this.#listOf(relation)
    const last = source > target ? source : target
    if (last >= this.#marks.length) this.#marks = grown(this.#marks, last + 1)
    this.#marks[source]! |= ACTS
    this.#marks[target]! |= this.#lastMark
    list.add(source, target, weight, atMs)
  }

  /** Sorts, merges and freezes. The builder is used up. Cost: O(edges · log of the longest row). */
  finish(): Graph {
    if (this.#finished) throw new FirebreakError('graph/finished')
    this.#finished = true
    const nodeCount = this.#ids.size
    const lists = [...this.#lists].sort(([a], [b]) => (a < b ? -1 : 1))
    const leadsToItem = findItemRelations(this.#marks, lists)
    const accountCount = this.#renumber()
    const relations = lists.map(([name, list]) => buildRows(name, nodeCount, list))
    const mayBeListed = relations.map((rows, i) => !leadsToItem[i] && !relationWords(rows.name).actorIsSure)
    const listing = findListing(this.#ids, relations, mayBeListed)
    return new Graph({ ids: this.#ids, relations, accountCount, leadsToItem, listing, selfLoops: this.#selfLoops })
  }

  /** Gives ids and edges their numbers in the graph. */
  #renumber(): number {
    const marks = this.#marks
    const { order, accountCount } = canonicalOrder(this.#ids, (node) => (marks[node] ?? 0) !== 0)
    const rank = new Uint32Array(order.length)
    for (let node = 0; node < order.length; node++) rank[order[node] as number] = node
    this.#ids.renumber(order, rank)
    for (const list of this.#lists.values()) list.renumber(rank)
    return accountCount
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
    this.#lastMark = targetMark(relation)
    return list
  }
}
