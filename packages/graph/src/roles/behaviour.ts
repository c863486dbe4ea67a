import { mostSharers } from '../fused/shared-items.ts'
import type { Graph } from '../graph/graph.ts'
import { believedBits } from '../graph/listing-order.ts'
import { ACTED, BOTH_ACTED, WAS_ACTED_ON } from '../graph/relation-rows.ts'

/** What passed between one account and the core (seeds and members), counted in accounts of the core. */
export interface Behaviour {
  /** It follows or likes them and they do nothing. */
  watches: number
  /** They follow or like it and it does nothing. */
  watchedBy: number
  /** Both follow or like, or nobody can say who. */
  mutual: number
  /** It comments on, mentions or names them. */
  speaksTo: number
  /** They comment on, mention or name it. */
  spokenTo: number
  /** They write to it and it never writes back. */
  contactedBy: number
  /** It writes to them. */
  contacts: number
  /** It blocks them. */
  blocks: number
  /** Items it shares with any of them, in crowds small enough to mean something. */
  shared: number
  /** Identifiers among those. */
  sharedIdentifiers: number
}

const SPEAKING = new Set(['comment', 'mention', 'backup'])

/** Follows, likes, and relations of unknown name: they take no word. */
export function isWatching(relation: string): boolean {
  return !SPEAKING.has(relation) && relation !== 'contact' && relation !== 'block'
}

/** Cost: the account's rows in every relation, and for each of its items the crowd that shares it. */
export function behaviourOf(graph: Graph, node: number, inCore: (node: number) => boolean): Behaviour {
  const seen: Behaviour = {
    watches: 0,
    watchedBy: 0,
    mutual: 0,
    speaksTo: 0,
    spokenTo: 0,
    contactedBy: 0,
    contacts: 0,
    blocks: 0,
    shared: 0,
    sharedIdentifiers: 0,
  }
  graph.relationRows.forEach((rows, relation) => {
    for (let i = rows.offsets[node]!; i < rows.offsets[node + 1]!; i++) {
      const other = rows.arcs[i]! >>> 2
      if (graph.leadsToItem[relation]) countItem(graph, relation, node, other, inCore, seen)
      else if (inCore(other)) countAct(rows.name, believedBits(graph.listing, relation, node, rows.arcs[i]!), seen)
    }
  })
  return seen
}

function countAct(relation: string, bits: number, seen: Behaviour): void {
  if (relation === 'block') seen.blocks += bits & ACTED
  else if (relation === 'contact') {
    if (bits & ACTED) seen.contacts++
    else seen.contactedBy++
  } else if (isWatching(relation)) {
    if (bits === BOTH_ACTED) seen.mutual++
    else if (bits === ACTED) seen.watches++
    else seen.watchedBy++
  } else {
    if (bits & ACTED) seen.speaksTo++
    if (bits & WAS_ACTED_ON) seen.spokenTo++
  }
}

function countItem(
  graph: Graph,
  relation: number,
  node: number,
  item: number,
  inCore: (node: number) => boolean,
  seen: Behaviour,
): void {
  const rows = graph.relationRows[relation]!
  const from = rows.offsets[item]!
  const to = rows.offsets[item + 1]!
  const identifier = rows.name === 'identifier'
  if (to - from > mostSharers(graph, rows.name) || graph.isAccount(item)) return
  for (let i = from; i < to; i++) {
    const other = rows.arcs[i]! >>> 2
    if (other === node || !inCore(other)) continue
    seen.shared++
    if (identifier) seen.sharedIdentifiers++
    return
  }
}

/** Whether it does something together with the core beyond watching: then it is no mere audience. */
export function takesPart(seen: Behaviour): boolean {
  return seen.mutual + seen.speaksTo + seen.contacts + seen.shared > 0
}

/**
 * Whether the core reaches out to it and its own conduct does not connect: more of them write to it in vain than it writes
 * to (a word to one's coach answers nobody else), or it blocked one of them. Following somebody who writes to you, a shared household or school, a picture or two, are what the harmed have
 * in common with anybody. Only much of it at once outweighs, so that one member's messages cannot hide all the others.
 */
export function looksLikeVictim(seen: Behaviour): boolean {
  const reachedOut = seen.contactedBy > seen.contacts
  const fled = seen.blocks > 0 && seen.contactedBy + seen.watchedBy + seen.spokenTo + seen.mutual > 0
  return (reachedOut || fled) && !(seen.mutual >= FOLLOWED_BACK && seen.shared + seen.speaksTo >= TOGETHER)
}

const FOLLOWED_BACK = 2
const TOGETHER = 6

/** Whether nothing comes back: it follows, likes or speaks to the core, shares nothing with it and never hears from it. */
export function isOneSided(seen: Behaviour): boolean {
  return seen.watches + seen.speaksTo > 0 && seen.watchedBy + seen.mutual + seen.spokenTo + seen.shared === 0
}
