/** What kind of thing a relation leads to, and whether its direction can be doubted. */
export interface RelationWords {
  /** `account` → another account; `item` → something shared, never listed; `unknown` is looked at in the data. */
  readonly leadsTo: 'account' | 'item' | 'unknown'
  /** True where the word itself says who acted, whatever the order of columns in a file. */
  readonly actorIsSure: boolean
  /** Acts at different times add up (three comments, weight 3); elsewhere the edge is a state (following or not). */
  readonly counted: boolean
}

const KNOWN: Readonly<Record<string, RelationWords>> = {
  follow: { leadsTo: 'account', actorIsSure: false, counted: false },
  like: { leadsTo: 'account', actorIsSure: true, counted: true },
  comment: { leadsTo: 'account', actorIsSure: true, counted: true },
  mention: { leadsTo: 'account', actorIsSure: true, counted: true },
  backup: { leadsTo: 'account', actorIsSure: true, counted: false },
  contact: { leadsTo: 'account', actorIsSure: true, counted: true },
  block: { leadsTo: 'account', actorIsSure: true, counted: false },
  identifier: { leadsTo: 'item', actorIsSure: true, counted: false },
  hashtag: { leadsTo: 'item', actorIsSure: true, counted: true },
  link: { leadsTo: 'item', actorIsSure: true, counted: true },
  media: { leadsTo: 'item', actorIsSure: true, counted: true },
  group: { leadsTo: 'item', actorIsSure: true, counted: false },
}

/** The relation names with a meaning of their own; others are allowed and treated like `follow`. */
export const RELATION_NAMES: readonly string[] = Object.keys(KNOWN)

export function relationWords(name: string): RelationWords {
  return (Object.hasOwn(KNOWN, name) && KNOWN[name]) || { leadsTo: 'unknown', actorIsSure: false, counted: false }
}
