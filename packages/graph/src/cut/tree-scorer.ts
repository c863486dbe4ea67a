/** Trees in flat arrays, as `TreeModel` describes them, with columns of the fact rows in place of feature numbers. */
export interface FlatTrees {
  readonly roots: Uint32Array
  readonly feature: Int16Array
  readonly threshold: Float32Array
  readonly left: Uint32Array
  readonly base: number
}

/** Leaves of a tree that fit in one word. */
const MOST_LEAVES = 32

/** The splits of one column over all trees, by rising threshold, and which leaves are left when the fact is above. */
interface ColumnSplits {
  readonly column: number
  readonly thresholds: Float32Array
  readonly trees: Uint16Array
  readonly leavesLeft: Int32Array
}

/**
 * Sums trees without walking them: every split that goes right strikes out the leaves on its left side, and the first leaf that is
 * left is the one (QuickScorer: Lucchese and others 2015, doi:10.1145/2766462.2767733). Predictable loops in place of a
 * branch a node; what all rows have in common is struck out once. The same sums, in the same order, as by walking.
 */
export class TreeScorer {
  readonly #base: number
  readonly #treeCount: number
  readonly #columns: readonly ColumnSplits[]
  /** Values of the leaves, 32 places a tree. */
  readonly #leaves: Float64Array

  private constructor(base: number, treeCount: number, columns: readonly ColumnSplits[], leaves: Float64Array) {
    this.#base = base
    this.#treeCount = treeCount
    this.#columns = columns
    this.#leaves = leaves
  }

  /** Null when a tree has too many leaves. */
  static of(trees: FlatTrees): TreeScorer | null {
    const leaves = new Float64Array(trees.roots.length * MOST_LEAVES)
    const splits: { column: number; threshold: number; tree: number; mask: number }[] = []
    for (let tree = 0; tree < trees.roots.length; tree++) {
      const values: number[] = []
      collect(trees, trees.roots[tree] as number, tree, values, splits)
      if (values.length > MOST_LEAVES) return null
      leaves.set(values, tree * MOST_LEAVES)
    }
    const columns = [...Map.groupBy(splits, ({ column }) => column)].map(([column, own]): ColumnSplits => {
      own.sort((a, b) => a.threshold - b.threshold)
      return {
        column,
        thresholds: Float32Array.from(own, ({ threshold }) => threshold),
        trees: Uint16Array.from(own, ({ tree }) => tree),
        leavesLeft: Int32Array.from(own, ({ mask }) => mask),
      }
    })
    return new TreeScorer(trees.base, trees.roots.length, columns, leaves)
  }

  /** Summed logit for each row of `width` facts. */
  logits(rows: Float32Array, width: number): Float64Array {
    const count = rows.length / width
    const common = new Int32Array(this.#treeCount).fill(-1)
    const varying: ColumnSplits[] = []
    for (const splits of this.#columns) {
      if (isConstant(rows, splits.column, width)) strike(splits, rows[splits.column] as number, common)
      else varying.push(splits)
    }
    const sums = new Float64Array(count)
    const left = new Int32Array(this.#treeCount)
    for (let row = 0; row < count; row++) {
      left.set(common)
      for (const splits of varying) strike(splits, rows[row * width + splits.column] as number, left)
      let sum = this.#base
      for (let tree = 0; tree < left.length; tree++) {
        const bits = left[tree] as number
        sum += this.#leaves[tree * MOST_LEAVES + 31 - Math.clz32(bits & -bits)] as number
      }
      sums[row] = sum
    }
    return sums
  }
}

/** Leaves from left to right, and per split which leaves remain when it goes right. Returns the number of leaves so far. */
function collect(
  trees: FlatTrees,
  node: number,
  tree: number,
  values: number[],
  splits: { column: number; threshold: number; tree: number; mask: number }[],
): void {
  const column = trees.feature[node] as number
  const threshold = trees.threshold[node] as number
  if (column < 0) {
    values.push(threshold)
    return
  }
  const first = values.length
  collect(trees, trees.left[node] as number, tree, values, splits)
  let mask = -1
  for (let leaf = first; leaf < values.length; leaf++) mask &= ~(1 << leaf)
  splits.push({ column, threshold, tree, mask })
  collect(trees, (trees.left[node] as number) + 1, tree, values, splits)
}

/** Strikes out what is left of every split that this fact is above; one that is no number goes right everywhere. */
function strike({ thresholds, trees, leavesLeft }: ColumnSplits, fact: number, left: Int32Array): void {
  for (let i = 0; i < thresholds.length && !(fact <= (thresholds[i] as number)); i++)
    left[trees[i] as number]! &= leavesLeft[i] as number
}

function isConstant(rows: Float32Array, column: number, width: number): boolean {
  const first = rows[column]
  for (let at = column + width; at < rows.length; at += width) if (rows[at] !== first) return false
  return true
}
