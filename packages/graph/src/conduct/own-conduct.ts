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
}

/** Share of a group's accounts that show rows against the listing order from which on all its rows count as written. */
const DIRECTION_MATTERS = 0.25
/** Share of an account's rows within the group that must be against the order to show it. */
const AGAINST_ORDER = 0.2

/**
 * Reads who acted, for one group. In a file that lists undirected edges once, an arc counts for both sides – unless the
 * group's own edges, or acts of anybody on the account, show rows against the order: somebody wrote those with a
 * direction in mind, so the others may have one too.
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
    const { offsets, arcs } = this.#adjacency
    const strict = this.#isStrictFor(node)
    const count = { acts: 0, actsAnywhere: 0, onlyReceives: 0 }
    for (let a = offsets[node]!, end = offsets[node + 1]!; a < end; a++) {
      const acted = this.#bits(node, a, strict) & ACTED
      count.actsAnywhere += acted
      if (!this.#inGroup(arcs[a]! >>> 2)) continue
      if (acted) count.acts++
      else count.onlyReceives++
    }
    return count
  }

  /** The accounts of the group on which it acts, or with which it shares something. Cost: the account's row. */
  targetsOf(node: number): number[] {
    const { offsets, arcs } = this.#adjacency
    const strict = this.#isStrictFor(node)
    const targets: number[] = []
    for (let a = offsets[node]!, end = offsets[node + 1]!; a < end; a++)
      if (this.#bits(node, a, strict) & ACTED && this.#inGroup(arcs[a]! >>> 2)) targets.push(arcs[a]! >>> 2)
    return targets
  }

  #bits(node: number, index: number, strict: boolean): number {
    return strict ? strictBits(this.#adjacency, index) : actedBits(this.#adjacency, node, this.#adjacency.arcs[index]!)
  }

  /** A row against the listing order by which anybody acted on it makes all its rows count as written. */
  #isStrictFor(node: number): boolean {
    if (this.#strict) return true
    const { offsets, arcs } = this.#adjacency
    for (let a = offsets[node]!, end = offsets[node + 1]!; a < end; a++)
      if (actedBits(this.#adjacency, node, arcs[a]!) === WAS_ACTED_ON) return true
    return false
  }
}

/** Counted by account, not by row: fifty rows against the order that all frame one innocent say nothing about the rest. */
function directionMatters(
  adjacency: FusedAdjacency,
  group: Iterable<number>,
  inGroup: (node: number) => boolean,
): boolean {
  const { offsets, arcs } = adjacency
  let accounts = 0
  let showing = 0
  for (const node of group) {
    let against = 0
    let oneWay = 0
    for (let a = offsets[node]!, end = offsets[node + 1]!; a < end; a++) {
      if (!inGroup(arcs[a]! >>> 2) || strictBits(adjacency, a) === BOTH_ACTED) continue
      oneWay++
      if (actedBits(adjacency, node, arcs[a]!) !== BOTH_ACTED) against++
    }
    if (oneWay === 0) continue
    accounts++
    if (against >= AGAINST_ORDER * oneWay) showing++
  }
  return showing > 0 && showing >= DIRECTION_MATTERS * accounts
}

/** One-sided acts of the group per own act that an account may receive and still count as acting itself. */
export const UNANSWERED_PER_ACT = 6

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
