import type { Policy } from './policy.ts'
import type { AgeBand } from './rules/parties.ts'
import type { Surface } from './surfaces.ts'
import type { TextFacts } from './text-facts.ts'

/** Inside a network's cut. This, `NETWORK_ADJACENT` and `RETURNER` are the label values that the default rules read; others decide nothing. */
export const NETWORK_MEMBER = 'network-member'
/** Near a mapped network without being inside its cut: limits visibility to viewers in contact, nothing else. */
export const NETWORK_ADJACENT = 'network-adjacent'

/** An account that probably came back after a removal: near a network for as long as the label lasts, whatever its probability. */
export const RETURNER = 'returner'

/** A moderator, researcher or audit account: what it looks at is work, and never counts as contact. */
export const OBSERVER = 'observer'

/** What a verdict needs to know of one label. `expiresAt` in milliseconds since 1970, Infinity when it never ends. */
export interface LabelFact {
  readonly value: string
  /** P(member | the seeds are members), 0..1; null when the source gave none, which counts as certain. */
  readonly probability: number | null
  readonly caseId: string | null
  /** Who says so: a detector, a case, a bank (`bank:NAME`). */
  readonly source?: string
  readonly expiresAt: number
}

/** What is known of an account or a piece of content. */
export interface PartyFacts {
  readonly labels: readonly LabelFact[]
  /** It acted on two labelled members or more itself; what members did to it does not count. */
  readonly actedOnMembers?: boolean
  readonly age?: AgeBand
  /** Counters that were asked for, as `name/window`. */
  readonly counts?: Readonly<Record<string, number>>
}

/** What is known of whoever the surface is drawn for. */
export interface ViewerFacts extends PartyFacts {
  /** The viewer acted on an account near enough to a network (`isContact`: follow, like, comment, message or a view told by the platform). */
  readonly contacted: boolean
}

/** Everything a verdict may depend on; kept with the verdict so that it can be judged again. */
export interface Facts {
  readonly surface: Surface
  /** The time of the question, milliseconds since 1970. */
  readonly at: number
  readonly subject: PartyFacts
  /** Who made the subject, for content. */
  readonly author?: PartyFacts
  readonly viewer?: ViewerFacts
  /** The list that this question came in. */
  readonly list?: ListFacts
  readonly subjectType?: string
  readonly context?: { readonly jurisdiction?: string; readonly locale?: string }
  /** What lists say of the subject's text; null when there is a text that nobody looked at. */
  readonly text?: TextFacts | null
  /** Whether viewer and author are connected; absent: not known. */
  readonly related?: boolean
}

/** What stands among a list's first places (`LIST_TOP`). */
export interface ListFacts {
  readonly members: number
  readonly adjacent: number
  readonly size: number
}

/** How close the labels put a party to a mapped network. `adjacent` limits visibility only; it says nothing of conduct. */
export type Standing = 'none' | 'adjacent' | 'member'
/** Standings in their order of strength; positions serve tables. */
export const STANDINGS: readonly Standing[] = ['none', 'adjacent', 'member']

/** `contact`: the viewer acted on a network, or its list is contact by itself; `flooded`: the list is the network's own. */
export type Exposure = 'none' | 'contact' | 'flooded'
/** Exposures in their order of strength; positions serve tables. */
export const EXPOSURES: readonly Exposure[] = ['none', 'contact', 'flooded']

/** The strongest standing that unexpired labels give. A member label under the threshold counts as proximity. */
export function standingOf(labels: readonly LabelFact[], at: number, policy: Policy): Standing {
  let standing: Standing = 'none'
  for (const label of labels) {
    const one = standingOfLabel(label, at, policy)
    if (one === 'member') return 'member'
    if (one === 'adjacent') standing = 'adjacent'
  }
  return standing
}

/** The standing that one label alone gives. */
export function standingOfLabel(label: LabelFact, at: number, policy: Policy): Standing {
  if (label.expiresAt <= at) return 'none'
  const probability = probabilityOf(label)
  if (label.value === RETURNER) return 'adjacent'
  if (label.value === NETWORK_MEMBER && probability >= policy.threshold) return 'member'
  if (label.value === NETWORK_MEMBER || label.value === NETWORK_ADJACENT)
    return probability >= policy.adjacency ? 'adjacent' : 'none'
  return 'none'
}

function probabilityOf(label: LabelFact): number {
  return label.value === RETURNER ? 1 : (label.probability ?? 1)
}

/** Whether acting on an account with these labels is contact with a network. */
export function isContact(labels: readonly LabelFact[], at: number, policy: Policy): boolean {
  return labels.some(
    (label) => standingOfLabel(label, at, policy) !== 'none' && probabilityOf(label) >= policy.contactFrom,
  )
}

/** The stronger of two standings. */
export function strongest(a: Standing, b: Standing): Standing {
  return STANDINGS.indexOf(a) >= STANDINGS.indexOf(b) ? a : b
}

/** How many of a list's first places are looked at. */
export const LIST_TOP = 20
const LEAST_MEMBERS = 3
const LEAST_NEAR = 5

/** What the viewer's contacts and the list in front of it amount to. */
export function exposureOf(contacted: boolean, list: ListFacts | undefined, policy: Policy): Exposure {
  if (list !== undefined) {
    const near = list.members + list.adjacent
    if (near >= LEAST_NEAR && near >= policy.floodedShare * list.size) return 'flooded'
    if (list.members >= LEAST_MEMBERS && list.members >= policy.contactShare * list.size) return 'contact'
  }
  return contacted ? 'contact' : 'none'
}
