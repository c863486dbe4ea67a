export { compileTerms, isMatchable } from './terms/compile.ts'
export type { FindOptions, TermEntry, TermMatch, TermMatcher, TermTier } from './terms/types.ts'
export * from './urls/index.ts'
export * from './variants/index.ts'
