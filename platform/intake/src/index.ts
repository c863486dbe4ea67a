export * from './events/index.ts'
export * from './files/index.ts'
