export type { FindOptions, TermEntry, TermMatch, TermMatcher, TermTier } from './terms/types.ts'
