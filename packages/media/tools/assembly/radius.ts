// The core of the radius index. Nothing is allocated here: the caller lays out one shared memory and passes addresses.
// A search works in three rounds so that cache misses overlap: bucket bounds of all probes, entries of all buckets that
// are not empty, distances of all entries.

const HASH: usize = 32

export function heapBase(): usize {
  return __heap_base
}

/** Where a search's plan and working room lie. One of these for each reader. */
const SLOT_QUERY: usize = 0
const SLOT_RANGES: usize = 64
const SLOT_CANDIDATES: usize = SLOT_RANGES + 512 * 8
const CANDIDATES: i32 = 4096
const SLOT_RESULTS: usize = SLOT_CANDIDATES + <usize>CANDIDATES * 4
const RESULTS: i32 = 8192
/** After the results: where a scan stopped. */
const SLOT_NEXT: usize = SLOT_RESULTS + <usize>RESULTS * 8

export function slotBytes(): usize {
  return SLOT_NEXT + 64
}

export function resultsAt(): usize {
  return SLOT_RESULTS
}

export function nextAt(): usize {
  return SLOT_NEXT
}

/** Bits in another order, four bits at a time through a table of 64 × 16 hashes. */
export function permute(from: usize, to: usize, count: i32, table: usize): void {
  for (let i = 0; i < count; i++, from += HASH, to += HASH) {
    let low = i64x2.splat(0)
    let high = low
    let row = table
    for (let byte: usize = 0; byte < HASH; byte++, row += 1024) {
      const value = <usize>load<u8>(from + byte)
      const first = row + ((value & 15) << 5)
      const second = row + 512 + ((value >> 4) << 5)
      low = v128.or(low, v128.or(v128.load(first), v128.load(second)))
      high = v128.or(high, v128.or(v128.load(first, 16), v128.load(second, 16)))
    }
    v128.store(to, low)
    v128.store(to, high, 16)
  }
}

function chunkOf(hash: usize, bit: i32, mask: u32): u32 {
  return <u32>(load<u64>(hash + <usize>(bit >> 3)) >> <u64>(bit & 7)) & mask
}

function isRemoved(removed: usize, entry: u32): bool {
  return ((load<u8>(removed + (entry >> 3)) >> <u8>(entry & 7)) & 1) !== 0
}

const PARTS: usize = 256

/**
 * Entries sorted by the value of one chunk: `starts` holds 2^width + 2 positions in `entries`. Removed entries are left
 * out. With room for `count` values and entries each (`values`, `order`; else 0) they are first dealt into 256 parts by
 * their highest bits, so that the rest works within the cache. `parts` is room for 256 positions.
 */
export function sortChunk(
  hashes: usize,
  count: i32,
  removed: usize,
  bit: i32,
  width: i32,
  starts: usize,
  entries: usize,
  values: usize,
  order: usize,
  parts: usize,
): void {
  const mask: u32 = (1 << width) - 1
  memory.fill(starts, 0, (((<usize>1) << width) + 2) << 2)
  if (values === 0) {
    for (let i = 0, hash = hashes; i < count; i++, hash += HASH) {
      if (!isRemoved(removed, i)) increment(starts + 8, chunkOf(hash, bit, mask))
    }
    addUp(starts + 8, (<usize>1) << width, 0)
    // The next place of a bucket stands one position further; when all are in, each position holds its bucket's start.
    for (let i = 0, hash = hashes; i < count; i++, hash += HASH) {
      if (isRemoved(removed, i)) continue
      const at = increment(starts + 4, chunkOf(hash, bit, mask))
      store<u32>(entries + ((<usize>at) << 2), i)
    }
    return
  }
  const live = deal(hashes, count, removed, bit, mask, width - 8, values, order, parts)
  for (let i: usize = 0; i < live; i++) increment(starts + 8, load<u32>(values + (i << 2)))
  addUp(starts + 8, (<usize>1) << width, 0)
  for (let i: usize = 0; i < live; i++) {
    const at = increment(starts + 4, load<u32>(values + (i << 2)))
    store<u32>(entries + ((<usize>at) << 2), load<u32>(order + (i << 2)))
  }
}

/** Adds one to a counter and returns what it was. */
function increment(counters: usize, index: u32): u32 {
  const at = counters + ((<usize>index) << 2)
  const value = load<u32>(at)
  store<u32>(at, value + 1)
  return value
}

/** Counts into ends: each becomes the sum of all up to itself. */
function addUp(counters: usize, count: usize, sum: u32): void {
  for (let i: usize = 0; i < count; i++) {
    const at = counters + (i << 2)
    sum += load<u32>(at)
    store<u32>(at, sum)
  }
}

function deal(
  hashes: usize,
  count: i32,
  removed: usize,
  bit: i32,
  mask: u32,
  shift: i32,
  values: usize,
  order: usize,
  parts: usize,
): usize {
  memory.fill(parts, 0, (PARTS + 1) << 2)
  for (let i = 0, hash = hashes; i < count; i++, hash += HASH) {
    if (!isRemoved(removed, i)) increment(parts + 4, chunkOf(hash, bit, mask) >> shift)
  }
  addUp(parts + 4, PARTS, 0)
  const live = <usize>load<u32>(parts + (PARTS << 2))
  for (let i = 0, hash = hashes; i < count; i++, hash += HASH) {
    if (isRemoved(removed, i)) continue
    const value = chunkOf(hash, bit, mask)
    const at = (<usize>increment(parts, value >> shift)) << 2
    store<u32>(values + at, value)
    store<u32>(order + at, i)
  }
  return live
}

