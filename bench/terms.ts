/**
 * Terms in disguise: recall by kind, false positives on honest text, throughput, worst case, beside other matchers.
 * `npm run bench -- terms [recall] [other] [benign] [peers] [speed] [worst] [--seed S]`; peers: npm ci in bench/peers/text.
 */
import { seededRandom } from '@firebreak/kernel'
import { compileTerms, type TermMatcher } from '@firebreak/text'
import { benignSets } from './terms/benign.ts'
import { FUZZY_KINDS, inCarrier, KINDS, type Kind } from './terms/kinds.ts'
import { benchTerms } from './terms/list.ts'
import { acrossWords, insideWord } from './terms/negatives.ts'
import { measureSpeed, measureWorst } from './terms/speed.ts'

const args = process.argv.slice(2)
const seed = args.includes('--seed') ? args[args.indexOf('--seed') + 1]! : 'terms-1'
const parts = args.filter((arg, i) => !arg.startsWith('--') && args[i - 1] !== '--seed')
const wants = (part: string) => parts.length === 0 || parts.includes(part)
const verbose = args.includes('--misses')

const terms = benchTerms(seededRandom(`${seed}-list`))
const matcher = compileTerms(terms.map(({ term }) => ({ id: term, term })))

interface Score {
  hits: number
  cases: number
}

const percent = ({ hits, cases }: Score) => (cases === 0 ? '-' : ((100 * hits) / cases).toFixed(1)).padStart(6)

function recall(
  kinds: Readonly<Record<string, Kind>>,
  name: string | undefined,
  find: (text: string, kind: string) => ReadonlySet<string>,
): Map<string, Score> {
  const scores = new Map<string, Score>()
  for (const [kind, write] of Object.entries(kinds)) {
    const random = seededRandom(`${seed}-${kind}`)
    const score = { hits: 0, cases: 0 }
    for (const { term } of terms) {
      const written = write(term, random)
      if (written === undefined) continue
      const { text } = inCarrier(written, random)
      score.cases++
      if (find(text, kind).has(term)) score.hits++
      else if (verbose) console.log(`  missed ${kind}: ${term} as ${JSON.stringify(text)}`)
    }
    scores.set(kind, score)
  }
  if (name === undefined) return scores
  console.log(name)
  for (const [kind, score] of scores) console.log(`  ${kind.padEnd(26)}${percent(score)}  of ${score.cases}`)
  return scores
}

function micro(scores: ReadonlyMap<string, Score>): Score {
  const total = { hits: 0, cases: 0 }
  for (const [kind, score] of scores) {
    if (FUZZY_KINDS.includes(kind)) continue
    total.hits += score.hits
    total.cases += score.cases
  }
  return total
}

const ours = (one: TermMatcher, fuzzyFor: (kind: string) => boolean) => (text: string, kind: string) =>
  new Set(one.find(text, { fuzzy: fuzzyFor(kind) }).map((match) => match.entry.id))

function measureRecall(): void {
  const scores = recall(
    KINDS,
    `recall by kind, seed ${seed}`,
    ours(matcher, (kind) => FUZZY_KINDS.includes(kind)),
  )
  console.log(`  micro over the core kinds ${percent(micro(scores))}`)
}

async function measureOther(): Promise<void> {
  const { otherKinds } = await import('./terms/other-kinds.ts')
  const scores = recall(
    otherKinds(),
    'second generator (other look-alikes)',
    ours(matcher, () => false),
  )
  console.log(`  micro ${percent(micro(scores))}`)
}

/** The same cases and the same honest text through other matchers. */
async function measurePeers(): Promise<void> {
  const { peersOf } = await import('./terms/peers.ts')
  const sets = benignSets(seed).filter(({ name }) => /^(quotes|technical|tweets-like|hashtags|codes)$/.test(name))
  const exact = exactWholeWord()
  for (const peer of peersOf(terms.map(({ term }) => term))) {
    const scores = recall(KINDS, undefined, (text) => peer.find(text))
    const rates = sets.map(({ name, lines }) => {
      const some = lines.slice(0, 20_000)
      const wrong = some.filter((line) => peer.find(line).size > 0 && !exact(line)).length
      return `${name} ${((1e6 * wrong) / some.reduce((sum, line) => sum + Buffer.byteLength(line) + 1, 0)).toFixed(1)}`
    })
    console.log(`${peer.name.padEnd(28)} core recall ${percent(micro(scores))} %  FP/MB: ${rates.join(', ')}`)
  }
}

function measureBenign(): void {
  const exact = exactWholeWord()
  let [bytes, wrong, fuzzyWrong] = [0, 0, 0]
  console.log('false positives: lines flagged that an exact NFKC whole-word matcher does not flag')
  for (const { name, lines } of benignSets(seed)) {
    let [size, hits, fuzzy] = [0, 0, 0]
    for (const line of lines) {
      size += Buffer.byteLength(line) + 1
      const found = matcher.find(line, { fuzzy: true })
      if (found.length === 0 || exact(line)) continue
      const sure = found.filter((match) => match.tier !== 'fuzzy')
      if (sure.length > 0) hits++
      else fuzzy++
      if (verbose)
        for (const match of sure.length > 0 ? sure : found)
          console.log(
            `  ${match.tier} ${match.entry.term} ← ${JSON.stringify(line.slice(Math.max(0, match.start - 20), match.end + 20))} ${match.why}`,
          )
    }
    bytes += size
    wrong += hits
    fuzzyWrong += fuzzy
    const mb = size / 1e6
    console.log(
      `  ${name.padEnd(16)} ${mb.toFixed(2).padStart(6)} MB ${(hits / mb).toFixed(2).padStart(6)}/MB (${hits})  fuzzy only ${(fuzzy / mb).toFixed(2).padStart(6)}/MB (${fuzzy})`,
    )
  }
  console.log(
    `  ${'all'.padEnd(16)} ${(bytes / 1e6).toFixed(2).padStart(6)} MB ${(wrong / (bytes / 1e6)).toFixed(2).padStart(6)}/MB (${wrong})  fuzzy only ${(fuzzyWrong / (bytes / 1e6)).toFixed(2).padStart(6)}/MB`,
  )
  const random = seededRandom(`${seed}-negatives`)
  for (const [name, write] of [
    ['inside a word', insideWord],
    ['across words', acrossWords],
  ] as const) {
    const cases = terms.flatMap(({ term }) => write(term, random))
    const hits = cases.filter((text) => matcher.find(`it was ${text} then`).length > 0)
    console.log(`  ${name.padEnd(16)} ${((100 * hits.length) / cases.length).toFixed(1)} % of ${cases.length}`)
    if (verbose) for (const text of hits) console.log(`    ${text}`)
  }
}

function exactWholeWord(): (line: string) => boolean {
  const escaped = terms.map(({ term }) =>
    term
      .normalize('NFKC')
      .toLowerCase()
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
  )
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}_])(?:${escaped.join('|')})(?![\\p{L}\\p{N}_])`, 'u')
  return (line) => pattern.test(line.normalize('NFKC').toLowerCase())
}

if (wants('recall')) measureRecall()
if (wants('other')) await measureOther()
if (wants('benign')) measureBenign()
if (wants('peers')) await measurePeers()
if (wants('speed')) measureSpeed()
if (wants('worst')) measureWorst()
