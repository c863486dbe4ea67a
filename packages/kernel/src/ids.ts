declare const brand: unique symbol

/** A string that names one kind of thing, so that a viewer cannot be passed where a case is expected. Costs nothing at run time. */
export type Id<Kind extends string> = string & { readonly [brand]: Kind }

export type AccountId = Id<'Account'>
export type NetworkId = Id<'Network'>
export type CaseId = Id<'Case'>
export type UserId = Id<'User'>

/** Kinds of subject that can be judged. */
export const SUBJECT_TYPES = [
  'account',
  'content',
  'group',
  'thread',
  'stream',
  'hashtag',
  'query',
  'url',
  'identifier',
  'media',
] as const
export type SubjectType = (typeof SUBJECT_TYPES)[number]

/** A reference to anything that acts or is acted on. */
export interface Ref {
  readonly type: string
  readonly id: string
}
