/**
 * A prefix tree in one typed array (double array, Aoe 1989, doi:10.1109/32.31365) whose branches end where only one
 * key is left: the rest of the key is compared from `tails`. Walks begin where a term may begin, so no failure links.
 */
export class Trie {
  /** Three numbers a cell: the parent, the base of the children (negative: a leaf, see `keyAt`), keys ending here. */
  readonly cells: Int32Array
  readonly keys: readonly string[]
  readonly tails: Uint16Array
  readonly tailStart: Int32Array

  private constructor(cells: Int32Array, keys: readonly string[]) {
    this.cells = cells
    this.keys = keys
    this.tailStart = new Int32Array(keys.length + 1)
    for (const [i, key] of keys.entries()) this.tailStart[i + 1] = this.tailStart[i]! + key.length
    this.tails = new Uint16Array(this.tailStart[keys.length]!)
    for (const [i, key] of keys.entries()) {
      const first = this.tailStart[i]!
      for (let at = 0; at < key.length; at++) this.tails[first + at] = key.charCodeAt(at)
    }
  }

  /** From sorted, distinct, non-empty keys (dense class numbers as UTF-16 units). Linear in their total length. */
  static build(keys: readonly string[], classes: number): Trie {
    return new Trie(new Placement(keys).run(classes), keys)
  }
}

const CELL = 3

/** Free cells looked at before a node with several children is put at the end. */
const TRIES = 24

class Placement {
  private readonly keys: readonly string[]
  private cells = new Int32Array(CELL * 1024).fill(-1)
  /** Free cells as a chain in rising order: room that larger nodes left is filled by small ones. */
  private nextFree = new Int32Array(1024)
  private firstFree = 1
  /** Where the search for larger nodes begins; everything before it is nearly full. */
  private searchFrom = 1
  private used = 1

  constructor(keys: readonly string[]) {
    this.keys = keys
    for (let i = 0; i < this.nextFree.length; i++) this.nextFree[i] = i + 1
  }

  run(classes: number): Int32Array {
    this.cells[0] = 0
    this.cells[1] = 1
    if (this.keys.length > 0) this.place(0, this.keys.length, 0, 0)
    // Room past the end, so that a step needs no bound check on the class.
    this.grow(this.used + classes + 1)
    return this.cells.slice(0, CELL * (this.used + classes + 1))
  }

  /** Children of `node` from keys[lo, hi), which share their first `depth` classes. */
  private place(lo: number, hi: number, depth: number, node: number): void {
    let first = lo
    if (this.keys[first]!.length === depth) {
      this.cells[CELL * node + 2] = first++
    }
    if (first === hi) return
    const labels: number[] = []
    const ends: number[] = []
    for (let at = first; at < hi; ) {
      const label = this.keys[at]!.charCodeAt(depth)
      let end = at + 1
      while (end < hi && this.keys[end]!.charCodeAt(depth) === label) end++
      labels.push(label)
      ends.push(end)
      at = end
    }
    const base = this.findBase(labels)
    this.cells[CELL * node + 1] = base
    for (const label of labels) this.claim(base + label, node)
    for (let i = 0; i < labels.length; i++) {
      const from = i === 0 ? first : ends[i - 1]!
      if (ends[i]! - from === 1) this.cells[CELL * (base + labels[i]!) + 1] = -2 - from
      else this.place(from, ends[i]!, depth + 1, base + labels[i]!)
    }
  }

  private claim(cell: number, parent: number): void {
    this.cells[CELL * cell] = parent
    this.used = Math.max(this.used, cell + 1)
  }

  private isFree(cell: number): boolean {
    this.grow(cell)
    return this.cells[CELL * cell] === -1
  }

  /** The first free cell at or after `cell`; shortens the chain over taken cells on its way. */
  private freeFrom(cell: number): number {
    let at = cell
    while (!this.isFree(at)) at = Math.max(at + 1, this.nextFree[at]!)
    if (at > cell) this.nextFree[cell] = at
    return at
  }

  private findBase(labels: readonly number[]): number {
    const smallest = labels[0]!
    this.firstFree = this.freeFrom(this.firstFree)
    const single = labels.length === 1
    let cell = this.freeFrom(Math.max(single ? this.firstFree : this.searchFrom, smallest + 1))
    for (let tries = 0; tries < TRIES; tries++) {
      const base = cell - smallest
      if (this.fits(base, labels)) return base
      cell = this.freeFrom(cell + 1)
    }
    this.searchFrom = Math.max(this.searchFrom, cell - 64)
    return Math.max(this.used - smallest, 1)
  }

  private fits(base: number, labels: readonly number[]): boolean {
    for (const label of labels) if (!this.isFree(base + label)) return false
    return true
  }

  private grow(cell: number): void {
    if (CELL * (cell + 1) <= this.cells.length) return
    const larger = new Int32Array(Math.max(this.cells.length * 2, CELL * (cell + 1024))).fill(-1)
    larger.set(this.cells)
    this.cells = larger
    const chain = new Int32Array(larger.length / CELL + 1)
    chain.set(this.nextFree)
    for (let i = this.nextFree.length; i < chain.length; i++) chain[i] = i + 1
    this.nextFree = chain
  }
}
