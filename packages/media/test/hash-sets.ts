/** Hashes to search among: uniform ones, and ones like those of pictures, whose bits depend on each other. */
import { type Random, randomInt, seededRandom } from '@firebreak/kernel'
import { PdqCore } from '../src/core/pdq-core.ts'
import { HASH_BYTES } from '../src/index.ts'
import { DIHEDRAL, turned } from '../src/pdq/bits.ts'

export type Distribution = 'uniform' | 'picture-like'

export function hashSet(distribution: Distribution, count: number): Uint8Array {
  return distribution === 'uniform' ? uniform(count) : pictureLike(count)
}

function uniform(count: number): Uint8Array {
  const random = seededRandom('uniform hashes')
  const words = new Uint32Array((count * HASH_BYTES) / 4)
  for (let i = 0; i < words.length; i++) words[i] = Math.floor(random() * 2 ** 32)
  return new Uint8Array(words.buffer)
}

/**
 * Pictures of a few overlapping rectangles and bars with some texture, made in the frequency domain (a rectangle's
 * transform is a product of two), each in its eight orientations: harsher than real pictures, whose hashes are less alike.
 */
function pictureLike(count: number): Uint8Array {
  const random = seededRandom('picture-like hashes')
  const core = new PdqCore()
  const hashes = new Uint8Array(count * HASH_BYTES)
  for (let i = 0; i < count; ) {
    const coefficients = rectangles(random)
    for (const way of DIHEDRAL) {
      if (i < count) hashes.set(core.hashCoefficients(turned(coefficients, way)), i++ * HASH_BYTES)
    }
  }
  return hashes
}

function rectangles(random: Random): Float32Array {
  const coefficients = Float32Array.from({ length: 256 }, () => (random() - 0.5) * 0.02)
  for (let shapes = 2 + randomInt(random, 8); shapes > 0; shapes--) {
    const bar = random() < 0.2
    const across = interval(random, bar)
    const down = interval(random, false)
    const shade = random() - 0.5
    for (let i = 0; i < 16; i++) for (let j = 0; j < 16; j++) coefficients[i * 16 + j]! += shade * down[i]! * across[j]!
  }
  return coefficients
}

/** Frequencies 1 to 16 of a line that is 1 within an interval and 0 outside. */
function interval(random: Random, whole: boolean): Float64Array {
  const from = whole ? 0 : random()
  const to = whole ? random() : Math.min(1, from + 0.05 + random() * 0.6)
  return Float64Array.from({ length: 16 }, (_, k) => {
    const f = Math.PI * (k + 1)
    return (Math.sin(f * to) - Math.sin(f * from)) / f
  })
}

/** Stored hashes with 0 to 31 bits turned over, and the entries they came from. */
export function plantedQueries(hashes: Uint8Array, count: number): { queries: Uint8Array; expected: Uint32Array } {
  const random = seededRandom('queries')
  const queries = new Uint8Array(count * HASH_BYTES)
  const expected = new Uint32Array(count)
  for (let q = 0; q < count; q++) {
    const entry = randomInt(random, hashes.length / HASH_BYTES)
    const query = hashes.slice(entry * HASH_BYTES, (entry + 1) * HASH_BYTES)
    const bits = new Set<number>()
    while (bits.size < q % 32) bits.add(randomInt(random, 256))
    for (const bit of bits) query[bit >> 3]! ^= 1 << (bit & 7)
    queries.set(query, q * HASH_BYTES)
    expected[q] = entry
  }
  return { queries, expected }
}
