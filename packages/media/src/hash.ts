import { FirebreakError } from '@firebreak/kernel'

/** Bytes of one PDQ hash. */
export const HASH_BYTES = 32
/** Bits of one PDQ hash; also the largest distance there is. */
export const HASH_BITS = 256
/** The distance up to which two PDQ hashes count as the same picture (PDQ's own advice, pdq/README of facebook/ThreatExchange). */
export const PDQ_DISTANCE = 31
/** Hashes of a lower quality say too little about a picture to be matched (same source: discard 49 and below). */
export const PDQ_QUALITY = 50

const HEX = /^[0-9a-fA-F]{64}$/

/** Whether this is a PDQ hash as text: 64 hexadecimal digits of either case, nothing around them. */
export function isHash(text: string): boolean {
  return HEX.test(text)
}

/**
 * The 32 bytes of a PDQ hash written as 64 hexadecimal digits, first digits first (word 15 of the C++ reference leads).
 * Throws `media/hash` for anything else; ask `isHash` first where the text is outside data.
 */
export function parseHash(hex: string): Uint8Array {
  if (!isHash(hex)) throw new FirebreakError('media/hash', [hex.length > 80 ? `${hex.slice(0, 80)}…` : hex])
  const hash = new Uint8Array(HASH_BYTES)
  for (let i = 0; i < HASH_BYTES; i++) hash[i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16)
  return hash
}

/** A hash of 32 bytes as 64 lower-case hexadecimal digits: the inverse of `parseHash`. */
export function formatHash(hash: Uint8Array): string {
  let hex = ''
  for (let i = 0; i < HASH_BYTES; i++) hex += hash[i]!.toString(16).padStart(2, '0')
  return hex
}

/** In how many of 256 bits two hashes of 32 bytes differ. Some 30 ns. */
export function hammingDistance(a: Uint8Array, b: Uint8Array): number {
  let distance = 0
  for (let i = 0; i < HASH_BYTES; i++) distance += BITS_SET[a[i]! ^ b[i]!]!
  return distance
}

const BITS_SET = Uint8Array.from({ length: 256 }, (_, byte) => byte.toString(2).replaceAll('0', '').length)
