import type { EdgeList } from './edge-list.ts'
import { heaviestOrSum } from './merged-weight.ts'
import { relationWords } from './relations.ts'

/** Direction bits of an arc, seen from the account whose row it is in. `arc >>> 2` is the other end. */
export const ACTED = 1
export const WAS_ACTED_ON = 2
export const BOTH_ACTED = 3

/**
 * One relation: for every node its neighbours in ascending order, each once, with the bits that say who acted.
 * Out and in edges share the row, which costs 8 bytes per edge instead of 16 and makes the undirected view free.
 */
export interface RelationRows {
  readonly name: string
  /** Row starts, nodeCount + 1. */
  readonly offsets: Uint32Array
  /** `neighbour * 4 + bits`, ascending within a row. */
  readonly arcs: Uint32Array
  /**
   * Larger of the two directions' weights, equal on both arcs of a pair; null when (nearly) every arc weighs 1:
   * the few others are then in `repeated`. Ask `weightAt`.
   */
  readonly weights: Float32Array | null
  readonly repeated: Repeated | null
  /** Earliest known time of the pair, milliseconds, NaN where unknown; null when no edge had a time. */
  readonly times: Float64Array | null
  /** Distinct directed edges. */
  readonly edgeCount: number
  /** Input rows merged into an edge that was there already. */
  readonly duplicates: number
}

/** The arcs of an unweighted relation that came more than once: positions in `arcs`, ascending, and their weights. */
export interface Repeated {
  readonly at: Uint32Array
  readonly weights: Float32Array
}

/** Share of repeated arcs from which on a weight for every arc is the smaller way to keep them. */
const MANY_REPEATED = 1 / 16

/** The weight of the arc at an index of `arcs`. */
export function weightAt(rows: RelationRows, index: number): number {
  if (rows.weights) return rows.weights[index]!
  if (rows.repeated === null) return 1
  const { at, weights } = rows.repeated
  let low = 0
  let high = at.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (at[middle]! < index) low = middle + 1
    else high = middle
  }
  return at[low] === index ? weights[low]! : 1
}

/** Sorts and merges the edges of a relation. Empties the list. Cost: O(edges · log of the row length), 16 B/edge at peak. */
export function buildRows(name: string, nodeCount: number, list: EdgeList): RelationRows {
  const offsets = countRows(nodeCount, list)
  const total = offsets[nodeCount]!
  const arcs = new Uint32Array(total)
  const weights = list.weighted ? new Float32Array(total) : null
  const times = list.timed ? new Float64Array(total) : null
  const cursor = offsets.slice(0, nodeCount)
  list.drain((source, target, weight, atMs) => {
    const out = cursor[source]!++
    const back = cursor[target]!++
    arcs[out] = target * 4 + ACTED
    arcs[back] = source * 4 + WAS_ACTED_ON
    if (weights) weights[out] = weights[back] = weight
    if (times) times[out] = times[back] = atMs
  })
  return mergeRows(name, nodeCount, { offsets, arcs, weights, times })
}

function countRows(nodeCount: number, list: EdgeList): Uint32Array {
  const offsets = new Uint32Array(nodeCount + 1)
  list.forEach((source, target) => {
    offsets[source + 1]!++
    offsets[target + 1]!++
  })
  for (let u = 0; u < nodeCount; u++) offsets[u + 1]! += offsets[u]!
  return offsets
}

interface Parts {
  offsets: Uint32Array
  arcs: Uint32Array
  weights: Float32Array | null
  times: Float64Array | null
}

function mergeRows(name: string, nodeCount: number, parts: Parts): RelationRows {
  const { offsets, arcs, times, weights } = parts
  const { counted } = relationWords(name)
  const before = arcs.length / 2
  const repeatedAt: number[] = []
  const repeatedWeights: number[] = []
  const sortRow = weights || times ? sortWithValues : sortPlain
  let write = 0
  let directed = 0
  let from = 0
  for (let u = 0; u < nodeCount; u++) {
    const to = offsets[u + 1]!
    if (to - from > 1) sortRow(arcs, weights, times, from, to)
    for (let i = from; i < to; ) {
      const start = i
      const neighbour = arcs[i]! >>> 2
      let bits = 0
      let at = Number.NaN
      // Arcs by which this account acted come before those by which it was acted on.
      let back = i
      for (; i < to && arcs[i]! >>> 2 === neighbour; i++) {
        const bit = arcs[i]! & 3
        bits |= bit
        if (bit === ACTED) back = i + 1
        if (times && !(times[i]! >= at)) at = Number.isNaN(times[i]!) ? at : times[i]!
      }
      let weight = 1
      if (i - start === 1) weight = weights ? weights[start]! : 1
      else if (weights || times) {
        const out = heaviestOrSum(weights, times, start, back, counted)
        weight = Math.max(out, heaviestOrSum(weights, times, back, i, counted))
      }
      arcs[write] = neighbour * 4 + bits
      if (weights) weights[write] = weight
      else if (weight !== 1) {
        repeatedAt.push(write)
        repeatedWeights.push(weight)
      }
      if (times) times[write] = at
      directed += bits & ACTED
      write++
    }
    from = to
    offsets[u + 1] = write
  }
  return {
    name,
    offsets,
    arcs: trimmed(arcs, write),
    ...weightsOf(weights && trimmed(weights, write), write, repeatedAt, repeatedWeights),
    times: times && trimmed(times, write),
    edgeCount: directed,
    duplicates: before - directed,
  }
}

