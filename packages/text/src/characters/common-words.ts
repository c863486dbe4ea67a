import common from './common-words.data.json' with { type: 'json' }
import everyday from './everyday-words.data.json' with { type: 'json' }
import { hashes } from './word-hash.ts'

const bytesOf = (bits: string) => Uint8Array.from(atob(bits), (one) => one.charCodeAt(0))
const commonBits = bytesOf(common.bits)
const everydayBits = bytesOf(everyday.bits)

/**
 * Whether a word in small letters is among some sixty thousand common English words; one other word in two hundred is
 * mistaken for one. For telling words from disguises, never for judging text.
 */
export function isCommonWord(word: string): boolean {
  return has(commonBits, word)
}

/**
 * Whether a word is among the nineteen thousand commonest of 58 languages (stopwords-iso 1.1.0), letter case aside; one other
 * word in two hundred is mistaken for one. For warnings about a list, never for judging text.
 */
export function isEverydayWord(word: string): boolean {
  return has(everydayBits, word.normalize('NFC').toLowerCase())
}

function has(bits: Uint8Array, word: string): boolean {
  for (const bit of hashes(word, bits.length * 8)) if ((bits[bit >> 3]! & (1 << (bit & 7))) === 0) return false
  return true
}
