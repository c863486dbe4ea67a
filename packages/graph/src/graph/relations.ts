/** What kind of thing a relation leads to, and whether its direction can be doubted. */
export interface RelationWords {
  /** `account` → another account; `item` → something shared, never listed; `unknown` is looked at in the data. */
  readonly leadsTo: 'account' | 'item' | 'unknown'
  /** True where the word itself says who acted, whatever the order of columns in a file. */
  readonly actorIsSure: boolean
}

const KNOWN: Readonly<Record<string, RelationWords>> = {
  follow: { leadsTo: 'account', actorIsSure: false },
  like: { leadsTo: 'account', actorIsSure: true },
  comment: { leadsTo: 'account', actorIsSure: true },
  mention: { leadsTo: 'account', actorIsSure: true },
  backup: { leadsTo: 'account', actorIsSure: true },
  contact: { leadsTo: 'account', actorIsSure: true },
  block: { leadsTo: 'account', actorIsSure: true },
  identifier: { leadsTo: 'item', actorIsSure: true },
  hashtag: { leadsTo: 'item', actorIsSure: true },
  link: { leadsTo: 'item', actorIsSure: true },
  media: { leadsTo: 'item', actorIsSure: true },
  group: { leadsTo: 'item', actorIsSure: true },
}

/** The relation names with a meaning of their own; others are allowed and treated like `follow`. */
export const RELATION_NAMES: readonly string[] = Object.keys(KNOWN)

export function relationWords(name: string): RelationWords {
  return KNOWN[name] ?? { leadsTo: 'unknown', actorIsSure: false }
}
