export * from './exchanges/index.ts'
