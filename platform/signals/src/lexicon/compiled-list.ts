import { isFirebreakError } from '@firebreak/kernel'
import {
  compileTerms,
  type FoundLink,
  findLinks,
  isShortener,
  LinkList,
  OperatorPatterns,
  PATTERN_LIMITS,
  serviceKey,
  serviceRef,
  type TermEntry,
  type TermMatcher,
} from '@firebreak/text'
import type { OpenEntry } from './entry.ts'

/** An entry found in a text; offsets are UTF-16 units of the original, end exclusive. */
export interface Hit {
  readonly entry: OpenEntry
  readonly tier: 'exact' | 'folded' | 'fuzzy'
  readonly start: number
  readonly end: number
  readonly why: readonly string[]
}

/** Everything of a list found in a text, with the links it looked at. */
export interface Findings {
  readonly terms: readonly Hit[]
  readonly links: readonly Hit[]
  /** Links by their kind alone, whatever the list says. */
  readonly shorteners: readonly FoundLink[]
  readonly invites: readonly FoundLink[]
}

const NOTHING: Findings = { terms: [], links: [], shorteners: [], invites: [] }
/** Kinds of subject whose text is a name, so that it is read as a hashtag: words joined, digits and more around it. */
const NAMES: ReadonlySet<string> = new Set(['hashtag', 'account', 'handle', 'group'])
/** Below this share of its letters a typed prefix is not yet on the way to a term. */
const ON_THE_WAY = 0.6
const LEAST_TYPED = 3

/** What is not a term: small in number, built anew when one of them changes. */
interface Others {
  readonly links: LinkList<OpenEntry>
  readonly services: ReadonlyMap<string, OpenEntry>
  readonly patterns: readonly OperatorPatterns[]
  readonly shorteners: ReadonlySet<string>
  readonly broken: readonly string[]
}

/** A list of entries ready to match. Immutable: a change gives a new one, so that a swap is one assignment. */
export class CompiledList {
  readonly #byId: ReadonlyMap<string, OpenEntry>
  readonly #terms: TermMatcher
  readonly #others: Others

  private constructor(byId: ReadonlyMap<string, OpenEntry>, terms: TermMatcher, others: Others) {
    this.#byId = byId
    this.#terms = terms
    this.#others = others
  }

  /** Cost: about 20 µs an entry. */
  static of(entries: Iterable<OpenEntry>): CompiledList {
    const byId = new Map([...entries].map((entry) => [entry.id, entry]))
    return new CompiledList(byId, compileTerms([...byId.values()].filter(isTerm).map(termOf)), othersOf(byId.values()))
  }

  get size(): number {
    return this.#byId.size
  }

  /** When an entry of the list is over: milliseconds since 1970, Infinity for never, 0 for one that is not in the list. */
  endOf(id: string): number {
    return this.#byId.get(id)?.expiresAt ?? 0
  }

  /** Entries that could not be made ready, by id. */
  get broken(): readonly string[] {
    return this.#others.broken
  }

