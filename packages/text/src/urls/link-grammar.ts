/**
 * How people write hosts and links, disguised or not. Every repetition is bounded or over disjoint classes, so that matching
 * stays linear in the text.
 */

const DOT_WORD = '(?:\\.|dot|d0t|punkt|punto|ponto|point|точка)'
/** A dot in brackets, whole or half: `[.]`, `(dot)`, `{.`, `[ dot ]`. */
const BRACKETED = `\\s?(?:[[({<]\\s?${DOT_WORD}\\s?[\\])}>]|[[({]${DOT_WORD}|\\.[\\])}])\\s?`
/** Dots that people set apart; only a well-known ending makes them part of a host. */
const APART = `(?:\\s{1,2}(?:\\.|dot|d0t|punkt)\\s{1,2}|\\.\\s|\\s\\.|[_*-](?:dot)[_*-]|\\s?[•·∙⋅●‧]\\s?)`
/** The longer forms first: what splits a chain must read it as what matched it. */
const SEPARATOR = `(?:${BRACKETED}|${APART}|\\.|%2e|\\\\\\.)`
const LABEL = '(?:[\\p{L}\\p{N}\\p{M}_-]|%(?!2e)[0-9a-f]{2}){1,63}'

/** A chain of labels; what stands between them is read by `hostIn`. Match it sticky or global. */
export const HOST = new RegExp(`(?<![\\p{L}\\p{N}\\p{M}_-])${LABEL}(?:${SEPARATOR}${LABEL}){1,30}`, 'giu')

/** A separator that can join a host: full stops between sentences cannot, unless a well-known ending follows. */
const TRIGGER = new RegExp(
  `\\.(?=[\\p{L}\\p{N}\\p{M}_%\\\\\\-\\])}])|\\.\\s{1,2}(?:com|net|org)(?![\\p{L}\\p{N}\\p{M}_-])|\\s\\.\\s|[[({<]\\s?${DOT_WORD}|[•·∙⋅●‧]|[\\s_*-](?:dot|d0t|punkt)[\\s_*-]|%2e`,
  'iu',
)

/** Whether a text can hold a host at all: false only where `HOST` and `hostIn` find none. */
export const mayHoldHost = (text: string): boolean => TRIGGER.test(text)

const SPLIT = new RegExp(`(${SEPARATOR})`, 'iu')
const IS_APART = new RegExp(`^${APART}$`, 'iu')

/** Endings that are seldom words, for dots set apart by blanks. */
const SURE_ENDINGS: ReadonlySet<string> = new Set(
  'com net org io ru info xyz biz co app gg dev site online club shop top link onion eu de uk fr es nl pl br cn jp example test'.split(
    ' ',
  ),
)
/** Words before a spoken "dot com" that make it prose. */
const PROSE: ReadonlySet<string> = new Set(
  'the a an this that and or of is in on at to for my your our his her'.split(' '),
)

/** One label chain found in a text: `host` joined by plain dots, `start`/`end` in the folded text. */
export interface FoundHost {
  readonly host: string
  readonly start: number
  readonly end: number
  /** How the dots were written, where not plainly. */
  readonly disguises: readonly ('bracketed-dot' | 'spoken-dot' | 'escaped-dot')[]
}

/** Reads a match of `HOST`, dropping labels at its rims that blanks set apart without a sure ending. Null when none is left. */
export function hostIn(match: string, at: number): FoundHost | null {
  const pieces = match.split(SPLIT)
  let from = 0
  let to = pieces.length
  for (let i = 1; i < to; i += 2) {
    if (!IS_APART.test(pieces[i]!)) continue
    if (joins(pieces, i, to)) continue
    // A blank that joins nothing ends one chain and begins another: keep the longer plain side that can still be a host.
    if (i > 1 && from < i - 1) to = i
    else from = i + 1
  }
  if (to - from < 3) return null
  const kept = pieces.slice(from, to)
  const start = at + pieces.slice(0, from).join('').length
  const labels = kept.filter((_piece, i) => i % 2 === 0)
  return { host: labels.join('.'), start, end: start + kept.join('').length, disguises: disguisesOf(kept) }
}

