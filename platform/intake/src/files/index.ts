export { BAD_LINE_LIMIT, type BadLine } from './bad-lines.ts'
export { type EdgeFileOptions, type EdgeFileReport, type EdgeSink, readEdges } from './edges.ts'
export type { ReadProgress } from './open-bytes.ts'
export { readBatch, readIds, type SeedFileReport, type SeedQuery } from './seeds.ts'
