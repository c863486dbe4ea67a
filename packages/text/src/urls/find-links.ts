import { parseUrl } from './canonical.ts'
import { foldLinkText } from './fold-link-text.ts'
import { skeleton } from './host-skeleton.ts'
import {
  type FoundHost,
  HOST,
  hostIn,
  type Lead,
  leadBefore,
  mayHoldHost,
  schemeMeant,
  tailAfter,
} from './link-grammar.ts'
import { lookalikeOf } from './lookalike.ts'
import { ownerOf } from './registrable.ts'
import { wrappedAddress } from './wrappers.ts'

/** How a link was hidden. Plain `https://host/path` has none; a missing scheme alone is `no-scheme`. */
export type LinkDisguise =
  | FoundHost['disguises'][number]
  | 'scheme'
  | 'no-scheme'
  | 'view-source'
  | 'userinfo'
  | 'characters'
  | 'escapes'
  | 'address-number'
  | 'wrapper'
  | 'lookalike'

/** A link in a text. Offsets are UTF-16 units of the original text, end exclusive. */
export interface FoundLink {
  /** Canonical (`canonicalUrl`), of where it leads: out of a wrapper, the address it carries. */
  readonly url: string
  readonly query: string | null
  readonly host: string
  /** What one owner registered; an address itself. */
  readonly registrable: string
  /** The ASCII name a host in other letters is drawn like. */
  readonly looksLike: string | null
  readonly start: number
  readonly end: number
  readonly disguises: readonly LinkDisguise[]
  /** Canonical wrappers around it, outermost first. */
  readonly through: readonly string[]
  /** As written, without the disguise of scheme and dots: fragment and letter case of invite codes are kept. */
  readonly written: string
}

