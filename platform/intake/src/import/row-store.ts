import type { EdgeRow } from '../files/edge-events.ts'
import type { EdgeSink } from '../files/edges.ts'

/** Rows of an edge list in columns: a file is read and checked as a whole before its first edge is written; about 40 bytes a row. */
export class RowStore implements EdgeSink {
  readonly #numbers = new Map<string, number>()
  readonly #ids: string[] = []
  readonly #ends: number[] = []
  readonly #relations: string[] = []
  readonly #weights: number[] = []
  readonly #times: (number | undefined)[] = []

  get count(): number {
    return this.#weights.length
  }

  intern(id: string): number {
    const known = this.#numbers.get(id)
    if (known !== undefined) return known
    this.#numbers.set(id, this.#ids.length)
    return this.#ids.push(id) - 1
  }

  add(source: number, target: number, relation: string, weight: number, atMs: number | undefined): void {
    this.#ends.push(source, target)
    this.#relations.push(relation)
    this.#weights.push(weight)
    this.#times.push(atMs)
  }

  row(index: number): EdgeRow {
    return {
      source: this.#ids[this.#ends[2 * index]!]!,
      target: this.#ids[this.#ends[2 * index + 1]!]!,
      relation: this.#relations[index]!,
      weight: this.#weights[index]!,
      atMs: this.#times[index],
    }
  }
}
