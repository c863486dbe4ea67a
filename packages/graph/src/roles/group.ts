/** A set of nodes with membership in O(1): the seeds and members of one query. */
export class Group {
  readonly #nodes: Set<number>

  constructor(nodes: Iterable<number>) {
    this.#nodes = new Set(nodes)
  }

  readonly has = (node: number): boolean => this.#nodes.has(node)

  get size(): number {
    return this.#nodes.size
  }

  [Symbol.iterator](): IterableIterator<number> {
    return this.#nodes.values()
  }
}
