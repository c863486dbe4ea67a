import data from './common-words.data.json' with { type: 'json' }
import { hashes } from './word-hash.ts'

const bits = Uint8Array.from(atob(data.bits), (one) => one.charCodeAt(0))

/**
 * Whether a word in small letters is among some sixty thousand common English words; one other word in two hundred is
 * mistaken for one. For telling words from disguises, never for judging text.
 */
export function isCommonWord(word: string): boolean {
  for (const bit of hashes(word, bits.length * 8)) if ((bits[bit >> 3]! & (1 << (bit & 7))) === 0) return false
  return true
}
