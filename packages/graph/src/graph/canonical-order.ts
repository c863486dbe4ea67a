import type { IdTable } from './id-table.ts'

export interface CanonicalOrder {
  /** New number → old number. */
  readonly order: Uint32Array
  /** Nodes below this number are accounts. */
  readonly accountCount: number
}

/** Buckets of the first pass: about one node each, so that hardly anything is left to sort. */
const MOST_BUCKET_BITS = 24
const SHORT_RUN = 24

/**
 * The order in which a graph numbers its nodes: accounts first, each part by a hash of the ids. It depends on the ids alone, so
 * that the same edges make the same graph however their rows are ordered; and it says nothing about ids, so that draws and
 * ties by number are as good as random. Cost: O(bytes of all ids).
 */
export function canonicalOrder(ids: IdTable, isAccount: (node: number) => boolean): CanonicalOrder {
  const keys = keysOf(ids)
  const bits = Math.min(MOST_BUCKET_BITS, Math.max(1, Math.ceil(Math.log2(ids.size + 1))))
  const buckets = 2 ** bits
  const perBucket = 2 ** (53 - bits)
  const bucketOf = (node: number): number =>
    Math.floor((keys[node] as number) / perBucket) + (isAccount(node) ? 0 : buckets)
  const starts = new Uint32Array(2 * buckets + 1)
  for (let node = 0; node < keys.length; node++) starts[bucketOf(node) + 1]! += 1
  for (let b = 0; b < 2 * buckets; b++) starts[b + 1]! += starts[b] as number
  const accountCount = starts[buckets] as number
  const order = new Uint32Array(keys.length)
  const cursor = starts.slice(0, 2 * buckets)
  for (let node = 0; node < keys.length; node++) order[cursor[bucketOf(node)]!++] = node
  const compare = (a: number, b: number): number => (keys[a] as number) - (keys[b] as number) || ids.compare(a, b)
  for (let b = 0; b < 2 * buckets; b++) sortRun(order, starts[b] as number, starts[b + 1] as number, compare)
  return { order, accountCount }
}

function sortRun(order: Uint32Array, from: number, to: number, compare: (a: number, b: number) => number): void {
  if (to - from > SHORT_RUN) {
    order.subarray(from, to).sort(compare)
    return
  }
  for (let i = from + 1; i < to; i++) {
    const node = order[i] as number
    let j = i
    for (; j > from && compare(order[j - 1] as number, node) > 0; j--) order[j] = order[j - 1] as number
    order[j] = node
  }
}

/** 53 bits of hash per id: two lanes over its bytes, each mixed as in MurmurHash3. */
function keysOf(ids: IdTable): Float64Array {
  const { bytes, ends } = ids.parts()
  const keys = new Float64Array(ends.length)
  let from = 0
  for (let node = 0; node < keys.length; node++) {
    const to = ends[node] as number
    let high = 0x2545f491
    let low = 0x5bd1e995
    for (let i = from; i < to; i++) {
      const byte = bytes[i] as number
      high = Math.imul(high ^ byte, 0xcc9e2d51)
      low = Math.imul(low ^ byte, 0x1b873593)
      low ^= low >>> 15
    }
    keys[node] = mixed(high ^ (to - from)) * 2 ** 21 + (mixed(low ^ high) >>> 11)
    from = to
  }
  return keys
}

function mixed(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
