import { FirebreakError } from '@firebreak/kernel'
import { type FlatTrees, TreeScorer } from './tree-scorer.ts'

/**
 * A gradient-boosted tree ensemble for P(yes), exported from training (bench/train) as compact JSON. All trees lie in flat
 * arrays: node n splits on `feature[n]` at `threshold[n]` into `left[n]` (≤) and left[n] + 1; a leaf has feature −1 and its
 * value in `threshold`.
 */
export interface TreeModel {
  readonly features: readonly string[]
  /** First node of each tree. */
  readonly roots: readonly number[]
  readonly feature: readonly number[]
  readonly threshold: readonly number[]
  readonly left: readonly number[]
  /** Logit that the trees add to. */
  readonly base: number
  /** Platt scaling of the summed logit, slope and shift, fitted on backgrounds that training did not see. */
  readonly scale: readonly number[]
}

/** A model in typed arrays. */
export class Trees {
  readonly width: number
  readonly scale: readonly number[]
  readonly #trees: FlatTrees
  readonly #scorer: TreeScorer | null

  /** `facts` names the columns of the rows that will be judged; the model finds its own among them by name. */
  constructor(model: TreeModel, facts: readonly string[]) {
    this.width = facts.length
    const column = model.features.map((name) => facts.indexOf(name))
    const unknown = model.features.filter((_, i) => column[i] === -1)
    if (unknown.length > 0) throw new FirebreakError('internal/fault', [`the model reads unknown facts: ${unknown}`])
    this.#trees = {
      roots: Uint32Array.from(model.roots),
      feature: Int16Array.from(model.feature, (f) => (f < 0 ? f : (column[f] as number))),
      threshold: Float32Array.from(model.threshold),
      left: Uint32Array.from(model.left),
      base: model.base,
    }
    this.#scorer = TreeScorer.of(this.#trees)
    this.scale = model.scale
  }

  /** Probability for each row of facts. Cost: rows × trees × depth. */
  probabilities(rows: Float32Array): Float64Array {
    return read(this.logits(rows), this.scale)
  }

  /** Summed logit for each row of facts, to be read by a scale. */
  logits(rows: Float32Array): Float64Array {
    if (this.#scorer) return this.#scorer.logits(rows, this.width)
    return this.walkedLogits(rows)
  }

  /** The same by walking every tree: the plain way, and the only one for trees of more than 32 leaves. */
  walkedLogits(rows: Float32Array): Float64Array {
    return Float64Array.from({ length: rows.length / this.width }, (_, r) => walked(this.#trees, rows, r * this.width))
  }
}

function walked({ roots, feature, threshold, left, base }: FlatTrees, rows: Float32Array, start: number): number {
  let sum = base
  for (let t = 0; t < roots.length; t++) {
    let node = roots[t] as number
    let split = feature[node] as number
    while (split >= 0) {
      node = (left[node] as number) + ((rows[start + split] as number) <= (threshold[node] as number) ? 0 : 1)
      split = feature[node] as number
    }
    sum += threshold[node] as number
  }
  return sum
}

/** Logits read as probabilities through slope and shift. */
export function read(logits: Float64Array, scale: readonly number[]): Float64Array {
  const [slope = 1, shift = 0] = scale
  return logits.map((x) => 1 / (1 + Math.exp(-(slope * x + shift))))
}
