import { believedBits, type Listing } from '../graph/listing-order.ts'

/** What supports an arc of the fused adjacency (bits of `kinds`). */
export const SUPPORT = { account: 1, item: 2, identifier: 4 } as const

/** `kinds >>> AS_WRITTEN` are the direction bits as the input had them, whatever the listing order says. */
export const AS_WRITTEN = 3

/**
 * What ranking reads: one undirected neighbourhood per account, all relations fused. Items are projected onto the
 * accounts that share them, so only accounts have rows.
 */
export interface FusedAdjacency {
  /** Accounts of the graph; the same numbers. */
  readonly nodeCount: number
  /** Row starts, nodeCount + 1 entries. */
  readonly offsets: Uint32Array
  /** `neighbour * 4 + bits`, ascending, each neighbour once: node = arc >>> 2; for the bits ask `actedBits`. */
  readonly arcs: Uint32Array
  /** Strength of each arc, the same seen from both ends; null means that every arc weighs 1. */
  readonly weights: Float32Array | null
  /** `SUPPORT` bits and, above them, the direction bits as written; null means account relations only. */
  readonly kinds: Uint8Array | null
  /** Set where arcs are shared with a relation whose rows list undirected edges. */
  readonly listing: { readonly order: Listing; readonly relation: number } | null
}

/** Who acted, seen from the row's account: 1 it did, 2 the other did, 3 both did or direction means nothing. */
export function actedBits(adjacency: FusedAdjacency, node: number, arc: number): number {
  const { listing } = adjacency
  return listing === null ? arc & 3 : believedBits(listing.order, listing.relation, node, arc)
}

/** Who acted by the letter of the input, for the arc at an index of `arcs`. */
export function strictBits(adjacency: FusedAdjacency, index: number): number {
  return adjacency.kinds === null ? adjacency.arcs[index]! & 3 : adjacency.kinds[index]! >>> AS_WRITTEN
}
