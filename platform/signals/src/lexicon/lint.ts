import { wilson } from '@firebreak/statistics'
import { isEverydayWord, isMatchable, isPublicSuffix, OperatorPatterns, parseUrl } from '@firebreak/text'
import { benignBytes, benignPosts, COMMON_WORDS } from './benign-corpus.ts'
import { CompiledList } from './compiled-list.ts'
import type { CheckedEntry, OpenEntry } from './entry.ts'
import type { ProtectedTerms } from './protected-terms.ts'
import { isSilent } from './text-judge.ts'

/** Something to look at before an entry goes on. An `error` keeps it from the next state. */
export interface LintProblem {
  readonly code:
    | 'too-short'
    | 'common-word'
    | 'protected'
    | 'benign-hits'
    | 'not-a-link'
    | 'many-owners'
    | 'expression'
    | 'no-expiry'
  readonly severity: 'error' | 'warning'
  readonly text: string
}

export interface LintReport {
  readonly problems: readonly LintProblem[]
  /** Hits on the bundled benign corpus, per megabyte of text. */
  readonly falsePositivesPerMegabyte: number
  /** Share of benign posts hit, with a 95 % Wilson interval. */
  readonly benignShare: { readonly hit: number; readonly posts: number; readonly low: number; readonly high: number }
}

const SHORT = 4
const MOST_PER_MEGABYTE = 5

/**
 * Looks entries over: too short, an everyday word, inside words of help, what each would hit in benign texts. The corpus is small and
 * our own: a figure of 0 promises little, a high one a lot. Cost: one pass over 300 kB for all of them, about 150 ms.
 */
export function lintEntries(entries: readonly CheckedEntry[], protectedTerms: ProtectedTerms): LintReport[] {
  const shapes = entries.map((entry) => [...shape(entry)])
  const sound = entries.flatMap((entry, i) => (hasErrors(shapes[i]!) ? [] : [opened(entry, String(i))]))
  const list = CompiledList.of(sound)
  const meant = protectedWords(list, protectedTerms)
  const benign = benignHits(list)
  return entries.map((entry, i) => {
    const problems = shapes[i]!
    if (hasErrors(problems)) return { problems, ...NONE }
    return reportOf(entry, problems, meant.get(String(i)) ?? [], benign.get(String(i)) ?? 0)
  })
}

/** One entry looked over; see `lintEntries`. */
export function lintEntry(entry: CheckedEntry, protectedTerms: ProtectedTerms): LintReport {
  return lintEntries([entry], protectedTerms)[0]!
}

function reportOf(
  entry: CheckedEntry,
  found: readonly LintProblem[],
  meant: readonly string[],
  hit: number,
): LintReport {
  const problems = [...found]
  if (meant.length > 0) problems.push(protectedProblem(entry, meant))
  const posts = benignPosts().length
  const perMegabyte = (hit / benignBytes()) * 1e6
  if (perMegabyte > MOST_PER_MEGABYTE)
    problems.push(
      problem('benign-hits', 'warning', `would hit ordinary posts ${perMegabyte.toFixed(1)} times a megabyte`),
    )
  if (entry.expiresAt === undefined)
    problems.push(problem('no-expiry', 'warning', 'without an expiry nobody looks at it again'))
  const { low, high } = wilson(hit, posts)
  return { problems, falsePositivesPerMegabyte: perMegabyte, benignShare: { hit, posts, low, high } }
}

/** Whether something keeps the entry from going on. */
export function hasErrors(problems: readonly LintProblem[]): boolean {
  return problems.some(({ severity }) => severity === 'error')
}

const NONE = { falsePositivesPerMegabyte: 0, benignShare: { hit: 0, posts: 0, low: 0, high: 1 } } as const

/** An entry as if in force, for trying it out. */
export function opened({ kind, list, text, options }: CheckedEntry, id = 'candidate'): OpenEntry {
  return { id, list, kind, text, options, version: 0, expiresAt: Number.POSITIVE_INFINITY }
}

/** The problems in one line. */
export function wordsOf({ problems }: LintReport): string {
  return problems.map(({ text }) => text).join('; ')
}

function* shape({ kind, text, options }: CheckedEntry): Generator<LintProblem> {
  if (kind === 'url' || kind === 'shortener') return yield* linkShape(text)
  if (kind === 'expression') {
    try {
      new OperatorPatterns([{ id: 'given', pattern: text }])
    } catch (error) {
      yield problem('expression', 'error', (error as Error).message)
    }
    return
  }
  const letters = text.match(/[\p{L}\p{N}\p{Extended_Pictographic}]/gu) ?? []
  if (letters.length === 0 || !isMatchable({ id: '', term: text.replace(/^[#＃]/, '') }))
    return yield problem('too-short', 'error', 'no letter, digit or emoji to match')
  const isWord = !/\p{Extended_Pictographic}/u.test(text) && !/[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/u.test(text)
  if (letters.length < SHORT && isWord)
    yield options.boundary === 'none'
      ? problem('too-short', 'error', `shorter than ${SHORT} letters and matched inside words`)
      : problem('too-short', 'warning', `shorter than ${SHORT} letters: disguises of other words will match`)
  const word = text.toLowerCase().replace(/^[#＃]/, '')
  if (COMMON_WORDS.has(word) || isEverydayWord(word))
    yield problem('common-word', 'warning', 'an everyday word: it will hit what everybody writes')
}

function* linkShape(text: string): Generator<LintProblem> {
  if (/^(?:[0-9a-f]{2}){4,32}$/i.test(text)) return
  const parts = parseUrl(text)
  if (!parts?.host.includes('.'))
    yield problem('not-a-link', 'error', 'no URL with a host, and no hash of 4 to 32 bytes')
  else if (isPublicSuffix(parts.host))
    yield problem('many-owners', 'error', 'this host belongs to many owners; list one of them')
}

function protectedProblem({ options }: CheckedEntry, meant: readonly string[]): LintProblem {
  const silent = isSilent(options.action)
  return problem(
    'protected',
    silent ? 'error' : 'warning',
    `words of help contain it (${meant.slice(0, 3).join(', ')})${silent ? '; choose an action that offers help: resources, warn or caution' : ''}`,
  )
}

/** Words of help that each entry would be found in, by entry id. */
function protectedWords(list: CompiledList, { terms }: ProtectedTerms): Map<string, string[]> {
  const meant = new Map<string, string[]>()
  for (const term of terms) for (const id of idsIn(list, term)) meant.set(id, [...(meant.get(id) ?? []), term])
  return meant
}

/** Benign posts that each entry hits, by entry id. */
function benignHits(list: CompiledList): Map<string, number> {
  const hits = new Map<string, number>()
  for (const post of benignPosts()) for (const id of idsIn(list, post)) hits.set(id, (hits.get(id) ?? 0) + 1)
  return hits
}

function idsIn(list: CompiledList, text: string): Set<string> {
  const { terms, links } = list.find('content', text, 0)
  return new Set([...terms, ...links].map(({ entry }) => entry.id))
}

function problem(code: LintProblem['code'], severity: LintProblem['severity'], text: string): LintProblem {
  return { code, severity, text }
}
