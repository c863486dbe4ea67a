import { actedBits, type FusedAdjacency, strictBits } from '../fused/adjacency.ts'
import { ACTED, BOTH_ACTED, WAS_ACTED_ON } from '../graph/relation-rows.ts'

/** How an account is tied to a group, told apart by who acted. */
export interface Conduct {
  /** Accounts of the group on which this one acts, or with which it shares something. */
  readonly acts: number
  /** Accounts anywhere on which it acts or with which it shares something. */
  readonly actsAnywhere: number
  /** Accounts of the group that act on it without an answer. */
  readonly onlyReceives: number
  /** Accounts of the group that act on it, answered or not, and those that share something with it. */
  readonly receives: number
}

/** Rows against the listing order, within a group, from which on direction is believed for the whole query. */
const DIRECTION_MATTERS = 0.05

/**
 * Reads who acted, for one group. In a file that lists undirected edges once, an arc counts for both sides – unless the
 * group's own edges, or the arcs between the account and the group, show rows against the order: somebody wrote those
 * with a direction in mind, so the others may have one too.
 */
export class OwnConduct {
  readonly #adjacency: FusedAdjacency
  readonly #inGroup: (node: number) => boolean
  readonly #strict: boolean

  constructor(adjacency: FusedAdjacency, group: Iterable<number>, inGroup: (node: number) => boolean) {
    this.#adjacency = adjacency
    this.#inGroup = inGroup
    this.#strict = directionMatters(adjacency, group, inGroup)
  }

  /** Cost: the account's row. */
  of(node: number): Conduct {
    const lenient = this.#count(node, this.#strict)
    return !this.#strict && lenient.against > 0 ? this.#count(node, true) : lenient
  }

  #count(node: number, strict: boolean): Conduct & { against: number } {
    const { offsets, arcs } = this.#adjacency
    const count = { acts: 0, actsAnywhere: 0, onlyReceives: 0, receives: 0, against: 0 }
    for (let a = offsets[node]!, end = offsets[node + 1]!; a < end; a++) {
      const believed = actedBits(this.#adjacency, node, arcs[a]!)
      const bits = strict ? strictBits(this.#adjacency, a) : believed
      count.actsAnywhere += bits & ACTED
      if (!this.#inGroup(arcs[a]! >>> 2)) continue
      if (believed !== BOTH_ACTED) count.against++
      if (bits & ACTED) count.acts++
      else count.onlyReceives++
      if (bits & WAS_ACTED_ON) count.receives++
    }
    return count
  }
}

function directionMatters(
  adjacency: FusedAdjacency,
  group: Iterable<number>,
  inGroup: (node: number) => boolean,
): boolean {
  const { offsets, arcs } = adjacency
  let against = 0
  let oneWay = 0
  for (const node of group)
    for (let a = offsets[node]!, end = offsets[node + 1]!; a < end; a++) {
      if (!inGroup(arcs[a]! >>> 2) || strictBits(adjacency, a) === BOTH_ACTED) continue
      oneWay++
      if (actedBits(adjacency, node, arcs[a]!) !== BOTH_ACTED) against++
    }
  return oneWay > 0 && against >= DIRECTION_MATTERS * oneWay
}

/** One-sided acts of the group per own act that an account may receive and still count as acting itself. */
const UNANSWERED_PER_ACT = 6

/**
 * Whether own conduct may carry an account over the cut. What others do never does: without an act of its own towards
 * the group it stays outside, and the more it is acted on without answering, the more acts of its own it takes: one for
 * every six; for an account that mostly acts inside the group, as a hub does, half the square root (4 at 50).
 */
export function carriesItself({ acts, actsAnywhere, onlyReceives }: Conduct): boolean {
  if (acts === 0) return false
  if (acts * UNANSWERED_PER_ACT >= onlyReceives) return true
  return acts * 2 >= actsAnywhere && acts >= Math.sqrt(onlyReceives) / 2
}
