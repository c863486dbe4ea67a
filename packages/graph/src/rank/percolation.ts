import { actedBits, type FusedAdjacency } from '../fused/adjacency.ts'
import { degreeOf, scratchOf } from './scratch.ts'

/**
 * How far beyond chance the ties into the group must be, from hardly doubtful to hardly more than chance: log likelihood
 * ratio against a stranger of equal contacts, less the prior odds against any one account.
 */
export const LEVELS = [40, 34, 28, 24, 20, 17, 14, 12, 10, 8, 6, 4, 2] as const
/** The group at this level is the one that everybody's ties are measured against. */
export const MEASURED_AT = 10

/** Accounts with more contacts bring nobody in: being tied to them says little, and their rows are long. */
const LONG_ROW = 1_000
/** An act that is not answered is half a tie: an audience acts one-sidedly, members hardly. */
const ONE_SIDED = 0.5
/** Two and more ties are needed, or a little more than one. */
const LEAST_TIES = 1.2
const MOST = 1_000
const MOST_REACHED = 200_000

/** A group grown from a start by ties beyond chance. */
export interface Percolation {
  /** Everybody who came in, in order, and the level at which; the start first, at the highest level. */
  readonly nodes: readonly number[]
  readonly levels: readonly number[]
  /** Members at the end of each of LEVELS. */
  readonly sizes: readonly number[]
  /** Of the group at MEASURED_AT: members and how far beyond chance an account's ties into it are. */
  readonly measured: ReadonlySet<number>
  readonly margin: ReadonlyMap<number, number>
}

/**
 * Bootstrap percolation (Janson and others 2012, doi:10.1214/11-AAP822) with a falling threshold: whoever has more ties into
 * the group than chance explains comes in and counts for the next; when nobody does, the threshold falls to the next level. Where a
 * ring ends, the level falls far before anybody else comes in. Only an account's own and answered acts are ties, so
 * nobody is brought in by what others do to it. Cost: the group's contacts × rounds.
 */
export function percolate(graph: FusedAdjacency, start: readonly number[]): Percolation {
  const group = new Group(graph)
  for (const u of start) group.add(u, LEVELS[0])
  const sizes: number[] = []
  let measured: Pick<Percolation, 'measured' | 'margin'> | null = null
  for (const level of LEVELS) {
    while (!group.isFull()) {
      const found = group.beyond(level)
      if (found.length === 0) break
      for (const u of found.slice(0, Math.max(3, group.nodes.length >> 2))) group.add(u, level)
    }
    sizes.push(group.nodes.length)
    if (level === MEASURED_AT) measured = { measured: new Set(group.nodes), margin: group.margins() }
  }
  group.clear()
  return { nodes: group.nodes, levels: group.levels, sizes, ...(measured as Pick<Percolation, 'measured' | 'margin'>) }
}

/** The growing group and everybody's ties into it. */
class Group {
  readonly nodes: number[] = []
  readonly levels: number[] = []
  readonly #graph: FusedAdjacency
  readonly #inside = new Set<number>()
  readonly #touched: number[] = []
  readonly #ties: Float64Array
  readonly #volume: Float64Array
  readonly #total: number
  #own = 0

  constructor(graph: FusedAdjacency) {
    const { mass, volume, totalVolume } = scratchOf(graph)
    this.#graph = graph
    this.#ties = mass
    this.#volume = volume
    this.#total = totalVolume
  }

  add(node: number, level: number): void {
    if (this.#inside.has(node)) return
    this.#inside.add(node)
    this.nodes.push(node)
    this.levels.push(level)
    this.#own += this.#volume[node] as number
    const { offsets, arcs, weights } = this.#graph
    if (degreeOf(this.#graph, node) > LONG_ROW) return
    for (let a = offsets[node] as number, end = offsets[node + 1] as number; a < end; a++) {
      const arc = arcs[a] as number
      const bits = actedBits(this.#graph, node, arc)
      if ((bits & 2) === 0) continue
      const other = arc >>> 2
      if (this.#ties[other] === 0) this.#touched.push(other)
      this.#ties[other]! += (weights === null ? 1 : (weights[a] as number)) * (bits === 3 ? 1 : ONE_SIDED)
    }
  }

  isFull(): boolean {
    return this.nodes.length >= MOST || this.#touched.length > MOST_REACHED
  }

  /** Outsiders at least so far beyond chance, farthest first. */
  beyond(level: number): number[] {
    const prior = this.#prior()
    const found: number[] = []
    const margins = new Map<number, number>()
    for (const u of this.#touched) {
      if ((this.#ties[u] as number) < LEAST_TIES || this.#inside.has(u)) continue
      const margin = this.#surprise(u) - prior
      if (margin < level) continue
      found.push(u)
      margins.set(u, margin)
    }
    return found.sort((a, b) => (margins.get(b) as number) - (margins.get(a) as number) || a - b)
  }

  margins(): Map<number, number> {
    const prior = this.#prior()
    return new Map(this.#touched.map((u) => [u, this.#surprise(u) - prior]))
  }

  clear(): void {
    for (const u of this.#touched) this.#ties[u] = 0
  }

  #prior(): number {
    return Math.log(this.#graph.nodeCount / Math.max(10, this.nodes.length))
  }

  /** Poisson log likelihood ratio of the ties against as many as chance would give. */
  #surprise(u: number): number {
    const ties = this.#ties[u] as number
    const chance = Math.max(1e-6, ((this.#volume[u] as number) * this.#own) / this.#total)
    return ties > chance ? ties * Math.log(ties / chance) - (ties - chance) : 0
  }
}
