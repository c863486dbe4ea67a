import type { EdgeList } from './edge-list.ts'
import { relationWords } from './relations.ts'

/** Marks that nodes get while edges arrive: it acted somewhere; it was acted on as only accounts are. */
export const ACTS = 1
export const IS_ACTED_ON = 2

/** The mark for the target of a relation, 0 where targets may be items. */
export function targetMark(relation: string): number {
  return relationWords(relation).leadsTo === 'account' ? IS_ACTED_ON : 0
}

/**
 * Which relations lead from accounts to items. Known names say so; a relation of unknown name leads to items when none of its
 * targets ever acts or is part of a relation between accounts, and some target is shared. An account is never an item.
 * The targets of the other relations are marked. Cost: a pass over relations of unknown name.
 */
export function findItemRelations(marks: Uint8Array, lists: readonly (readonly [string, EdgeList])[]): boolean[] {
  const leadsToItem = lists.map(([name, list]) => {
    const { leadsTo } = relationWords(name)
    return leadsTo === 'item' || (leadsTo === 'unknown' && looksBipartite(list, marks))
  })
  lists.forEach(([name, list], i) => {
    if (leadsToItem[i] || targetMark(name) !== 0) return
    list.forEach((_, target) => {
      marks[target]! |= IS_ACTED_ON
    })
  })
  return leadsToItem
}

function looksBipartite(list: EdgeList, marks: Uint8Array): boolean {
  const firstActor = new Map<number, number>()
  let shared = false
  let account = false
  list.forEach((source, target) => {
    if (account) return
    if (marks[target] !== 0) account = true
    else if ((firstActor.get(target) ?? source) !== source) shared = true
    else firstActor.set(target, source)
  })
  return shared && !account
}
