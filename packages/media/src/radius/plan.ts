import { HASH_BITS } from '../hash.ts'

/**
 * How an index cuts the 256 bits into chunks; bits left over at the end belong to none. By the pigeonhole principle in its general form (Norouzi, Punjani, Fleet,
 * doi:10.1109/TPAMI.2013.231, with a radius of its own for each chunk): where chunk i is searched for all values that
 * differ in fewer than `reach[i]` bits, every hash within the radius is met if the reaches sum to more than the radius.
 */
export interface Plan {
  readonly widths: readonly number[]
}

/** Differences of more than two bits within a chunk are never probed: there are too many of them. */
const MAX_REACH = 3
const MIN_WIDTH = 8
const MAX_WIDTH = 26
/** A hash met by chance costs about as much as this many hashes in a linear scan. */
const SCAN_ADVANTAGE = 16

/** Bytes of an index of `count` hashes with `capacity` places under a plan, without the working room of its readers. */
export function planBytes(plan: Plan | null, count: number): number {
  return (plan?.widths ?? []).reduce((sum, width) => sum + chunkBytes(width, count), 0)
}

export function chunkBytes(width: number, count: number): number {
  return 4 * (2 ** width + 2 + count)
}

/** Bytes that the chunks may take: generous for small indices, about 64 bytes a hash for large ones. */
function budget(count: number): number {
  return Math.min(220 * count, 160_000_000 + 62 * count)
}

/** The cheapest plan within the memory budget, or null where a linear scan is cheaper. */
export function choosePlan(count: number, radius: number): Plan | null {
  let best: Plan | null = null
  let lowest = count / SCAN_ADVANTAGE
  for (let chunks = Math.ceil((radius + 1) / MAX_REACH); chunks <= Math.min(radius + 1, 32); chunks++) {
    for (const widths of cuts(chunks, (radius + 1) % chunks)) {
      const cost = planCost(widths, count, radius)
      if (cost >= lowest || planBytes({ widths }, count) > budget(count)) continue
      lowest = cost
      best = { widths }
    }
  }
  return best
}

/** Cuts of up to 256 bits into `chunks` pieces of which the first `wider` are wider than the others by the same number of bits. */
function* cuts(chunks: number, wider: number): Generator<number[]> {
  for (let more = 0; more <= (wider === 0 ? 0 : 10); more++) {
    const widest = Math.min(MAX_WIDTH, Math.floor((HASH_BITS - wider * more) / chunks))
    for (let base = MIN_WIDTH; base <= widest; base++) {
      const left = base === widest ? Math.min(chunks, HASH_BITS - wider * more - base * chunks) : 0
      const widths = Array.from({ length: chunks }, (_, i) => base + (i < wider ? more : 0) + (i < left ? 1 : 0))
      if (widths.every((width) => width <= MAX_WIDTH)) yield widths
    }
  }
}

/** What one more bit of reach costs: probes, and entries met by chance in the buckets probed. */
function stepCost(width: number, reach: number, count: number): number {
  const probes = reach === 0 ? 1 : reach === 1 ? width : (width * (width - 1)) / 2
  return probes * (1 + count / 2 ** width)
}

function planCost(widths: readonly number[], count: number, radius: number): number {
  const reaches = reachesFor({ widths }, count, radius)
  if (!reaches) return Number.POSITIVE_INFINITY
  return widths.reduce((sum, width, i) => {
    for (let reach = 0; reach < reaches[i]!; reach++) sum += stepCost(width, reach, count)
    return sum
  }, 0)
}

/**
 * The cheapest reaches for a search: their sum is the radius plus one. 0 leaves a chunk out. Null where the plan cannot
 * reach that far. Costs grow with every step of a chunk, so that taking the cheapest step each time is best.
 */
export function reachesFor(plan: Plan, count: number, radius: number): number[] | null {
  const reaches = plan.widths.map(() => 0)
  if (radius + 1 > plan.widths.length * MAX_REACH) return null
  for (let missing = radius + 1; missing > 0; missing--) {
    let cheapest = -1
    let lowest = Number.POSITIVE_INFINITY
    for (const [i, width] of plan.widths.entries()) {
      const cost = reaches[i]! < MAX_REACH ? stepCost(width, reaches[i]!, count) : Number.POSITIVE_INFINITY
      if (cost >= lowest) continue
      lowest = cost
      cheapest = i
    }
    reaches[cheapest]!++
  }
  return reaches
}
