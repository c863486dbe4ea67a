export type {
  Delta,
  ExchangeAdapter,
  ExchangeContext,
  Feedback,
  MalformedRecord,
  SourceEntry,
  SourceRecord,
  Tombstone,
} from './adapter.ts'
export type { ExchangeView } from './exchange-store.ts'
export { ADAPTERS, Exchanges, type ExchangesOptions, type Round } from './exchanges.ts'
export { ExchangeHttp, type HttpPort, retryAfterOf, type SourceAnswer } from './http.ts'
export type { MalformedCount } from './malformed-store.ts'
export { ExchangeProblem, type ProblemCode } from './problem.ts'
