export { isPublicAddress } from './address-rules.ts'
export {
  DECODE_LIMITS,
  type Decoded,
  type DecodedFrames,
  type DecodedImage,
  type DecodeLimits,
  decodeFrames,
  decodeImage,
} from './decode-image.ts'
export { DIGESTS, type DigestType, digestBytes, digestFile } from './digests.ts'
export type { MediaFailure, MediaFailureCode } from './failures.ts'
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
export { type BankFileOptions, type HashBankFile, readHashBank } from './hash-bank-file.ts'
export {
  fittingType,
  HASH_TYPES,
  type HashedMedia,
  type HashType,
  hashMedia,
  hashMediaFile,
  type MediaHash,
  type MediaLimits,
} from './hash-media.ts'
export { HashingPool, type PoolSettings } from './hashing-pool.ts'
export { type MediaKind, mediaKind } from './media-kind.ts'
export { eachVideoFrame, hasFfmpeg, VIDEO_LIMITS, type VideoFrame, type VideoLimits } from './video-frames.ts'
