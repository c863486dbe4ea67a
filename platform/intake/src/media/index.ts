export { isPublicAddress } from './address-rules.ts'
export { type FetchedMedia, fetchMedia, type MediaFetchLimits } from './fetch-media.ts'
export {
  type FetchFailure,
  type GuardedAnswer,
  GuardedClient,
  type GuardedRequest,
  type GuardedResult,
  type GuardSettings,
  guardedFetch,
} from './guarded-fetch.ts'
