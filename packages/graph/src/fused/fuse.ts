import type { Graph } from '../graph/graph.ts'
import { believedBits } from '../graph/listing-order.ts'
import { ACTED, BOTH_ACTED, type RelationRows, WAS_ACTED_ON, weightAt } from '../graph/relation-rows.ts'
import { AS_WRITTEN, type FusedAdjacency, SUPPORT } from './adjacency.ts'
import { ArcStore } from './arc-store.ts'
import { accountWeight, BACKUP, CROWD, damped, SHARED, sharedWeight } from './relation-weights.ts'
import { sharedItems } from './shared-items.ts'
import { unansweredContacts } from './unanswered.ts'

/**
 * Merges all relations into one weighted neighbourhood per account. A graph with one plain relation is handed on
 * without a copy (the few edges that came twice then count once). Cost: O(edges + pairs that share an item); pairs are bounded by dropping the largest items first.
 */
export function fuse(graph: Graph, directed: boolean): FusedAdjacency {
  const only = graph.relationRows.length === 1 && !graph.leadsToItem[0] ? graph.relationRows[0]! : null
  if (only && !directed && only.weights === null && accountWeight(only.name).weight === 1 && only.name !== 'backup') {
    const listing = graph.listing && { order: graph.listing, relation: 0 }
    const { arcs } = only
    const offsets = only.offsets.subarray(0, graph.accountCount + 1)
    return { nodeCount: graph.accountCount, offsets, arcs, weights: null, kinds: null, listing }
  }
  return new Fusion(graph, directed).run()
}

/** One pass over the accounts with scratch arrays as long as the graph; kept in a class only to share them. */
class Fusion {
  readonly #graph: Graph
  readonly #directed: boolean
  readonly #weight: Float64Array
  readonly #bits: Uint8Array
  readonly #kinds: Uint8Array
  /** Others met in the current row, unordered. */
  readonly #touched: Uint32Array
  #touchedCount = 0
  /** Others that the current account blocked, or whose block it ran into. */
  readonly #blocked = new Map<number, number>()
  /** Per relation between accounts and account: how many act on it without an answer. */
  readonly #crowds: readonly Uint32Array[]
  readonly #blockRows: RelationRows | undefined
  #unanswered: Uint8Array | undefined
  readonly #backups = new Map<number, number>()

  constructor(graph: Graph, directed: boolean) {
    this.#graph = graph
    this.#directed = directed
    this.#weight = new Float64Array(graph.accountCount)
    this.#bits = new Uint8Array(graph.accountCount)
    this.#kinds = new Uint8Array(graph.accountCount)
    this.#touched = new Uint32Array(graph.accountCount)
    this.#blockRows = graph.rows('block')
    this.#crowds = graph.relationRows.map((rows, i) => (graph.leadsToItem[i] ? new Uint32Array(0) : crowdsOf(rows)))
  }

  run(): FusedAdjacency {
    const { accountCount } = this.#graph
    const items = sharedItems(this.#graph)
    const store = new ArcStore(accountCount, this.#graph.edgeCount * 2)
    for (let u = 0; u < accountCount; u++) {
      this.#collect(u, items)
      this.#write(store)
      store.endRow(u)
    }
    return store.finish()
  }

  #collect(u: number, items: ReturnType<typeof sharedItems>): void {
    const { relationRows, leadsToItem } = this.#graph
    this.#readBlocks(u)
    relationRows.forEach((rows, relation) => {
      if (leadsToItem[relation]) this.#shareItems(u, rows, items[relation]!)
      else if (rows.name === 'backup') this.#readBackups(u, rows)
      else if (rows.name !== 'block') this.#readAccounts(u, rows, relation)
    })
    this.#weighBackups()
  }

  #readBlocks(u: number): void {
    if (this.#blocked.size > 0) this.#blocked.clear()
    const rows = this.#blockRows
    if (!rows) return
    for (let i = rows.offsets[u]!; i < rows.offsets[u + 1]!; i++)
      this.#blocked.set(rows.arcs[i]! >>> 2, rows.arcs[i]! & 3)
  }

  #readAccounts(u: number, rows: RelationRows, relation: number): void {
    const { weight, onlyMutual } = accountWeight(rows.name)
    if (rows.name === 'contact') this.#reachOutTogether(u, rows)
    for (let i = rows.offsets[u]!; i < rows.offsets[u + 1]!; i++) {
      const v = rows.arcs[i]! >>> 2
      const written = rows.arcs[i]! & 3 & ~this.#unwelcome(v)
      if (written === 0 || (onlyMutual && written !== BOTH_ACTED)) continue
      const bits = this.#directed ? written : believedBits(this.#graph.listing, relation, u, v * 4 + written)
      const crowd = bits === BOTH_ACTED ? 1 : this.#crowds[relation]![bits === ACTED ? v : u]!
      const strength = weight * damped(weightAt(rows, i)) * Math.min(1, CROWD / crowd)
      this.#add(v, strength, bits, SUPPORT.account | (written << AS_WRITTEN))
    }
  }

