import type { Graph } from '../graph/graph.ts'
import { ACTED, BOTH_ACTED, type RelationRows, WAS_ACTED_ON } from '../graph/relation-rows.ts'

/**
 * Per arc of a contact relation, read from the account written to: 1 where it was written to and does nothing towards the
 * writer, in any relation – a pupil who follows the coach has answered. Cost: the rows of accounts that are written to.
 */
export function unansweredContacts(graph: Graph, contacts: RelationRows): Uint8Array {
  const unanswered = new Uint8Array(contacts.arcs.length)
  const between = graph.relationRows.filter((rows, i) => !graph.leadsToItem[i] && rows.name !== 'block')
  const reached = new Uint32Array(graph.nodeCount)
  for (let u = 0; u < graph.nodeCount; u++) {
    const from = contacts.offsets[u]!
    const to = contacts.offsets[u + 1]!
    let isWrittenTo = false
    for (let i = from; i < to; i++) if ((contacts.arcs[i]! & BOTH_ACTED) === WAS_ACTED_ON) isWrittenTo = true
    if (!isWrittenTo) continue
    for (const { offsets, arcs } of between)
      for (let i = offsets[u]!; i < offsets[u + 1]!; i++) if (arcs[i]! & ACTED) reached[arcs[i]! >>> 2] = u + 1
    for (let i = from; i < to; i++) if (reached[contacts.arcs[i]! >>> 2] !== u + 1) unanswered[i] = 1
  }
  return unanswered
}