  /** The list with some entries set or taken out; what is not a term is read anew only when one of that kind changed. */
  changed(set: Iterable<OpenEntry>, removed: Iterable<string>): CompiledList {
    const byId = new Map(this.#byId)
    let terms = this.#terms
    let others = false
    const touch = (id: string): void => {
      const before = byId.get(id)
      if (before && !isTerm(before)) others = true
    }
    for (const id of removed) {
      touch(id)
      if (byId.delete(id)) terms = terms.without(id)
    }
    for (const entry of set) {
      touch(entry.id)
      byId.set(entry.id, entry)
      if (isTerm(entry)) terms = terms.with(termOf(entry))
      else others = true
    }
    return new CompiledList(byId, terms, others ? othersOf(byId.values()) : this.#others)
  }

  /** What the list holds of a text of this kind, at this time. Linear in the text. */
  find(kind: string, text: string, at: number, { fuzzy = false } = {}): Findings {
    const terms = this.#findTerms(kind, text, at, fuzzy)
    const links = mayHoldLink(kind, text) ? findLinks(text) : []
    if (terms.length === 0 && links.length === 0) return NOTHING
    return {
      terms,
      links: links.flatMap((link) => this.#listed(link, at)),
      shorteners: links.filter(
        ({ host, through }) => isShortener(host) || this.#others.shorteners.has(host) || through.some(isShortenerUrl),
      ),
      invites: links.filter(({ written }) => serviceRef(written)?.kind === 'invite'),
    }
  }

  /** Entries that a text being typed is on the way to: most of their letters are there, and the last word is not a whole one of theirs. */
  completes(prefix: string, at: number): OpenEntry[] {
    if (this.#terms.size === 0) return []
    const typed = letters(prefix)
    if (typed < LEAST_TYPED) return []
    return this.#terms
      .completes(prefix)
      .map(({ id }) => this.#byId.get(id)!)
      .filter((entry) => inForce(entry, at) && isOnTheWay(typed, entry.text))
  }

  #findTerms(kind: string, text: string, at: number, fuzzy: boolean): Hit[] {
    const named = NAMES.has(kind) && !text.startsWith('#')
    const shift = named ? 1 : 0
    const hits: Hit[] = this.#terms
      .find(named ? `#${text}` : text, { fuzzy })
      .map(({ entry, start, end, tier, why }) => ({
        entry: this.#byId.get(entry.id)!,
        tier,
        start: Math.max(0, start - shift),
        end: end - shift,
        why,
      }))
    for (const patterns of this.#others.patterns)
      for (const { id } of patterns.matching(text)) {
        const place = patterns.locate(text, id)
        const entry = this.#byId.get(id)!
        if (place) hits.push({ entry, tier: 'exact', ...place, why: ['expression'] })
      }
    return hits.filter(({ entry }) => inForce(entry, at))
  }

  #listed(link: FoundLink, at: number): Hit[] {
    const addresses = [
      withQuery(link),
      ...link.through,
      ...(link.looksLike === null ? [] : [`http://${link.looksLike}/`]),
    ]
    const service = serviceRef(link.written)
    const entries = new Set(addresses.flatMap((url) => this.#others.links.find(url).map(({ entry }) => entry)))
    const listed = service && this.#others.services.get(serviceKey(service))
    if (listed) entries.add(listed)
    return [...entries]
      .filter((entry) => inForce(entry, at))
      .map((entry) => ({
        entry,
        tier: link.disguises.length === 0 ? ('exact' as const) : ('folded' as const),
        start: link.start,
        end: link.end,
        why: link.disguises,
      }))
  }
}

/** An entry that was sound when it was written and no longer is (a host that became a public suffix) is left out and named. */
function othersOf(entries: Iterable<OpenEntry>): Others {
  const links = new LinkList<OpenEntry>()
  const services = new Map<string, OpenEntry>()
  const expressions: OpenEntry[] = []
  const shorteners = new Set<string>()
  const broken: string[] = []
  for (const entry of entries) {
    if (entry.kind === 'shortener') shorteners.add(entry.text.toLowerCase())
    else if (entry.kind === 'expression') collect(entry, broken, () => checkPattern(entry) && expressions.push(entry))
    else if (entry.kind === 'url') collect(entry, broken, () => addLink(entry, links, services))
  }
  return { links, services, patterns: patternsOf(expressions), shorteners, broken }
}

function collect({ id }: OpenEntry, broken: string[], add: () => void): void {
  try {
    add()
  } catch (error) {
    if (!isFirebreakError(error)) throw error
    broken.push(id)
  }
}

function checkPattern(entry: OpenEntry): boolean {
  return patternsOf([entry]).length > 0
}

/** As many sets as their size allows. How slow a pattern may be was measured when it was written, not on each load. */
function patternsOf(entries: readonly OpenEntry[]): OperatorPatterns[] {
  const sets: OperatorPatterns[] = []
  for (let from = 0; from < entries.length; from += PATTERN_LIMITS.count) {
    const some = entries.slice(from, from + PATTERN_LIMITS.count)
    sets.push(
      new OperatorPatterns(
        some.map(({ id, text }) => ({ id, pattern: text })),
        () => 0,
      ),
    )
  }
  return sets
}

function addLink(entry: OpenEntry, links: LinkList<OpenEntry>, services: Map<string, OpenEntry>): void {
  const service = serviceRef(entry.text)
  if (service) services.set(serviceKey(service), entry)
  else if (isHash(entry.text)) links.addHash(entry.text, entry)
  else links.addUrl(entry.text, entry)
}

function isTerm({ kind }: OpenEntry): boolean {
  return kind === 'term' || kind === 'hashtag'
}

function termOf({ id, kind, text, options }: OpenEntry): TermEntry {
  const { action, ...narrowing } = options
  return { id, term: kind === 'hashtag' ? text.replace(/^[#＃]/, '') : text, action, ...present(narrowing) }
}

function present(options: Omit<OpenEntry['options'], 'action'>): Omit<TermEntry, 'id' | 'term' | 'action'> {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))
}

function inForce({ expiresAt }: OpenEntry, at: number): boolean {
  return expiresAt > at
}

function isHash(text: string): boolean {
  return /^(?:[0-9a-f]{2}){4,32}$/i.test(text)
}

function isShortenerUrl(url: string): boolean {
  return isShortener(url.replace(/^[a-z]+:\/\//, '').replace(/\/.*$/, ''))
}

function withQuery({ url, query }: FoundLink): string {
  return query === null ? url : `${url}?${query}`
}

/** A cheap look before the links of a text are read. */
function mayHoldLink(kind: string, text: string): boolean {
  return kind === 'url' || /[.:。．｡•·∙⋅●‧%&]|dot|d0t|punkt/i.test(text)
}

/** "seashell" is not on the way to "seashell trade": it is a word that people mean; "seashell tr" is. */
function isOnTheWay(typed: number, term: string): boolean {
  if (typed < Math.ceil(letters(term) * ON_THE_WAY)) return false
  let whole = 0
  for (const word of term.split(/\s+/)) {
    whole += letters(word)
    if (whole === typed) return false
  }
  return true
}

function letters(text: string): number {
  return text.match(/[\p{L}\p{N}]/gu)?.length ?? 0
}
