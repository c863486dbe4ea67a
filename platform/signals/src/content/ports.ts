import type { HashKind } from '../banks/kinds.ts'

/** One hash of a medium. A picture may have eight of kind `pdq` (turned and mirrored), a video many (frames). */
export interface MediaHash {
  readonly kind: HashKind
  readonly hash: Uint8Array
  /** PDQ only. */
  readonly quality?: number
}

/** Why a step did not work; `retry`: whether trying later makes sense. */
export interface StepFailure {
  readonly ok: false
  readonly code: string
  readonly retry: boolean
}

/** How media come to their hashes; given by the composition root, so that tests and other decoders fit. Failures are values. */
export interface MediaPort {
  fetch(url: string, signal: AbortSignal): Promise<{ readonly ok: true; readonly bytes: Uint8Array } | StepFailure>
  /** `missing`: a kind of hash that belongs to such a medium and could not be made. */
  hash(bytes: Uint8Array, signal: AbortSignal): Promise<Hashed | StepFailure>
}

/** What hashing gave. */
export interface Hashed {
  readonly ok: true
  readonly hashes: readonly MediaHash[]
  readonly missing?: { readonly code: string; readonly retry: boolean }
}