  /** Writing to the same accounts, none of which answers, is something two accounts do together. */
  #reachOutTogether(u: number, rows: RelationRows): void {
    this.#unanswered ??= unansweredContacts(this.#graph, rows)
    for (let i = rows.offsets[u]!; i < rows.offsets[u + 1]!; i++) {
      if ((rows.arcs[i]! & BOTH_ACTED) !== ACTED) continue
      const target = rows.arcs[i]! >>> 2
      const from = rows.offsets[target]!
      const to = rows.offsets[target + 1]!
      if (to - from > SHARED.mostByIdentifier || !this.#isUnanswered(rows, target, u)) continue
      for (let j = from; j < to; j++) {
        const v = rows.arcs[j]! >>> 2
        if (v !== u && this.#unanswered[j] === 1)
          this.#add(v, sharedWeight('contact', to - from), BOTH_ACTED, SUPPORT.item | (BOTH_ACTED << AS_WRITTEN))
      }
    }
  }

  #isUnanswered(rows: RelationRows, target: number, writer: number): boolean {
    for (let j = rows.offsets[target]!; j < rows.offsets[target + 1]!; j++)
      if (rows.arcs[j]! >>> 2 === writer) return this.#unanswered?.[j] === 1
    return false
  }

  /** Acts towards somebody who blocked the actor count for nothing: neither for the actor nor against the blocker. */
  #unwelcome(v: number): number {
    if (this.#blocked.size === 0) return 0
    const blocks = this.#blocked.get(v) ?? 0
    return (blocks & ACTED ? WAS_ACTED_ON : 0) | (blocks & WAS_ACTED_ON ? ACTED : 0)
  }

  #readBackups(u: number, rows: RelationRows): void {
    for (let i = rows.offsets[u]!; i < rows.offsets[u + 1]!; i++)
      this.#backups.set(rows.arcs[i]! >>> 2, rows.arcs[i]! & 3 & ~this.#unwelcome(rows.arcs[i]! >>> 2))
  }

  /** After everything else, because what the named account does itself decides how much the naming is worth. */
  #weighBackups(): void {
    if (this.#backups.size === 0) return
    for (const [v, bits] of this.#backups) {
      if (bits === 0) continue
      const answer = bits === ACTED ? WAS_ACTED_ON : ACTED
      const supported = bits === BOTH_ACTED || (this.#bits[v]! & answer) !== 0
      const kinds = (supported ? SUPPORT.identifier : SUPPORT.account) | (bits << AS_WRITTEN)
      this.#add(v, supported ? BACKUP.supported : BACKUP.alone, bits, kinds)
    }
    this.#backups.clear()
  }

  #shareItems(u: number, rows: RelationRows, most: number): void {
    const kind = rows.name === 'identifier' ? SUPPORT.identifier : SUPPORT.item
    for (let i = rows.offsets[u]!; i < rows.offsets[u + 1]!; i++) {
      const item = rows.arcs[i]! >>> 2
      const from = rows.offsets[item]!
      const to = rows.offsets[item + 1]!
      if (to - from > most || this.#graph.isAccount(item)) continue
      const weight = sharedWeight(rows.name, to - from)
      const times = rows.name === 'identifier' ? null : rows.times
      for (let j = from; j < to; j++) {
        const v = rows.arcs[j]! >>> 2
        if (v === u) continue
        const bits = times ? laterActed(times[i]!, times[j]!) : BOTH_ACTED
        this.#add(v, weight, bits, kind | (bits << AS_WRITTEN))
      }
    }
  }

  #add(v: number, weight: number, bits: number, kind: number): void {
    if (this.#kinds[v] === 0) this.#touched[this.#touchedCount++] = v
    this.#weight[v]! += weight
    this.#bits[v]! |= bits
    this.#kinds[v]! |= kind
  }

  #write(store: ArcStore): void {
    const row = sorted(this.#touched, this.#touchedCount)
    for (let i = 0; i < this.#touchedCount; i++) {
      const v = row[i]!
      const bits = this.#bits[v]!
      if (!this.#directed || bits & ACTED) store.add(v * 4 + bits, this.#weight[v]!, this.#kinds[v]!)
      this.#weight[v] = 0
      this.#bits[v] = 0
      this.#kinds[v] = 0
    }
    this.#touchedCount = 0
  }
}

/** Taking up what another used already is an act towards it; having used it first is none. Unknown times decide nothing. */
function laterActed(own: number, other: number): number {
  if (own > other) return ACTED
  return own < other ? WAS_ACTED_ON : BOTH_ACTED
}

function crowdsOf({ offsets, arcs }: RelationRows): Uint32Array {
  const crowds = new Uint32Array(offsets.length - 1)
  for (let u = 0; u < crowds.length; u++)
    for (let i = offsets[u]!; i < offsets[u + 1]!; i++) if ((arcs[i]! & BOTH_ACTED) === WAS_ACTED_ON) crowds[u]!++
  return crowds
}

/** Sorts the first `count` entries in place. */
function sorted(row: Uint32Array, count: number): Uint32Array {
  if (count > 24) {
    row.subarray(0, count).sort()
    return row
  }
  for (let i = 1; i < count; i++) {
    const value = row[i]!
    let j = i
    for (; j > 0 && row[j - 1]! > value; j--) row[j] = row[j - 1]!
    row[j] = value
  }
  return row
}
