export * from './events/vocabulary.ts'
export * from './types.ts'
