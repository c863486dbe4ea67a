interface Span {
  readonly start: number
  readonly end: number
}

/** Places of a text in order, asked many times: whether any of them covers or meets another. Logarithmic. */
export class Spans {
  private readonly starts: number[] = []
  /** The furthest end of this span and all before it. */
  private readonly reach: number[] = []

  constructor(spans: readonly Span[]) {
    for (const { start, end } of spans.toSorted((a, b) => a.start - b.start)) {
      this.starts.push(start)
      this.reach.push(Math.max(end, this.reach.at(-1) ?? 0))
    }
  }

  covers({ start, end }: Span): boolean {
    return this.reachFrom(start + 1) >= end
  }

  meets({ start, end }: Span): boolean {
    return this.reachFrom(end) > start
  }

  /** The furthest end among the spans that begin before `position`. */
  private reachFrom(position: number): number {
    let [low, high] = [0, this.starts.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.starts[middle]! < position) low = middle + 1
      else high = middle
    }
    return low === 0 ? -1 : this.reach[low - 1]!
  }
}
