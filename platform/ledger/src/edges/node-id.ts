/** Kinds of thing that stand in the graph beside accounts. Their id in a graph is `kind:name`; an account's is its bare id. */
export const ITEM_KINDS = ['identifier', 'hashtag', 'link', 'media', 'group'] as const

const prefixes: ReadonlySet<string> = new Set<string>([...ITEM_KINDS, 'account'])

/** An account whose id happens to begin like an item's (`group:…`) is written `account:group:…`. */
export function nodeId(kind: string, name: string): string {
  if (kind !== 'account') return `${kind}:${name}`
  return prefixes.has(name.slice(0, name.indexOf(':'))) ? `account:${name}` : name
}

export function parseNodeId(id: string): readonly [kind: string, name: string] {
  const cut = id.indexOf(':')
  const kind = id.slice(0, cut)
  return cut > 0 && prefixes.has(kind) ? [kind, id.slice(cut + 1)] : ['account', id]
}