function distance(a: usize, b: usize): i32 {
  return <i32>(
    (popcnt<u64>(load<u64>(a) ^ load<u64>(b)) +
      popcnt<u64>(load<u64>(a, 8) ^ load<u64>(b, 8)) +
      popcnt<u64>(load<u64>(a, 16) ^ load<u64>(b, 16)) +
      popcnt<u64>(load<u64>(a, 24) ^ load<u64>(b, 24)))
  )
}

/** Appends the bounds of one bucket; an empty one is overwritten by the next, so that no branch waits for memory. */
function probe(starts: usize, value: u32, to: usize): usize {
  const bounds = load<u64>(starts + ((<usize>value) << 2))
  store<u64>(to, bounds)
  return to + ((<usize>(<u32>bounds < <u32>(bounds >> 32))) << 3)
}

function probeAll(starts: usize, value: u32, width: i32, reach: i32, to: usize): usize {
  to = probe(starts, value, to)
  if (reach < 2) return to
  for (let a = 0; a < width; a++) {
    const near = value ^ (1 << a)
    to = probe(starts, near, to)
    if (reach > 2) for (let b = a + 1; b < width; b++) to = probe(starts, near ^ (1 << b), to)
  }
  return to
}

/** Distances of entries; those within the radius and not removed go behind the `found` that are there. -1: no room. */
function verify(slot: usize, hashes: usize, removed: usize, list: usize, count: i32, radius: i32, found: i32): i32 {
  const query = slot + SLOT_QUERY
  const a = load<u64>(query)
  const b = load<u64>(query, 8)
  const c = load<u64>(query, 16)
  const d = load<u64>(query, 24)
  for (let i = 0; i < count; i++) {
    const entry = load<u32>(list + ((<usize>i) << 2))
    const hash = hashes + ((<usize>entry) << 5)
    const far = <i32>(
      (popcnt<u64>(load<u64>(hash) ^ a) +
        popcnt<u64>(load<u64>(hash, 8) ^ b) +
        popcnt<u64>(load<u64>(hash, 16) ^ c) +
        popcnt<u64>(load<u64>(hash, 24) ^ d))
    )
    if (far > radius || isRemoved(removed, entry)) continue
    if (found === RESULTS) return -1
    store<u32>(slot + SLOT_RESULTS + ((<usize>found) << 3), entry)
    store<u32>(slot + SLOT_RESULTS + ((<usize>found) << 3), far, 4)
    found++
  }
  return found
}

/**
 * Entries within the radius by the chunks of `plan` (16 bytes each: first bit, width, reach, unused; then starts and
 * entries as addresses, 8 bytes). An entry is found once for each chunk that holds it. -1 when more than `most` entries
 * would have to be looked at, or results do not fit: scan instead.
 */
export function search(
  slot: usize,
  plan: usize,
  chunks: i32,
  hashes: usize,
  removed: usize,
  radius: i32,
  most: i32,
): i32 {
  let found = 0
  let looked: u32 = 0
  const list = slot + SLOT_CANDIDATES
  for (let chunk = 0; chunk < chunks; chunk++, plan += 24) {
    const reach = load<i32>(plan, 8)
    if (reach === 0) continue
    const width = load<i32>(plan, 4)
    const value = chunkOf(slot + SLOT_QUERY, load<i32>(plan), (1 << width) - 1)
    const entries = <usize>load<u32>(plan, 20)
    const end = probeAll(<usize>load<u32>(plan, 16), value, width, reach, slot + SLOT_RANGES)
    let count = 0
    for (let range = slot + SLOT_RANGES; range < end; range += 8) {
      const first = load<u32>(range)
      const length = load<u32>(range, 4) - first
      looked += length
      if (looked > <u32>most) return -1
      for (let i: u32 = 0; i < length; i++) {
        if (count === CANDIDATES) {
          found = verify(slot, hashes, removed, list, count, radius, found)
          if (found < 0) return -1
          count = 0
        }
        store<u32>(list + ((<usize>count) << 2), load<u32>(entries + ((<usize>(first + i)) << 2)))
        count++
      }
    }
    found = verify(slot, hashes, removed, list, count, radius, found)
    if (found < 0) return -1
  }
  return found
}

/** Entries `first` to `end` within the radius, by looking at each. Stops when results are full; `nextAt` tells where. */
export function scan(slot: usize, hashes: usize, removed: usize, first: u32, end: u32, radius: i32): i32 {
  const query = slot + SLOT_QUERY
  let found = 0
  let entry = first
  for (let hash = hashes + ((<usize>first) << 5); entry < end; entry++, hash += HASH) {
    const far = distance(hash, query)
    if (far > radius || isRemoved(removed, entry)) continue
    if (found === RESULTS) break
    store<u32>(slot + SLOT_RESULTS + ((<usize>found) << 3), entry)
    store<u32>(slot + SLOT_RESULTS + ((<usize>found) << 3), far, 4)
    found++
  }
  store<u32>(slot + SLOT_NEXT, entry)
  return found
}
