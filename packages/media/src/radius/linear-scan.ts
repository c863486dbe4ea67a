import { FirebreakError } from '@firebreak/kernel'
import { HASH_BYTES, hammingDistance } from '../hash.ts'

/** A bank entry within the radius: its number, and in how many bits it differs. */
export interface Neighbour {
  readonly entry: number
  readonly distance: number
}

/** Every hash within the radius by looking at each: slow and right; the index is tested against it. Ordered as `byDistance`. */
export function linearScan(hashes: Uint8Array, query: Uint8Array, radius: number): Neighbour[] {
  const found: Neighbour[] = []
  for (let entry = 0; entry * HASH_BYTES < hashes.length; entry++) {
    const distance = hammingDistance(hashes.subarray(entry * HASH_BYTES, (entry + 1) * HASH_BYTES), query)
    if (distance <= radius) found.push({ entry, distance })
  }
  return found.sort(byDistance)
}

/** Nearest first, then in the order of entries. */
export function byDistance(a: Neighbour, b: Neighbour): number {
  return a.distance - b.distance || a.entry - b.entry
}

export function checkHash(hash: Uint8Array): void {
  if (hash.length !== HASH_BYTES) throw new FirebreakError('media/hash', [`${hash.length} bytes`])
}
