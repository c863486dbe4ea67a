/**
 * Positions of the `count` greatest values, greatest first, ties by position. A bounded heap: cost O(values) plus
 * O(count × log) for the few that get in, so that a long list is never sorted whole.
 */
export function greatest(values: Float64Array, count: number): number[] {
  const heap: number[] = []
  const less = (a: number, b: number): boolean => {
    const x = values[a] as number
    const y = values[b] as number
    return x < y || (x === y && a > b)
  }
  const first = Math.min(count, values.length)
  for (let i = 0; i < first; i++) heap.push(i)
  if (first < values.length && first > 0) {
    for (let at = first >> 1; at >= 0; at--) sink(heap, at, less)
    let least = values[heap[0] as number] as number
    // A later one of the same value never gets in.
    for (let i = first; i < values.length; i++) {
      if (!(least < (values[i] as number))) continue
      heap[0] = i
      sink(heap, 0, less)
      least = values[heap[0] as number] as number
    }
  }
  return heap.sort((a, b) => (less(a, b) ? 1 : -1))
}

function sink(heap: number[], from: number, less: (a: number, b: number) => boolean): void {
  let at = from
  for (;;) {
    let child = 2 * at + 1
    if (child >= heap.length) return
    if (child + 1 < heap.length && less(heap[child + 1] as number, heap[child] as number)) child++
    if (!less(heap[child] as number, heap[at] as number)) return
    const swap = heap[at] as number
    heap[at] = heap[child] as number
    heap[child] = swap
    at = child
  }
}
