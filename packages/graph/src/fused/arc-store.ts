import type { FusedAdjacency } from './adjacency.ts'

/** Arcs of a fused adjacency while rows are written one after the other; grows by half. */
export class ArcStore {
  readonly #nodeCount: number
  readonly #offsets: Uint32Array
  #arcs: Uint32Array
  #weights: Float32Array
  #kinds: Uint8Array
  #count = 0

  constructor(nodeCount: number, expected: number) {
    this.#nodeCount = nodeCount
    this.#offsets = new Uint32Array(nodeCount + 1)
    const room = Math.max(16, expected)
    this.#arcs = new Uint32Array(room)
    this.#weights = new Float32Array(room)
    this.#kinds = new Uint8Array(room)
  }

  add(arc: number, weight: number, kinds: number): void {
    if (this.#count === this.#arcs.length) this.#grow()
    this.#arcs[this.#count] = arc
    this.#weights[this.#count] = weight
    this.#kinds[this.#count++] = kinds
  }

  endRow(node: number): void {
    this.#offsets[node + 1] = this.#count
  }

  finish(): FusedAdjacency {
    const count = this.#count
    return {
      nodeCount: this.#nodeCount,
      offsets: this.#offsets,
      arcs: this.#arcs.slice(0, count),
      weights: this.#weights.slice(0, count),
      kinds: this.#kinds.slice(0, count),
      listing: null,
    }
  }

  #grow(): void {
    const room = Math.ceil(this.#count * 1.5)
    const arcs = new Uint32Array(room)
    const weights = new Float32Array(room)
    const kinds = new Uint8Array(room)
    arcs.set(this.#arcs)
    weights.set(this.#weights)
    kinds.set(this.#kinds)
    this.#arcs = arcs
    this.#weights = weights
    this.#kinds = kinds
  }
}
