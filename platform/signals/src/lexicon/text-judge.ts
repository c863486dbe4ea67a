import { type LinkFact, REACH, type Surface, type TermFact, type TextFacts } from '@firebreak/policy'
import { findPayments } from '@firebreak/text'
import type { CompiledList, Hit } from './compiled-list.ts'
import type { Interstitials } from './interstitials.ts'
import type { ProtectedTerms } from './protected-terms.ts'

/** What a text is judged under; the guard passes it. */
export interface TextContext {
  readonly locale?: string | undefined
  readonly viewer?: string | undefined
  /** Milliseconds since 1970. */
  readonly at: number
}

/** What an operator wants of links by their kind alone. `review` only marks; shorteners decide where the link is opened. */
export interface LinkPolicy {
  readonly shortener: string
  readonly invite: string
  readonly payment: string
}

export const DEFAULT_LINK_POLICY: LinkPolicy = { shortener: 'caution', invite: 'review', payment: 'review' }

/** What the live list says of a text on a surface; null when nothing. From memory, synchronous, never throws on any text. */
export function judgeText(
  {
    list,
    protectedTerms,
    interstitials,
    links,
  }: { list: CompiledList; protectedTerms: ProtectedTerms; interstitials: Interstitials; links: LinkPolicy },
  surface: Surface,
  kind: string,
  text: string,
  context: TextContext,
): TextFacts | null {
  const found = list.find(kind, text, context.at)
  const onSurface = found.terms.filter((hit) => appliesOn(hit, surface))
  const helped = protectedTerms.covers(text, onSurface)
  const terms: TermFact[] = onSurface.map((hit, i) => termFact(hit, helped[i]!, surface))
  if (surface === 'autocomplete' && terms.length === 0)
    for (const entry of list.completes(text, context.at))
      if (entry.options.action !== 'review')
        terms.push({ entry: entry.id, list: entry.list, tier: 'folded', action: 'no-complete' })
  const linkFacts: LinkFact[] = [
    ...found.links
      .filter((hit) => appliesOn(hit, surface))
      .map(({ entry }) => ({ list: entry.list, kind: 'listed' as const, action: entry.options.action })),
    ...found.shorteners.map(() => ({
      list: 'shorteners',
      kind: 'shortener' as const,
      action: surface === 'link_open' ? links.shortener : 'review',
    })),
    ...found.invites.map(() => ({ list: 'invites', kind: 'invite' as const, action: links.invite })),
    ...payments(text).map(() => ({ list: 'payments', kind: 'payment' as const, action: links.payment })),
  ]
  if (terms.length === 0 && linkFacts.length === 0) return null
  const interstitial = interstitials.drawFor(
    [...terms, ...linkFacts].map(({ action }) => action),
    context.viewer,
  )
  return interstitial === null ? { terms, links: linkFacts } : { terms, links: linkFacts, interstitial }
}

/** Ids of the entries whose action counts on a surface: what `judgeText` would decide by, without kinds of links. */
export function listedEntries(
  { list, protectedTerms }: { list: CompiledList; protectedTerms: ProtectedTerms },
  surface: Surface,
  kind: string,
  text: string,
  at: number,
): string[] {
  const found = list.find(kind, text, at)
  const terms = found.terms.filter((hit) => appliesOn(hit, surface))
  const helped = protectedTerms.covers(text, terms)
  const counting = terms.filter((hit, i) => termFact(hit, helped[i]!, surface).action !== 'review')
  const links = found.links.filter((hit) => appliesOn(hit, surface) && hit.entry.options.action !== 'review')
  return [...new Set([...counting, ...links].map(({ entry }) => entry.id))]
}

function appliesOn({ entry }: Hit, surface: Surface): boolean {
  return entry.options.surfaces === undefined || entry.options.surfaces.includes(surface)
}

/** Inside words of help nothing is withheld in silence: it stays among proposals, and who asks for it is offered help first. */
function termFact({ entry, tier }: Hit, helped: boolean, surface: Surface): TermFact {
  const { action } = entry.options
  const softened = REACH[surface] === 'amplifies' ? 'review' : 'resources'
  return { entry: entry.id, list: entry.list, tier, action: helped && isSilent(action) ? softened : action }
}

/** Wallets and handles count by their kind; the values themselves go no further. */
function payments(text: string): readonly unknown[] {
  return /[$\d@]|paypal|venmo/i.test(text) ? findPayments(text) : []
}

/** Actions that take something away without a word to the person asking. */
export function isSilent(action: string): boolean {
  return ['drop', 'hold', 'downrank', 'no-complete', 'stop'].includes(action)
}
