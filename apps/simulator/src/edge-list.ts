/** Relations in the order of their codes; accounts act on accounts first, then on items. */
export const RELATIONS = [
  'follow',
  'like',
  'comment',
  'mention',
  'backup',
  'contact',
  'block',
  'identifier',
  'hashtag',
  'link',
  'media',
  'group',
] as const
export type RelationName = (typeof RELATIONS)[number]

export const FOLLOW = 0
const CODES = new Map<string, number>(RELATIONS.map((name, code) => [name, code]))

export function relationCode(name: RelationName): number {
  return CODES.get(name)!
}

/**
 * A growing list of who acted on whom, 17 bytes an edge. `at` counts seconds from the world's first day; `post` is the
 * content that carried the edge (a like, a comment, a post's hashtag) or -1.
 */
export class EdgeList {
  source = new Int32Array(1024)
  target = new Int32Array(1024)
  relation = new Uint8Array(1024)
  at = new Uint32Array(1024)
  post = new Int32Array(1024)
  count = 0

  add(source: number, target: number, relation: number, at: number, post = -1): void {
    if (this.count === this.source.length) this.#grow()
    const edge = this.count++
    this.source[edge] = source
    this.target[edge] = target
    this.relation[edge] = relation
    this.at[edge] = at
    this.post[edge] = post
  }

  #grow(): void {
    const size = Math.ceil(this.source.length * 1.7)
    this.source = grown(this.source, new Int32Array(size))
    this.target = grown(this.target, new Int32Array(size))
    this.relation = grown(this.relation, new Uint8Array(size))
    this.at = grown(this.at, new Uint32Array(size))
    this.post = grown(this.post, new Int32Array(size))
  }

  /** Keeps only the first of equal follows and drops self-loops; the order of the rest stays. Other relations may repeat. */
  dropRepeatedFollows(accounts: number): void {
    const bySource = edgesBySource(this, accounts)
    const seenFrom = new Int32Array(accounts).fill(-1)
    const drop = new Uint8Array(this.count)
    for (const edge of bySource) {
      if (this.relation[edge] !== FOLLOW) continue
      const source = this.source[edge]!
      const target = this.target[edge]!
      if (source === target || seenFrom[target] === source) drop[edge] = 1
      else seenFrom[target] = source
    }
    this.#compact(drop)
  }

  /**
   * Removed accounts (second of removal by account) do nothing afterwards: what they did later moves to before the
   * removal, in proportion, unless it answers a post or meets an account that did not exist then (`bornAt`): that goes.
   */
  settleRemovals(removedAt: ReadonlyMap<number, number>, lastSecond: number, bornAt: (node: number) => number): void {
    if (removedAt.size === 0) return
    const drop = new Uint8Array(this.count)
    for (let edge = 0; edge < this.count; edge++) {
      const removal = removedAt.get(this.source[edge]!)
      if (removal === undefined || this.at[edge]! <= removal) continue
      const moved = Math.max(Math.floor((this.at[edge]! * removal) / lastSecond), bornAt(this.target[edge]!))
      if (this.post[edge]! >= 0 || moved > removal) drop[edge] = 1
      else this.at[edge] = moved
    }
    this.#compact(drop)
  }

  #compact(drop: Uint8Array): void {
    let kept = 0
    for (let edge = 0; edge < this.count; edge++) {
      if (drop[edge] === 1) continue
      this.source[kept] = this.source[edge]!
      this.target[kept] = this.target[edge]!
      this.relation[kept] = this.relation[edge]!
      this.at[kept] = this.at[edge]!
      this.post[kept] = this.post[edge]!
      kept++
    }
    this.count = kept
  }
}

function grown<A extends Int32Array | Uint8Array | Uint32Array>(old: A, wider: A): A {
  wider.set(old)
  return wider
}

/** Edge numbers grouped by their source, in their order within a source (a stable counting sort). */
function edgesBySource(edges: EdgeList, accounts: number): Int32Array {
  const next = new Int32Array(accounts + 1)
  for (let edge = 0; edge < edges.count; edge++) next[edges.source[edge]! + 1]!++
  for (let account = 0; account < accounts; account++) next[account + 1]! += next[account]!
  const order = new Int32Array(edges.count)
  for (let edge = 0; edge < edges.count; edge++) order[next[edges.source[edge]!]!++] = edge
  return order
}

/** Rows of neighbours: those of `node` stand in `targets` from `offsets[node]` to `offsets[node + 1]`. */
export interface Adjacency {
  readonly offsets: Int32Array
  readonly targets: Int32Array
}

/** Adjacency of one relation, from the acting side (`out`) or from the side acted on (`in`). */
export function adjacency(edges: EdgeList, relation: number, nodes: number, side: 'out' | 'in'): Adjacency {
  const [from, to] = side === 'out' ? [edges.source, edges.target] : [edges.target, edges.source]
  const offsets = new Int32Array(nodes + 1)
  for (let edge = 0; edge < edges.count; edge++) if (edges.relation[edge] === relation) offsets[from[edge]! + 1]!++
  for (let node = 0; node < nodes; node++) offsets[node + 1]! += offsets[node]!
  const targets = new Int32Array(offsets[nodes]!)
  const next = offsets.slice(0, nodes)
  for (let edge = 0; edge < edges.count; edge++)
    if (edges.relation[edge] === relation) targets[next[from[edge]!]!++] = to[edge]!
  return { offsets, targets }
}

export function rowOf(rows: Adjacency, node: number): Int32Array {
  return rows.targets.subarray(rows.offsets[node]!, rows.offsets[node + 1]!)
}
