const CHUNK = 1 << 18

interface Chunk {
  /** source, target, source, target … */
  readonly ends: Uint32Array
  weights: Float32Array | null
  times: Float64Array | null
  count: number
}

/**
 * Edges of one relation while they arrive: chunks of typed arrays (never copied to grow), 8 bytes per edge,
 * weights and times only in chunks that have them.
 */
export class EdgeList {
  count = 0
  weighted = false
  timed = false
  #chunks: Chunk[] = []
  #last: Chunk | null = null

  add(source: number, target: number, weight: number, atMs: number | undefined): void {
    let chunk = this.#last
    if (chunk === null || chunk.count === CHUNK) {
      chunk = { ends: new Uint32Array(2 * CHUNK), weights: null, times: null, count: 0 }
      this.#last = chunk
      this.#chunks.push(chunk)
    }
    const i = chunk.count++
    chunk.ends[2 * i] = source
    chunk.ends[2 * i + 1] = target
    if (weight !== 1) {
      chunk.weights ??= new Float32Array(CHUNK).fill(1)
      chunk.weights[i] = weight
      this.weighted = true
    } else if (chunk.weights) chunk.weights[i] = 1
    if (atMs !== undefined) {
      chunk.times ??= new Float64Array(CHUNK).fill(Number.NaN)
      chunk.times[i] = atMs
      this.timed = true
    }
    this.count++
  }

  /** Gives every end its new number. */
  renumber(rank: Uint32Array): void {
    for (const { ends, count } of this.#chunks)
      for (let i = 0; i < 2 * count; i++) ends[i] = rank[ends[i] as number] as number
  }

  forEach(visit: (source: number, target: number, weight: number, atMs: number) => void): void {
    for (const chunk of this.#chunks) visitChunk(chunk, visit)
  }

  /** Visits every edge and gives the memory back chunk by chunk, so that building needs no second copy. */
  drain(visit: (source: number, target: number, weight: number, atMs: number) => void): void {
    for (const chunk of this.#chunks) {
      visitChunk(chunk, visit)
      for (const array of [chunk.ends, chunk.weights, chunk.times]) (array?.buffer as ArrayBuffer)?.transfer(0)
    }
    this.#chunks = []
    this.#last = null
  }
}

function visitChunk(chunk: Chunk, visit: (source: number, target: number, weight: number, atMs: number) => void): void {
  const { ends, weights, times, count } = chunk
  for (let i = 0; i < count; i++)
    visit(ends[2 * i]!, ends[2 * i + 1]!, weights ? weights[i]! : 1, times ? times[i]! : Number.NaN)
}
