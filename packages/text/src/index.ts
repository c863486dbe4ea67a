export type { FindOptions, TermEntry, TermMatch, TermMatcher, TermTier } from './terms/types.ts'
export * from './urls/index.ts'
export * from './variants/index.ts'
export { compileTerms } from './terms/compile.ts'
