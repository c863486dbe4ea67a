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
  for (let i = 0; i < values.length; i++) {
    if (heap.length < count) {
      heap.push(i)
      if (heap.length === count) for (let at = count >> 1; at >= 0; at--) sink(heap, at, less)
    } else if (count > 0 && less(heap[0] as number, i)) {
      heap[0] = i
      sink(heap, 0, less)
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