function weightsOf(
  given: Float32Array | null,
  arcs: number,
  at: readonly number[],
  weights: readonly number[],
): Pick<RelationRows, 'weights' | 'repeated'> {
  if (given) return { weights: given, repeated: null }
  if (at.length === 0) return { weights: null, repeated: null }
  if (at.length < arcs * MANY_REPEATED)
    return { weights: null, repeated: { at: Uint32Array.from(at), weights: Float32Array.from(weights) } }
  const all = new Float32Array(arcs).fill(1)
  at.forEach((index, i) => {
    all[index] = weights[i]!
  })
  return { weights: all, repeated: null }
}

function sortPlain(arcs: Uint32Array, _w: Float32Array | null, _t: Float64Array | null, from: number, to: number) {
  if (to - from > 24) {
    arcs.subarray(from, to).sort()
    return
  }
  for (let i = from + 1; i < to; i++) {
    const arc = arcs[i]!
    let j = i - 1
    while (j >= from && arcs[j]! > arc) {
      arcs[j + 1] = arcs[j]!
      j--
    }
    arcs[j + 1] = arc
  }
}

/**
 * Rows whose arcs carry values. Short ones by insertion; longer ones by sorting numbers made of arc and position (exact
 * below 2^53) and moving the values after them.
 */
function sortWithValues(
  arcs: Uint32Array,
  weights: Float32Array | null,
  times: Float64Array | null,
  from: number,
  to: number,
): void {
  if (to - from <= 24) return insertWithValues(arcs, weights, times, from, to)
  const length = to - from
  const places = 2 ** Math.ceil(Math.log2(length))
  if (places > 2 ** 21) return sortHuge(arcs, weights, times, from, to)
  const keys = new Float64Array(length)
  for (let i = 0; i < length; i++) keys[i] = arcs[from + i]! * places + i
  keys.sort()
  const order = new Uint32Array(length)
  for (let i = 0; i < length; i++) order[i] = keys[i]! % places
  move(arcs, weights, times, from, order)
}

function insertWithValues(
  arcs: Uint32Array,
  weights: Float32Array | null,
  times: Float64Array | null,
  from: number,
  to: number,
): void {
  for (let i = from + 1; i < to; i++) {
    const arc = arcs[i]!
    if (arcs[i - 1]! <= arc) continue
    const weight = weights ? weights[i]! : 1
    const time = times ? times[i]! : 0
    let j = i
    for (; j > from && arcs[j - 1]! > arc; j--) {
      arcs[j] = arcs[j - 1]!
      if (weights) weights[j] = weights[j - 1]!
      if (times) times[j] = times[j - 1]!
    }
    arcs[j] = arc
    if (weights) weights[j] = weight
    if (times) times[j] = time
  }
}

function sortHuge(
  arcs: Uint32Array,
  weights: Float32Array | null,
  times: Float64Array | null,
  from: number,
  to: number,
): void {
  const order = Uint32Array.from({ length: to - from }, (_, i) => i)
  order.sort((a, b) => arcs[from + a]! - arcs[from + b]! || a - b)
  move(arcs, weights, times, from, order)
}

function move(
  arcs: Uint32Array,
  weights: Float32Array | null,
  times: Float64Array | null,
  from: number,
  order: Uint32Array,
): void {
  for (const array of [arcs, weights, times]) {
    if (!array) continue
    const old = array.slice(from, from + order.length)
    for (let i = 0; i < order.length; i++) array[from + i] = old[order[i]!]!
  }
}

/** Gives back the tail that merging left over, unless that is too little to be worth a copy. */
function trimmed<T extends Uint32Array | Float32Array | Float64Array>(array: T, length: number): T {
  return (length < array.length * 0.95 ? array.slice(0, length) : array.subarray(0, length)) as T
}
