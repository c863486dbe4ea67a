/**
 * Honest text by kind, read from Debian packages where they are installed (apt-get install fortunes fortunes-ru
 * python3-doc debian-handbook) and made from a seed where no free corpus exists. Nothing of it is committed.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Random, randomInt, seededRandom } from '@firebreak/kernel'
import { pick } from './kinds.ts'

export interface BenignSet {
  readonly name: string
  readonly lines: readonly string[]
}

const FORTUNES = '/usr/share/games/fortunes'
const PYTHON = '/usr/share/doc/python3.11/html/_sources'
const HANDBOOK = '/usr/share/doc/debian-handbook/html'

export function benignSets(seed: string): BenignSet[] {
  const quotes = fortunes((name) => name.endsWith('.u8'))
  const words = vocabulary(quotes)
  const random = seededRandom(seed)
  return [
    { name: 'quotes', lines: quotes },
    { name: 'technical', lines: files(PYTHON, /\.txt$/).flatMap((text) => text.split('\n')) },
    ...handbooks(),
    { name: 'tweets-like', lines: Array.from({ length: 30_000 }, () => tweet(words, random)) },
    { name: 'hashtags', lines: Array.from({ length: 40_000 }, () => hashtag(words, random)) },
    { name: 'codes', lines: Array.from({ length: 40_000 }, () => code(random)) },
  ].filter((set) => set.lines.length > 0)
}

/** Quotes as posts of about 200 characters, for throughput. */
export function posts(): string[] {
  return fortunes((name) => name.endsWith('.u8'))
    .join('\n')
    .replace(/\s+/g, ' ')
    .match(/.{200}/gsu)!
}

function fortunes(chosen: (name: string) => boolean): string[] {
  if (!existsSync(FORTUNES)) return []
  return readdirSync(FORTUNES)
    .filter(chosen)
    .flatMap((name) => readFileSync(join(FORTUNES, name), 'utf8').split(/\n%?\n?/))
}

function files(folder: string, wanted: RegExp): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => wanted.test(name))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
}

function handbooks(): BenignSet[] {
  if (!existsSync(HANDBOOK)) return []
  return readdirSync(HANDBOOK)
    .filter((name) => /^[a-z]{2}-[A-Z]{2}$/.test(name))
    .map((name) => ({ name: `handbook ${name}`, lines: files(join(HANDBOOK, name), /\.html$/).flatMap(bare) }))
}

function bare(html: string): string[] {
  return html
    .replace(/<(script|style)[\s\S]*?<\/\1>/g, '')
    .replace(/<\/(p|li|pre|h\d|div|td|dt|dd)>/g, '\n')
    .replace(/<[^>]+>/g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
}

function vocabulary(lines: readonly string[]): string[] {
  const counts = new Map<string, number>()
  for (const line of lines)
    for (const word of line.toLowerCase().match(/\b[a-z]{2,12}\b/g) ?? []) counts.set(word, (counts.get(word) ?? 0) + 1)
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 8_000)
    .map(([word]) => word)
}

/** Frequent words more often (roughly Zipf). */
const word = (words: readonly string[], random: Random) => words[Math.floor(words.length * random() ** 3)] ?? 'word'

function tweet(words: readonly string[], random: Random): string {
  const parts = Array.from({ length: 5 + randomInt(random, 20) }, () => {
    const one = word(words, random)
    const dice = random()
    if (dice < 0.04) return `@${one}${pick(random, ['', '_', '99', 'xx'])}${word(words, random)}`
    if (dice < 0.08) return hashtag(words, random)
    if (dice < 0.1) return `https://t.co/${token(random, 10)}`
    if (dice < 0.13)
      return String(randomInt(random, 5_000)) + pick(random, ['', '%', 'k', 'm', 'th', '€', '$', 'pm', 's'])
    if (dice < 0.17)
      return pick(random, [
        '😂😂',
        '🔥',
        '🇺🇸',
        '❤️',
        ':)',
        'lol!!',
        '...',
        'w/',
        '&',
        '+1',
        'b4',
        'gr8',
        '2nite',
        'u r',
        'OMG!!1',
      ])
    if (dice < 0.2) return one.toUpperCase()
    return one + pick(random, ['', '', '', '', ',', '.', '!', '?', '!!', '...', ' -'])
  })
  return parts.join(' ')
}

function hashtag(words: readonly string[], random: Random): string {
  const parts = Array.from({ length: 1 + randomInt(random, 3) }, () => word(words, random))
  const dice = random()
  if (dice < 0.4) return `#${parts.map((one) => one[0]!.toUpperCase() + one.slice(1)).join('')}`
  return `#${parts.join(dice < 0.5 ? '_' : '')}${dice > 0.9 ? 2000 + randomInt(random, 40) : ''}`
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
const token = (random: Random, length: number, from = ALPHABET) =>
  Array.from({ length }, () => pick(random, from)).join('')

function code(random: Random): string {
  const hex = '0123456789abcdef'
  switch (randomInt(random, 9)) {
    case 0:
      return `commit ${token(random, 40, hex)}`
    case 1:
      return `${token(random, 60, `${ALPHABET}+/`)}==`
    case 2:
      return `+${1 + randomInt(random, 90)} ${token(random, 3, '0123456789')} ${token(random, 7, '0123456789')}`
    case 3:
      return `$${randomInt(random, 999)}.${token(random, 2, '0123456789')} or ${randomInt(random, 90)}€ ${randomInt(random, 500)}g`
    case 4:
      return `https://example.org/${token(random, 6)}/${token(random, 11)}?v=${token(random, 8)}&t=${randomInt(random, 999)}s`
    case 5:
      return `${token(random, 8, hex)}-${token(random, 4, hex)}-${token(random, 4, hex)}-${token(random, 12, hex)}`
    case 6:
      return Array.from({ length: 16 }, () => token(random, 2, hex)).join(' ')
    case 7:
      return `#${token(random, 6, hex)} 0x${token(random, 8, hex).toUpperCase()} v${randomInt(random, 20)}.${randomInt(random, 20)}.${randomInt(random, 20)}-rc${randomInt(random, 9)}`
    default:
      return `SKU ${token(random, 3)}-${token(random, 5)} ISBN 978-${token(random, 10, '0123456789')} IMG_${token(random, 8, '0123456789')}.jpg`
  }
}
