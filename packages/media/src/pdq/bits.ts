import { HASH_BYTES } from '../hash.ts'

/** Bit i·16+j is set where coefficient (i, j) lies above the median: the 128th smallest of 256, as Torben's method finds it. */
export function hashOfCoefficients(coefficients: Float32Array): Uint8Array {
  const median = coefficients.toSorted()[127]!
  const hash = new Uint8Array(HASH_BYTES)
  for (let bit = 0; bit < 256; bit++) {
    if (coefficients[bit]! > median) hash[HASH_BYTES - 1 - (bit >> 3)]! |= 1 << (bit & 7)
  }
  return hash
}

/**
 * The eight ways to lay a picture down: a turn or a mirror image only transposes its coefficients and flips signs.
 * Named as in the C++ reference; `transposed` swaps rows and columns, `negative(i, j)` tells where the sign flips.
 */
export const DIHEDRAL = [
  { name: 'original', transposed: false, negative: (_i: number, _j: number) => false },
  { name: 'rotate90', transposed: true, negative: (_i: number, j: number) => (j & 1) === 0 },
  { name: 'rotate180', transposed: false, negative: (i: number, j: number) => ((i + j) & 1) === 1 },
  { name: 'rotate270', transposed: true, negative: (i: number, _j: number) => (i & 1) === 0 },
  { name: 'flipX', transposed: false, negative: (i: number, _j: number) => (i & 1) === 0 },
  { name: 'flipY', transposed: false, negative: (_i: number, j: number) => (j & 1) === 0 },
  { name: 'flipPlus1', transposed: true, negative: (_i: number, _j: number) => false },
  { name: 'flipMinus1', transposed: true, negative: (i: number, j: number) => ((i + j) & 1) === 1 },
] as const

/** Names of the eight orientations, as in the C++ reference. */
export type DihedralName = (typeof DIHEDRAL)[number]['name']

/** The coefficients of a picture turned or mirrored, from those of the picture itself. */
export function turned(coefficients: Float32Array, way: (typeof DIHEDRAL)[number]): Float32Array {
  const result = new Float32Array(256)
  for (let i = 0; i < 16; i++) {
    for (let j = 0; j < 16; j++) {
      const value = coefficients[i * 16 + j]!
      result[way.transposed ? j * 16 + i : i * 16 + j] = way.negative(i, j) ? -value : value
    }
  }
  return result
}
