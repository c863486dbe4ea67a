import { seededRandom } from '@firebreak/kernel'
import { HASH_BITS, HASH_BYTES } from '../hash.ts'

/**
 * Neighbouring bits of a PDQ hash depend on each other, which fills some buckets of a chunk and leaves others empty (real
 * hashes: 4.6 times the collisions of uniform ones at 22 bits). One fixed random order of bits ends that; distances stay.
 */
export const BIT_ORDER: readonly number[] = shuffled()

/** Bytes of the table by which the core permutes: 64 half bytes × 16 values × 32 bytes. */
export const PERMUTATION_BYTES = 64 * 16 * HASH_BYTES

function shuffled(): number[] {
  const random = seededRandom('order of bits, version 1')
  const order = Array.from({ length: HASH_BITS }, (_, bit) => bit)
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1))
    const kept = order[i]!
    order[i] = order[j]!
    order[j] = kept
  }
  return order
}

/** For each half byte of a hash (low half first) and each of its values: where its bits go. */
export function permutationTable(): Uint8Array {
  const table = new Uint8Array(PERMUTATION_BYTES)
  for (let half = 0; half < 64; half++) {
    for (let value = 0; value < 16; value++) {
      for (let bit = 0; bit < 4; bit++) {
        if (((value >> bit) & 1) === 0) continue
        const to = BIT_ORDER[half * 4 + bit]!
        table[(half * 16 + value) * HASH_BYTES + (to >> 3)]! |= 1 << (to & 7)
      }
    }
  }
  return table
}
