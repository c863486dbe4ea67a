/**
 * Links: canonical vectors, disguised links found, and URLs a second with look-up, beside what npm has.
 * `npm run bench -- links [URLs]`. Peers psl and normalize-url: see bench/peers/links.
 */
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { randomInt, seededRandom } from '@firebreak/kernel'
import { canonicalUrl, expressionHash, findLinks, LinkList, ownerOf, parseUrl, urlExpressions } from '@firebreak/text'
import { getDomain } from 'tldts'
import { DISGUISES, disguised } from './links/disguises.ts'

const count = Number(process.argv[2] ?? 200_000)
const ROUNDS = 5
const DEV = join(import.meta.dirname, '../../shared/data/links/canonical-urls.dev.json')

interface Peer {
  readonly name: string
  /** The canonical form without query, as the vectors have it. */
  readonly canonical?: (url: string) => string
  /** Whose name a text's link is. */
  readonly owner?: (text: string) => string | null
}

type NormalizeUrl = (url: string, options?: object) => string
const require = createRequire(join(import.meta.dirname, 'peers/links/package.json'))
const load = async <T>(name: string): Promise<T | null> => {
  try {
    return (await import(require.resolve(name))) as T
  } catch {
    return null
  }
}
const psl = await load<{ default: { get(host: string): string | null } }>('psl')
const normalizer = await load<{ default: NormalizeUrl }>('normalize-url')

const whatwg = (url: string): string => {
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}
const peers: Peer[] = [
  {
    name: 'firebreak',
    canonical: (url) => canonicalUrl(url) ?? '',
    owner: (text) => {
      const [link] = findLinks(text)
      return link ? (link.looksLike ?? link.registrable) : null
    },
  },
  { name: 'new URL', canonical: whatwg },
  { name: 'new URL + tldts', owner: (text) => getDomain(new URL(text).hostname) },
  { name: 'tldts', owner: (text) => getDomain(text) },
  ...(psl ? [{ name: 'new URL + psl', owner: (text: string) => psl.default.get(new URL(text).hostname) }] : []),
  ...(normalizer
    ? [
        {
          name: 'normalize-url',
          canonical: (url: string) => normalizer.default(url, { stripWWW: false, removeTrailingSlash: false }),
          owner: (text: string) => getDomain(normalizer.default(text)),
        },
      ]
    : []),
]

function quietly<T>(run: () => T): T | null {
  try {
    return run()
  } catch {
    return null
  }
}

function vectors(): void {
  if (!existsSync(DEV)) return console.log('canonical vectors: skipped, no ../shared/data')
  const all = JSON.parse(readFileSync(DEV, 'utf8')) as { url: string; canonical: string }[]
  console.log(`canonical vectors (${all.length}, query left out)`)
  for (const { name, canonical } of peers)
    if (canonical)
      console.log(
        `  ${name.padEnd(18)} ${all.filter(({ url, canonical: right }) => quietly(() => canonical(url)) === right).length}`,
      )
}

function disguises(): void {
  const names = ['paperlantern.com', 'seashell-trade.co.uk', 'lamp0st.io']
  console.log(`\ndisguised links (${DISGUISES.length} kinds, every one of ${names.length} names must be found)`)
  for (const { name, owner } of peers) {
    if (!owner) continue
    const missed = DISGUISES.filter(
      (kind) => !names.every((host) => quietly(() => owner(disguised(kind, host))) === host),
    )
    console.log(
      `  ${name.padEnd(18)} ${DISGUISES.length - missed.length}${missed.length < 12 ? `  missed: ${missed.join(', ') || 'none'}` : ''}`,
    )
  }
}

/** Addresses like those people post: mixed depth, queries, some capitals, ports, fragments and escapes. */
function posted(): string[] {
  const random = seededRandom('links')
  const words = Array.from({ length: 5_000 }, (_, i) => `${['lamp', 'shell', 'paper', 'trade'][i % 4]}${i}`)
  const word = (): string => words[randomInt(random, words.length)]!
  const endings = ['com', 'org', 'net', 'co.uk', 'io', 'github.io', 'de', 'com.br']
  return Array.from({ length: count }, () => {
    const host = `${random() < 0.6 ? 'www.' : random() < 0.3 ? `${word()}.` : ''}${word()}.${endings[randomInt(random, endings.length)]}`
    const path = Array.from({ length: randomInt(random, 5) }, word).join('/')
    const query = random() < 0.3 ? `?id=${randomInt(random, 1e6)}&ref=${word()}` : ''
    const odd = random()
    const shown = odd < 0.05 ? host.toUpperCase() : odd < 0.07 ? `${host}:8080` : host
    return `http${random() < 0.8 ? 's' : ''}://${shown}/${path}${odd > 0.95 ? '%20x' : ''}${query}${odd > 0.9 ? '#top' : ''}`
  })
}

function perSecond(urls: readonly string[], run: (url: string) => unknown): number {
  const rates: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now()
    for (const url of urls) run(url)
    rates.push((urls.length / (performance.now() - start)) * 1_000)
  }
  return rates.toSorted((a, b) => a - b)[ROUNDS >> 1]!
}

function speed(): void {
  const urls = posted()
  const plain = new LinkList<number>()
  const hashed = new LinkList<number>()
  for (let i = 0; i < 100_000; i++) {
    plain.addUrl(`http://listed${i}.com/${i % 3 === 0 ? '' : `p${i}/`}`, i)
    hashed.addHash(expressionHash(`listed${i}.com/`).slice(0, 8), i)
  }
  const set = new Set(Array.from({ length: 100_000 }, (_, i) => `listed${i}.com`))
  const rows: readonly (readonly [string, (url: string) => unknown])[] = [
    ['firebreak canonical', canonicalUrl],
    ['firebreak canonical + look-up, 100 k entries', (url) => plain.find(url)],
    ['firebreak canonical + owner + look-up', (url) => ownerOf(parseUrl(url)!.host).registrable && plain.find(url)],
    ['firebreak expressions + look-up of 100 k hash prefixes', (url) => hashed.find(url)],
    ['firebreak expressions', urlExpressions],
    ['firebreak findLinks in a sentence', (url) => findLinks(`look at ${url} today`)],
    ['new URL', (url) => new URL(url)],
    ['new URL + tldts + set', (url) => set.has(getDomain(new URL(url).hostname) ?? '')],
    ...(psl
      ? ([['new URL + psl + set', (url: string) => set.has(psl.default.get(new URL(url).hostname) ?? '')]] as const)
      : []),
    ...(normalizer ? ([['normalize-url', (url: string) => normalizer.default(url)]] as const) : []),
  ]
  console.log(`\nURLs a second (${count} addresses, median of ${ROUNDS})`)
  for (const [name, run] of rows)
    console.log(`  ${name.padEnd(56)} ${Math.round(perSecond(urls, run)).toLocaleString('en')}`)
}

vectors()
disguises()
speed()
