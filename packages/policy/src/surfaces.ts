/** Every place where a platform asks before it connects people with something. */
export const SURFACES = [
  'recommend_accounts',
  'recommend_content',
  'search',
  'autocomplete',
  'trending',
  'hashtag_page',
  'profile',
  'link_open',
  'follow_prompt',
  'message',
  'comment',
  'upload',
  'signup',
] as const
/** One of `SURFACES`. */
export type Surface = (typeof SURFACES)[number]

const KNOWN: ReadonlySet<string> = new Set(SURFACES)

/** Whether a name is a surface; safe for any outside string, `__proto__` included. */
export function isSurface(name: string): name is Surface {
  return KNOWN.has(name)
}

/**
 * What a surface does to reach: `amplifies` proposes what nobody asked for, `ranks` orders what was asked for,
 * `opens` leads to one named thing. Suspicion may end amplification and lower a rank, but not close a door.
 */
export type Reach = 'amplifies' | 'ranks' | 'opens'

/** The reach of each surface. */
export const REACH: Readonly<Record<Surface, Reach>> = {
  recommend_accounts: 'amplifies',
  recommend_content: 'amplifies',
  autocomplete: 'amplifies',
  trending: 'amplifies',
  follow_prompt: 'amplifies',
  search: 'ranks',
  hashtag_page: 'ranks',
  comment: 'ranks',
  profile: 'opens',
  link_open: 'opens',
  message: 'opens',
  upload: 'opens',
  signup: 'opens',
}
