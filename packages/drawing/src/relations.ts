export interface RelationStyle {
  readonly name: string
  /** SVG dash pattern; solid when null. */
  readonly dash: string | null
  /** Line width in pixels. */
  readonly width: number
  readonly light: string
  readonly dark: string
}

const quiet = { light: '#8792a6', dark: '#5f6f88' }
const RELATIONS: Readonly<Record<string, RelationStyle>> = {
  follow: { name: 'follows', dash: null, width: 0.7, ...quiet },
  like: { name: 'likes', dash: null, width: 0.6, ...quiet },
  comment: { name: 'comments', dash: null, width: 0.7, ...quiet },
  mention: { name: 'mentions', dash: '4 2', width: 0.9, light: '#7a5ea8', dark: '#b79cf0' },
  backup: { name: 'names as backup', dash: '6 3', width: 1.6, light: '#a02c6d', dark: '#f28cc4' },
  contact: { name: 'contacts', dash: '2 3', width: 1.2, light: '#a15c00', dark: '#f0b35a' },
  block: { name: 'blocks', dash: '1 3', width: 0.9, ...quiet },
  identifier: { name: 'shared identifier', dash: '1.5 2.5', width: 1.6, light: '#0d6e7a', dark: '#5fd3e0' },
  hashtag: { name: 'shared hashtag', dash: '3 3', width: 0.8, ...quiet },
  link: { name: 'shared link', dash: '3 3', width: 0.9, ...quiet },
  media: { name: 'shared media', dash: '3 3', width: 0.9, ...quiet },
  group: { name: 'same group', dash: '3 3', width: 0.8, ...quiet },
}

/** How links of one relation are drawn; an unknown relation looks like `follow` under its own name. */
export function relationStyle(relation: string): RelationStyle {
  return Object.hasOwn(RELATIONS, relation) ? RELATIONS[relation]! : { ...RELATIONS.follow!, name: relation }
}
