/** Throughput, build, memory, latency and worst case, with peers over the same posts; processor time, medians. */
import { seededRandom } from '@firebreak/kernel'
import { compileTerms, type TermMatcher } from '@firebreak/text'
import { posts } from './benign.ts'
import { inventedWords } from './list.ts'
import { automaton, confusablesFold, nfkc, type Peer } from './peers.ts'

const ROUNDS = 7
const { gc } = globalThis as { gc?: () => void }

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!

function seconds(run: () => void): number {
  const started = process.cpuUsage()
  run()
  const { user, system } = process.cpuUsage(started)
  return (user + system) / 1e6
}

/** MB a second; the first rounds, in which code is compiled, do not count. */
function throughput(texts: readonly string[], find: (text: string) => unknown): number {
  const bytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  const rates = Array.from(
    { length: ROUNDS },
    () => bytes / 1e6 / seconds(() => texts.forEach((text) => void find(text))),
  )
  return median(rates.slice(2))
}

interface Built {
  readonly matcher: TermMatcher
  readonly ms: number
  readonly mb: number
}

function build(terms: readonly string[]): Built {
  const entries = terms.map((term) => ({ id: term, term }))
  gc?.()
  const before = process.memoryUsage()
  let matcher: TermMatcher | undefined
  const ms =
    1000 *
    seconds(() => {
      matcher = compileTerms(entries)
    })
  gc?.()
  const after = process.memoryUsage()
  return {
    matcher: matcher!,
    ms,
    mb: (after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers) / 1e6,
  }
}

export function measureSpeed(): void {
  const texts = posts()
  const words = inventedWords(seededRandom('speed'), 100_000)
  console.log(
    `throughput on ${texts.length} posts of 200 characters, MB/s of processor time (medians of ${ROUNDS - 2})`,
  )
  for (const size of [100, 10_000, 100_000]) {
    const terms = words.slice(0, size)
    const built = build(terms)
    const row = [`firebreak ${throughput(texts, (text) => built.matcher.find(text)).toFixed(1)}`]
    for (const peer of peers(terms)) row.push(`${peer.name} ${throughput(texts, (text) => peer.find(text)).toFixed(1)}`)
    console.log(`  ${String(size).padStart(7)} terms: ${row.join(' · ')}`)
    console.log(
      `          built in ${built.ms.toFixed(0)} ms, ${built.mb.toFixed(0)} MB${gc ? '' : ' (run with --expose-gc for memory)'}, ${changes(built.matcher)}`,
    )
    if (size === 100_000) latency(built.matcher, texts)
  }
}

function peers(terms: readonly string[]): Peer[] {
  try {
    return [
      automaton('modern-ahocorasick, lower case', terms, (text) => text.toLowerCase()),
      automaton('with NFKC', terms, nfkc),
      automaton('with confusables', terms, confusablesFold()),
    ]
  } catch {
    console.log('  (peers are not installed: npm install --prefix bench/peers/text)')
    return []
  }
}

function changes(matcher: TermMatcher): string {
  const times: number[] = []
  let growing = matcher
  for (let i = 0; i < 20; i++) {
    const started = performance.now()
    growing = growing.with({ id: `new-${i}`, term: `brazzle${i}` })
    times.push(performance.now() - started)
  }
  return `one more term ${median(times).toFixed(1)} ms`
}

function latency(matcher: TermMatcher, texts: readonly string[]): void {
  const times = texts.slice(0, 12_000).map((text) => {
    const started = performance.now()
    matcher.find(text)
    return (performance.now() - started) * 1000
  })
  times.sort((a, b) => a - b)
  console.log(
    `          one check: p50 ${times[times.length >> 1]!.toFixed(0)} µs, p99 ${times[Math.floor(times.length * 0.99)]!.toFixed(0)} µs`,
  )
}

const HOSTILE: Record<string, (term: string) => string> = {
  'near-matches': (term) => `${term.slice(0, -1)} `,
  'spaced near-matches': (term) => `${Array.from(term.slice(0, -1)).join(' ')} `,
  'reversed near-matches': (term) => `${Array.from(term.slice(0, -1)).reverse().join('')} `,
  '100 k combining marks': () => `a${'\u0301'.repeat(1000)}`,
  'leet signs': () => '1!|1$3@+',
  'spaced letters': () => 'a ',
  hashtags: (term) => `#${term.slice(0, -1)}`,
  'zero-width': (term) => Array.from(term.slice(0, -1)).join('\u200b'),
  'percent escapes': () => '%73%65%61',
  'direction marks': () => '\u202eab\u202c\u202dcd\u202c',
}

/** Time for a megabyte of hostile text over that of honest posts of the same length. */
export function measureWorst(): void {
  const words = inventedWords(seededRandom('speed'), 10_000)
  const matcher = compileTerms(words.map((term) => ({ id: term, term })))
  const honest = posts().join(' ').slice(0, 1_000_000)
  const time = (text: string) => median(Array.from({ length: 5 }, () => seconds(() => void matcher.find(text))))
  const mean = time(honest) / honest.length
  console.log(`worst case, 10 k terms: time per character over the mean of honest text (${(mean * 1e9).toFixed(0)} ns)`)
  for (const [name, piece] of Object.entries(HOSTILE)) {
    let text = ''
    for (let i = 0; text.length < 1_000_000; i++) text += piece(words[i % words.length]!)
    const short = time(text.slice(0, 250_000)) / 250_000
    const long = time(text) / text.length
    console.log(
      `  ${name.padEnd(24)} ${(long / mean).toFixed(1).padStart(5)} × (a quarter of it: ${(short / mean).toFixed(1)} ×)`,
    )
  }
}
