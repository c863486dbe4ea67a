export * from './events/vocabulary.ts'
export { openLedger } from './ledger.ts'
export { RETENTION, type RetentionRule } from './retention/table.ts'
export * from './types.ts'
