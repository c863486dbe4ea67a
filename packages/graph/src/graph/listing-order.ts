import type { IdTable } from './id-table.ts'
import { precedenceOf } from './precedence.ts'
import { ACTED, BOTH_ACTED, type RelationRows } from './relation-rows.ts'

/**
 * Does "a,b" mean that a acted on b? In a file that lists every undirected edge once it means nothing, and reading it as
 * conduct would call half of a community passive. Such files betray themselves: (nearly) every row is written in one
 * order of the ids – by number, by letters, or whatever order leaves no circle – which
 * people who follow each other never do; and as many neighbours are "acted on" by chance as "act", so both spreads agree
 * (in a file of fans who follow stars, or of newcomers who follow elders, they do not).
 *
 * A row *against* the order still says who acted: somebody wrote it on purpose.
 */
export interface Listing {
  /** Per relation: its rows are written in order. */
  readonly listed: readonly boolean[]
  /** Edge s→t is in order when rank[s] < rank[t]. OUTSIDE marks ids that have no place in the order. */
  readonly rank: Uint32Array
}

export const OUTSIDE = 0xffff_ffff

const SAMPLE = 20_000
/** Share of rows in order that a sample must show: by chance, 16 of 16 happens once in 65,536 files. */
const FEW_ROWS = { atLeast: 16, share: 1 }
const MANY_ROWS = { atLeast: 200, share: 0.9 }
const SPREAD_RATIO = 2.5

/** The order in which the rows of these relations are written, or null when their direction is to be believed. */
export function findListing(
  ids: IdTable,
  relations: readonly RelationRows[],
  mayBeListed: readonly boolean[],
): Listing | null {
  const biggest = relations
    .filter((_, i) => mayBeListed[i])
    .reduce<RelationRows | null>((a, b) => (a === null || b.edgeCount > a.edgeCount ? b : a), null)
  if (biggest === null || !spreadsAgree(biggest)) return null
  const rank = rankByIds(ids, biggest) ?? precedenceOf(biggest)
  if (rank === null) return null
  return { listed: relations.map((rows, i) => mayBeListed[i]! && isOrdered(sampleEdges(rows), byRank(rank))), rank }
}

function rankByIds(ids: IdTable, rows: RelationRows): Uint32Array | null {
  const sample = sampleEdges(rows)
  for (const order of [byNumber, byLetters])
    for (const descending of [false, true]) {
      const compare = order.compare(ids)
      if (isOrdered(sample, descending ? (a, b) => compare(b, a) : compare)) return order.rank(ids, descending)
    }
  return null
}

/** Whether the direction of an edge s→t of a listed relation means nothing. */
export function isInOrder(listing: Listing, source: number, target: number): boolean {
  const from = listing.rank[source]!
  const to = listing.rank[target]!
  return from < to && to !== OUTSIDE
}

/** The bits to believe: an arc written in order counts as acted by both. */
export function believedBits(listing: Listing | null, relation: number, node: number, arc: number): number {
  const bits = arc & BOTH_ACTED
  if (listing === null || bits === BOTH_ACTED || !listing.listed[relation]) return bits
  const other = arc >>> 2
  const inOrder = bits === ACTED ? isInOrder(listing, node, other) : isInOrder(listing, other, node)
  return inOrder ? BOTH_ACTED : bits
}

function byRank(rank: Uint32Array): (a: number, b: number) => number {
  return (a, b) => (rank[b] === OUTSIDE ? 1 : rank[a]! - rank[b]!)
}

/** Spread one-way edges, as source, target pairs: every k-th account's. Reciprocated pairs say nothing about order. */
function sampleEdges(rows: RelationRows): number[] {
  const nodeCount = rows.offsets.length - 1
  const step = Math.max(1, Math.floor(rows.edgeCount / SAMPLE))
  const sample: number[] = []
  for (let u = 0; u < nodeCount && sample.length < 4 * SAMPLE; u += step)
    for (let i = rows.offsets[u]!; i < rows.offsets[u + 1]!; i++) {
      const arc = rows.arcs[i]!
      if ((arc & 3) === ACTED) sample.push(u, arc >>> 2)
    }
  return sample
}

function isOrdered(sample: readonly number[], compare: (a: number, b: number) => number): boolean {
  const count = sample.length / 2
  let inOrder = 0
  for (let i = 0; i < sample.length; i += 2) if (compare(sample[i]!, sample[i + 1]!) < 0) inOrder++
  const needed = count >= MANY_ROWS.atLeast ? MANY_ROWS : FEW_ROWS
  return count >= needed.atLeast && inOrder >= needed.share * count
}

function spreadsAgree(rows: RelationRows): boolean {
  const nodeCount = rows.offsets.length - 1
  let out = 0
  let outSquares = 0
  let back = 0
  let backSquares = 0
  let count = 0
  for (let u = 0; u < nodeCount; u++) {
    let acts = 0
    let received = 0
    for (let i = rows.offsets[u]!; i < rows.offsets[u + 1]!; i++) {
      const bits = rows.arcs[i]! & 3
      acts += bits & 1
      received += bits >> 1
    }
    if (acts + received === 0) continue
    count++
    out += acts
    outSquares += acts * acts
    back += received
    backSquares += received * received
  }
  const variance = (sum: number, squares: number) => squares / count - (sum / count) ** 2
  const ratio = Math.sqrt((variance(out, outSquares) + 1e-9) / (variance(back, backSquares) + 1e-9))
  return count > 0 && ratio < SPREAD_RATIO && ratio > 1 / SPREAD_RATIO
}

/** A way to order ids: a comparison for the sample, and the ranks of all once it is known to be the one. */
interface Order {
  compare(ids: IdTable): (a: number, b: number) => number
  rank(ids: IdTable, descending: boolean): Uint32Array
}

const byNumber: Order = {
  compare: (ids) => (a, b) => {
    const difference = numberOf(ids.idOf(a)) - numberOf(ids.idOf(b))
    return Number.isNaN(difference) ? 0 : difference
  },
  rank: (ids, descending) => {
    const numbers = Float64Array.from({ length: ids.size }, (_, node) => numberOf(ids.idOf(node)))
    return ranksOf(numbers, descending)
  },
}

const byLetters: Order = {
  compare: (ids) => (a, b) => (ids.idOf(a) < ids.idOf(b) ? -1 : 1),
  rank: (ids, descending) => {
    const names = Array.from({ length: ids.size }, (_, node) => ids.idOf(node))
    const order = names.map((_, node) => node).sort((a, b) => (names[a]! < names[b]! ? -1 : 1))
    const rank = new Uint32Array(names.length)
    order.forEach((node, i) => {
      rank[node] = descending ? names.length - 1 - i : i
    })
    return rank
  },
}

function numberOf(id: string): number {
  return /^\d{1,15}$/.test(id) ? Number(id) : Number.NaN
}

/** Whole numbers to ranks in the same (or the opposite) order: themselves where they fit, else their place when sorted. */
function ranksOf(values: Float64Array, descending: boolean): Uint32Array {
  let largest = 0
  for (const value of values) if (value > largest) largest = value
  if (largest < OUTSIDE)
    return Uint32Array.from(values, (value) => (Number.isNaN(value) ? OUTSIDE : descending ? largest - value : value))
  const sorted = values.slice().sort()
  return Uint32Array.from(values, (value) => {
    if (Number.isNaN(value)) return OUTSIDE
    const at = firstAtLeast(sorted, value)
    return descending ? values.length - 1 - at : at
  })
}

function firstAtLeast(sorted: Float64Array, value: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (sorted[middle]! < value) low = middle + 1
    else high = middle
  }
  return low
}
