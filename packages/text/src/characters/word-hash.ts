const HASHES = 7

/** The bits of a word in a Bloom filter (double hashing over two FNV-1a variants). */
export function hashes(word: string, bits: number): number[] {
  let [one, two] = [0x811c9dc5, 0x9747b28c]
  for (let i = 0; i < word.length; i++) {
    const c = word.charCodeAt(i)
    one = Math.imul(one ^ c, 0x01000193)
    two = Math.imul(two ^ (c * 0x85eb), 0x5bd1e995)
    two ^= two >>> 15
  }
  const step = (two | 1) >>> 0
  return Array.from({ length: HASHES }, (_, i) => ((one >>> 0) + i * step) % bits)
}
