import { ACTED, type RelationRows, WAS_ACTED_ON } from './relation-rows.ts'
import { relationWords } from './relations.ts'

export interface ItemFindings {
  /** Per node: 1 for something shared (hashtag, identifier …), 0 for an account. */
  readonly items: Uint8Array
  /** Per relation: it leads from accounts to items. */
  readonly leadsToItem: readonly boolean[]
}

/**
 * Which nodes are items. Known relation names say so; a relation of unknown name leads to items when none of its
 * targets ever acts or is part of a relation between accounts, and some target is shared. An account is never an item.
 */
export function findItems(nodeCount: number, relations: readonly RelationRows[]): ItemFindings {
  const surelyAccount = new Uint8Array(nodeCount)
  for (const rows of relations) markAccounts(rows, relationWords(rows.name).leadsTo === 'account', surelyAccount)
  const leadsToItem = relations.map((rows) => {
    const { leadsTo } = relationWords(rows.name)
    return leadsTo === 'item' || (leadsTo === 'unknown' && looksBipartite(rows, surelyAccount))
  })
  relations.forEach((rows, i) => {
    if (!leadsToItem[i]) markAccounts(rows, true, surelyAccount)
  })
  return { items: surelyAccount.map((account) => 1 - account), leadsToItem }
}

/** Whoever acts is an account; whoever is acted on too, if the relation leads to accounts. */
function markAccounts(rows: RelationRows, both: boolean, account: Uint8Array): void {
  for (let u = 0; u < account.length; u++)
    for (let i = rows.offsets[u]!; i < rows.offsets[u + 1]! && account[u] === 0; i++)
      if (both || rows.arcs[i]! & ACTED) account[u] = 1
}

function looksBipartite(rows: RelationRows, acts: Uint8Array): boolean {
  let shared = false
  for (let u = 0; u < acts.length; u++) {
    const length = rows.offsets[u + 1]! - rows.offsets[u]!
    if (length === 0) continue
    const isTarget = rows.arcs.subarray(rows.offsets[u], rows.offsets[u + 1]).some((arc) => arc & WAS_ACTED_ON)
    if (isTarget && acts[u]) return false
    if (isTarget && length > 1) shared = true
  }
  return shared
}
