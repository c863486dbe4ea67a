import { HASH_BYTES } from '../hash.ts'
import { PERMUTATION_BYTES } from './permutation.ts'
import type { Plan } from './plan.ts'

/** Readers of one memory at the same time: this program's thread and workers. Each needs working room of its own. */
export const READERS = 8
/** Bytes of one chunk's row in the plan that the core reads. */
export const PLAN_ROW = 24
const LINE = 64
const COUNTERS_BYTES = LINE

/** Where everything lies in the memory of an index. All addresses are multiples of 64. */
export interface Layout {
  readonly counters: number
  readonly table: number
  readonly slots: number
  readonly plans: number
  readonly removed: number
  readonly starts: readonly number[]
  readonly entries: readonly number[]
  readonly hashes: number
  readonly capacity: number
  readonly bytes: number
}

/** Places in the memory for hashes added after the build: an eighth more, at least 4,096. They cost nothing until used. */
export function capacityFor(count: number): number {
  return count + Math.max(4096, count >> 3)
}

export function layoutFor(
  plan: Plan | null,
  indexed: number,
  capacity: number,
  base: number,
  slotBytes: number,
): Layout {
  let next = base
  const take = (bytes: number) => {
    const at = Math.ceil(next / LINE) * LINE
    next = at + bytes
    return at
  }
  const widths = plan?.widths ?? []
  const counters = take(COUNTERS_BYTES)
  const table = take(PERMUTATION_BYTES)
  const slots = take(READERS * slotBytes)
  const plans = take(READERS * widths.length * PLAN_ROW)
  const removed = take((capacity >> 3) + 1)
  const starts = widths.map((width) => take(4 * (2 ** width + 2)))
  const entries = widths.map(() => take(4 * indexed))
  const hashes = take(capacity * HASH_BYTES)
  // The value of a chunk is read as eight bytes, beyond the last hash at the end.
  return { counters, table, slots, plans, removed, starts, entries, hashes, capacity, bytes: next + 8 }
}