function joins(pieces: readonly string[], i: number, to: number): boolean {
  const ending = pieces[to - 1]!.toLowerCase()
  const oneSided = /^(?:\.\s|\s\.)$/.test(pieces[i]!)
  if (PROSE.has(pieces[i - 1]!.toLowerCase())) return false
  return oneSided ? i === to - 2 && ['com', 'net', 'org'].includes(ending) : SURE_ENDINGS.has(ending)
}

function disguisesOf(pieces: readonly string[]): FoundHost['disguises'] {
  const found = new Set<'bracketed-dot' | 'spoken-dot' | 'escaped-dot'>()
  for (let i = 1; i < pieces.length; i += 2) {
    const between = pieces[i]!.toLowerCase()
    if (between === '.') continue
    if (between === '%2e' || between === '\\.') found.add('escaped-dot')
    else found.add(IS_APART.test(between) ? 'spoken-dot' : 'bracketed-dot')
  }
  return [...found]
}

/** What may stand before a host: a scheme in any disguise with its slashes, and a user. Looked for in the last `LEFT_REACH` units. */
const LEFT =
  /(?:((?:[a-z][a-z-]{1,14}:){0,3})([a-z*][a-z*+.-]{0,11})\s?(?::|\[:\]|\(:\)|%3a)\s?)?((?:[/\\]|\[\/\]|%2f|\s\/){1,6})\s?((?:[^\s/\\@]{0,64}@){0,3})$/i
export const LEFT_REACH = 220

/** What was written before a host. */
export interface Lead {
  readonly scheme: string
  readonly length: number
  readonly userinfo: boolean
  /** `view-source:` and the like around the scheme. */
  readonly wrapped: boolean
  readonly disguised: boolean
}

/** The scheme and user right before `start`, or null when the host stands alone. */
export function leadBefore(text: string, start: number): Lead | null {
  if (!/[/\\\]@\sf]/i.test(text[start - 1] ?? '')) return null
  const found = LEFT.exec(text.slice(Math.max(0, start - LEFT_REACH), start))
  if (!found) return null
  const [all, wraps = '', scheme = '', slashes = '', user = ''] = found
  if (scheme === '' && (slashes !== '//' || /[\p{L}\p{N}]/u.test(text[start - all.length - 1] ?? ''))) return null
  const plain = /^(?:https?|ftp|wss?)$/i.test(scheme)
  const exact = `${wraps}${scheme}://${user}` === all
  return {
    scheme: schemeMeant(scheme),
    length: all.length,
    userinfo: user !== '',
    wrapped: wraps !== '',
    disguised: scheme !== '' && !(plain && exact),
  }
}

/** `hxxps`, `h**ps`, `ttps` → https; every other made-up scheme is read as http. */
export function schemeMeant(scheme: string): string {
  const name = scheme.toLowerCase()
  if (/^(?:ftp|wss?|ipfs|magnet)$/.test(name)) return name
  return name.length > 3 && name.endsWith('s') ? 'https' : 'http'
}

const TAIL = /(?::\d{1,5})?(?:(?:[/?#\\]|\[\/\]|%2f)[^\s<>"`]{0,4000})?/iy
const CLOSERS: ReadonlyMap<string, string> = new Map([
  [')', '('],
  [']', '['],
  ['}', '{'],
])

/** Port, path, query and fragment after a host, without the punctuation of the sentence around it. */
export function tailAfter(text: string, end: number): string {
  TAIL.lastIndex = end
  let tail = TAIL.exec(text)?.[0] ?? ''
  for (;;) {
    const last = tail.at(-1)
    if (last === undefined) return tail
    const opener = CLOSERS.get(last)
    const spare = opener === undefined ? /[.,;:!?'*_~…]/.test(last) : count(tail, last) > count(tail, opener)
    if (!spare) return tail
    tail = tail.slice(0, -1)
  }
}

function count(text: string, char: string): number {
  let n = 0
  for (const one of text) if (one === char) n++
  return n
}
