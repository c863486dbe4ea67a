/** Why a medium has no hash of some kind. Outside data is never an exception: these are counted and shown. */
export type MediaFailureCode =
  | 'media/empty'
  | 'media/unreadable'
  | 'media/unsupported'
  | 'media/undecodable'
  | 'media/too-large'
  | 'media/too-many-pixels'
  | 'media/too-small'
  | 'media/timeout'
  | 'media/no-ffmpeg'
  | 'media/no-video'
  | 'media/worker-lost'
  | 'media/aborted'

/** A failure as a value: its code, a sentence for people, and whether to try again. */
export interface MediaFailure {
  readonly code: MediaFailureCode
  readonly detail: string
  /** Whether hashing the same bytes again may succeed. */
  readonly retry: boolean
}

const AGAIN: ReadonlySet<MediaFailureCode> = new Set([
  'media/timeout',
  'media/no-ffmpeg',
  'media/worker-lost',
  'media/aborted',
])

export function mediaFailure(code: MediaFailureCode, detail: string): MediaFailure {
  return { code, detail: detail.replace(/\s+/g, ' ').slice(0, 200), retry: AGAIN.has(code) }
}
