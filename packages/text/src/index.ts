export type { FindOptions, TermEntry, TermMatch, TermMatcher, TermTier } from './terms/types.ts'
export * from './urls/index.ts'
