/** Matchers of others over the same terms; `flags` answers whether a text holds any (or this) term. */
import { createRequire } from 'node:module'

const require = createRequire(new URL('../peers/text/package.json', import.meta.url))

export interface Peer {
  readonly name: string
  /** Terms found in a text. */
  find(text: string): ReadonlySet<string>
}

interface Automaton {
  search(text: string): readonly { readonly pattern: string; readonly start: number; readonly end: number }[]
}

/** modern-ahocorasick over a folded text with whole-word boundaries. */
export function automaton(name: string, terms: readonly string[], fold: (text: string) => string): Peer {
  const AhoCorasick = (require('modern-ahocorasick') as { default?: unknown }).default ?? require('modern-ahocorasick')
  const folded = new Map<string, string>()
  for (const term of terms) folded.set(fold(term), term)
  const machine = new (AhoCorasick as new (terms: string[]) => Automaton)(
    [...folded.keys()].filter((key) => key !== ''),
  )
  return {
    name,
    find(text) {
      const flat = fold(text)
      const found = new Set<string>()
      for (const { pattern, start, end } of machine.search(flat))
        if (isWhole(flat, start, end)) found.add(folded.get(pattern)!)
      return found
    },
  }
}

const isWordAt = (text: string, at: number) => at >= 0 && at < text.length && /[\p{L}\p{N}_]/u.test(text[at]!)
const isWhole = (text: string, start: number, end: number) => !isWordAt(text, start - 1) && !isWordAt(text, end)

export const nfkc = (text: string) => text.normalize('NFKC').toLowerCase()
const stripped = (text: string) =>
  text
    .normalize('NFKD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()

export function confusablesFold(): (text: string) => string {
  const unhomoglyph = require('unhomoglyph') as (text: string) => string
  return (text) => stripped(unhomoglyph(stripped(text)))
}

export function peersOf(terms: readonly string[]): Peer[] {
  return [
    automaton('exact (NFKC + automaton)', terms, nfkc),
    automaton('automaton + confusables', terms, confusablesFold()),
    automaton('automaton + decancer cure', terms, decancerFold()),
    obscenity(terms),
    allprofanity(terms),
  ]
}

function decancerFold(): (text: string) => string {
  const cure = require('decancer') as (text: string, options?: object) => { toString(): string }
  return (text) => {
    try {
      return cure(text).toString()
    } catch {
      return text
    }
  }
}

interface Obscenity {
  DataSet: new () => {
    addPhrase(
      build: (phrase: { setMetadata(data: { term: string }): { addPattern(pattern: unknown): unknown } }) => unknown,
    ): unknown
    build(): object
    getPayloadWithPhraseMetadata(hit: unknown): { phraseMetadata: { term: string } }
  }
  RegExpMatcher: new (options: object) => { getAllMatches(text: string): unknown[] }
  parseRawPattern(text: string): unknown
  englishRecommendedTransformers: object
}

function obscenity(terms: readonly string[]): Peer {
  const o = require('obscenity') as Obscenity
  const data = new o.DataSet()
  for (const term of terms)
    data.addPhrase((phrase) =>
      phrase.setMetadata({ term }).addPattern(o.parseRawPattern(`|${term.replace(/[[\]?|\\]/g, '')}|`)),
    )
  const matcher = new o.RegExpMatcher({ ...data.build(), ...o.englishRecommendedTransformers })
  return {
    name: 'obscenity, word boundary',
    find: (text) =>
      new Set(matcher.getAllMatches(text).map((hit) => data.getPayloadWithPhraseMetadata(hit).phraseMetadata.term)),
  }
}

interface ProfanityFilter {
  clearList?(): void
  add(words: string[]): void
  detect(text: string): { detectedWords?: string[] }
}

function allprofanity(terms: readonly string[]): Peer {
  const { AllProfanity } = require('allprofanity') as { AllProfanity: new (options: object) => ProfanityFilter }
  const filter = new AllProfanity({ languages: [], silent: true })
  filter.clearList?.()
  filter.add([...terms])
  return {
    name: 'allprofanity',
    find: (text) => new Set(filter.detect(text).detectedWords?.map((word) => word.toLowerCase()) ?? []),
  }
}