const MOST_WRAPS = 4
const NAMED = /^[^/?#%]*[\p{L}\p{N}_-](?:\.|\s?[[({<])[^/?#%]*\p{L}/u
const SCHEMED = /([a-z*][a-z0-9*+.-]{1,15})(?::|%3a)(?:\/|\\|%2f){2}([^\s<>"`]{3,4000})/gi

/**
 * Every link in a free text, disguised or not: `hxxp`, `[.]`, "dot com", full-width and look-alike letters, escapes, users,
 * numeric addresses, redirect wrappers, archives, links without a scheme. Without a scheme a name counts when its ending is a
 * public suffix or reserved (`.example`, `.onion`).
 * Nothing is fetched. Cost: linear in the text; some 5 MB/s where there are links, far less work where no dot can join a host.
 */
export function findLinks(text: string): FoundLink[] {
  const folded = foldLinkText(text)
  const found: FoundLink[] = []
  for (const one of spotted(folded.text)) {
    const { start, end, written, disguises } = one
    const place = { start: folded.at ? folded.at[start]! : start, end: folded.at ? folded.at[end]! : end }
    const changed = folded.at !== null && text.slice(place.start, place.end) !== folded.text.slice(start, end)
    const link = linkOf(written, changed ? [...disguises, 'characters'] : disguises, place)
    if (link) found.push(link)
  }
  return found
}

interface Spotted {
  readonly start: number
  readonly end: number
  readonly written: string
  readonly disguises: readonly LinkDisguise[]
}

/** In order and without overlap: a link inside another's path belongs to that one. */
function spotted(text: string): Spotted[] {
  const schemed = /:|%3a/i.test(text) ? numbersAndEscapes(text) : []
  const all: Spotted[] = []
  let covered = 0
  let next = 0
  const takeUntil = (start: number): void => {
    for (; next < schemed.length && schemed[next]!.start <= start; next++) {
      if (schemed[next]!.start < covered) continue
      all.push(schemed[next]!)
      covered = schemed[next]!.end
    }
  }
  if (mayHoldHost(text))
    for (const match of text.matchAll(HOST)) {
      takeUntil(match.index)
      if (match.index < covered) continue
      const named = hostIn(match[0], match.index)
      const one = named ? around(text, named) : null
      if (!one) continue
      all.push(one)
      covered = one.end
    }
  takeUntil(text.length)
  return all
}

/** Links whose authority the host grammar cannot read: numeric addresses, escaped hosts. */
function numbersAndEscapes(text: string): Spotted[] {
  return [...text.matchAll(SCHEMED)].filter(([, , rest = '']) => !NAMED.test(rest)).map(bySchemeAlone)
}

function hasOwner(host: string, anyEnding: boolean): boolean {
  const parts = parseUrl(host)
  return parts !== null && ownerOf(parts.host, anyEnding).registrable !== null
}

/** A host with what stands before and after it; null for the host of an e-mail address or handle. */
function around(text: string, named: FoundHost): Spotted | null {
  const lead = leadBefore(text, named.start)
  if (!lead && (text[named.start - 1] === '@' || isVersionNumber(named.host))) return null
  if (!hasOwner(named.host, lead !== null)) return null
  const tail = tailAfter(text, named.end)
  if (text[named.end + portLength(tail)] === '@' || text[named.end] === '@') return null
  const end = named.end + tail.length
  const written = `${lead?.scheme ?? 'http'}://${named.host}${plainTail(tail)}`
  return {
    start: named.start - (lead?.length ?? 0),
    end,
    written,
    disguises: [...leadDisguises(lead), ...named.disguises],
  }
}

/** `1.2.3` would be an address to a resolver; without a scheme only four parts are meant as one. */
function isVersionNumber(host: string): boolean {
  return /^[\d.]+$/.test(host) && !/^\d+(?:\.\d+){3}$/.test(host)
}

function portLength(tail: string): number {
  return /^:\d+/.exec(tail)?.[0].length ?? 0
}

function leadDisguises(lead: Lead | null): LinkDisguise[] {
  if (!lead) return ['no-scheme']
  return [
    ...(lead.disguised ? (['scheme'] as const) : []),
    ...(lead.userinfo ? (['userinfo'] as const) : []),
    ...(lead.wrapped ? (['view-source'] as const) : []),
  ]
}

function plainTail(tail: string): string {
  return tail
    .replace(/^(:\d+)?(?:\[\/\]|\\|%2f)/i, '$1/')
    .replaceAll('[/]', '/')
    .replaceAll('[.]', '.')
}

/** What only its scheme tells to be a link: numeric addresses, escaped hosts. */
function bySchemeAlone(match: RegExpExecArray | RegExpMatchArray): Spotted {
  const [all, scheme = '', rest = ''] = match
  const start = match.index ?? 0
  const body = rest.replace(/[.,;:!?'"*~…)\]}]+$/, (run) => (/^\]/.test(run) && rest.startsWith('[') ? ']' : ''))
  const meant = schemeMeant(scheme)
  const disguised = /^(?:https?|ftp|wss?)$/i.test(scheme) ? [] : (['scheme'] as const)
  const user = /^[^/?#]*@/.test(body) ? (['userinfo'] as const) : []
  return {
    start,
    end: start + all.length - (rest.length - body.length),
    written: `${meant}://${body.replaceAll('\\', '/')}`,
    disguises: [...disguised, ...user],
  }
}

function linkOf(
  written: string,
  disguises: readonly LinkDisguise[],
  place: { start: number; end: number },
): FoundLink | null {
  const kinds = new Set(disguises)
  const through: string[] = []
  let address = written
  for (let depth = 0; depth < MOST_WRAPS; depth++) {
    const inner = wrappedAddress(address)
    if (inner === null || !named(inner, true)) break
    const outer = parseUrl(address)
    if (!outer) break
    through.push(`${outer.scheme}://${outer.host}${outer.path}`)
    kinds.add('wrapper')
    address = inner
  }
  const known = named(address, !disguises.includes('no-scheme'))
  if (!known) return null
  const { parts, registrable, isAddress } = known
  if (isAddress && !address.includes(registrable)) kinds.add('address-number')
  if (/^[^/]*\/\/[^/?#]*%/.test(address)) kinds.add('escapes')
  const looksLike = lookalikeOf(parts.host, skeleton)
  if (looksLike !== null) kinds.add('lookalike')
  return {
    url: `${parts.scheme}://${parts.host}${parts.path}`,
    query: parts.query,
    host: parts.host,
    registrable,
    looksLike,
    ...place,
    disguises: [...kinds],
    through,
    written: address,
  }
}

function named(address: string, anyEnding: boolean) {
  const parts = parseUrl(address)
  if (!parts) return null
  const { registrable, isAddress } = ownerOf(parts.host, anyEnding)
  return registrable === null ? null : { parts, registrable, isAddress }
}
