import { SUPPORT } from '../fused/adjacency.ts'
import type { LocalGraph } from '../rank/local-graph.ts'

/**
 * Ties of every candidate into a core. What others do to an account never counts for more than what it does itself:
 * ties = own acts + min(others' acts, own acts), so fifty framers on somebody who never acted add up to nothing.
 */
export interface CoreTies {
  /** Summed membership of the core. */
  readonly size: number
  /** Weighted degree of the core in the whole graph. */
  readonly volume: number
  readonly ties: Float64Array
  /** The part of the ties that rests on shared items, and on shared identifiers. */
  readonly byItem: Float64Array
  readonly byIdentifier: Float64Array
  /** The part that both sides acted on, and the part that it acted on itself. */
  readonly mutual: Float64Array
  readonly own: Float64Array
  /** Mean ties of a core member into the core. */
  readonly meanTies: number
}

/** Ties into a soft core, `membership` from 0 to 1 per candidate. Cost: local arcs. */
export function coreTies(local: LocalGraph, membership: Float64Array): CoreTies {
  const ties = new Float64Array(local.size)
  const byItem = new Float64Array(local.size)
  const byIdentifier = new Float64Array(local.size)
  const mutual = new Float64Array(local.size)
  const ownActs = new Float64Array(local.size)
  let size = 0
  let volume = 0
  let inner = 0
  for (let u = 0; u < local.size; u++) {
    let own = 0
    let others = 0
    for (let a = local.offsets[u] as number, end = local.offsets[u + 1] as number; a < end; a++) {
      const x = membership[local.neighbours[a] as number] as number
      if (x === 0) continue
      const weight = x * (local.weights[a] as number)
      if (((local.acted[a] as number) & 1) === 1) own += weight
      else others += weight
      if (local.acted[a] === 3) mutual[u]! += weight
      const kind = local.kinds[a] as number
      if ((kind & SUPPORT.item) !== 0) byItem[u]! += weight
      if ((kind & SUPPORT.identifier) !== 0) byIdentifier[u]! += weight
    }
    ownActs[u] = own
    ties[u] = own + Math.min(own, others)
    const x = membership[u] as number
    size += x
    volume += x * (local.volume[u] as number)
    inner += x * (ties[u] as number)
  }
  return { size, volume, ties, byItem, byIdentifier, mutual, own: ownActs, meanTies: size > 0 ? inner / size : 0 }
}

/** The hard core: active seeds and the `count` best of an order. */
export function topCore(
  size: number,
  active: readonly number[],
  order: ArrayLike<number>,
  count: number,
): Float64Array {
  const membership = new Float64Array(size)
  for (const seed of active) membership[seed] = 1
  for (let i = 0; i < count && i < order.length; i++) membership[order[i] as number] = 1
  return membership
}
