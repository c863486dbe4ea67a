export * from './events/index.ts'
export * from './files/index.ts'
export * from './import/index.ts'
