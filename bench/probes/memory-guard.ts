import type { NetworkMap } from '@firebreak/graph'
import { addContact, CONTACT_RELATIONS, emptySnapshot, judgeRequest, type Snapshot } from '@firebreak/guard'
import type { ProbeGuard } from '@firebreak/measurement'
import { networkLabels } from '@firebreak/networks'
import { DEFAULT_POLICY } from '@firebreak/policy'

export interface MemoryGuard {
  readonly guard: ProbeGuard
  readonly members: number
  readonly adjacent: number
}

const BY = { kind: 'system', id: 'bench' } as const

/** Who acted on whom, as the guard would read it from the ledger. */
export type Act = readonly [source: string, target: string, relation: string]

/** The product's guard over the labels that a map gives, without a store between them: same labels, same contacts, same rules. */
export function guardFrom(map: NetworkMap, acts: Iterable<Act>, at: number): MemoryGuard {
  const snapshot = emptySnapshot(DEFAULT_POLICY, Number.POSITIVE_INFINITY)
  snapshot.seenAt = at
  const labels = networkLabels(map, 'bench', at)
  labels.forEach((label, i) => {
    snapshot.labels.take({ ...label, id: `l${i}`, seq: i + 1, neg: false, at: new Date(at).toISOString(), by: BY }, at)
  })
  for (const [source, target, relation] of acts)
    if (CONTACT_RELATIONS.includes(relation) && snapshot.labels.isContact(target, at))
      addContact(snapshot, source, target, at)
  const members = labels.filter((label) => label.value === 'network-member').length
  return { guard: (request) => judge(snapshot, request, at), members, adjacent: labels.length - members }
}

async function judge(snapshot: Snapshot, request: Parameters<ProbeGuard>[0], at: number): Promise<boolean[]> {
  const type = request.surface === 'recommend_content' ? 'content' : 'account'
  const subjects = request.candidates.map(({ id, owner }) => ({ type, id, author: owner }))
  const viewer = { id: request.viewer, recent: request.history }
  return judgeRequest(snapshot, { surface: request.surface, viewer, subjects }, at).map(
    ({ action }) => action !== 'drop' && action !== 'hold',
  )
}
