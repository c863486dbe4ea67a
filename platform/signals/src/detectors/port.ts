import type { GuardedRequest, GuardedResult } from '@firebreak/intake'

/** Whether a detector may look at what a surface shows under a jurisdiction. Asked before it sees anything. */
export type DetectorAllowed = (detector: string, surface: string, jurisdiction: string | undefined) => boolean

declare const triage: unique symbol

/**
 * What a classifier of the unknown is worth: an order for people to look in. It is of a content, never of an account, and its type
 * fits nowhere that a sanction is founded: there is no way from here to own conduct but through a person's decision.
 */
export interface TriageSignal {
  readonly [triage]: true
  readonly subject: { readonly type: 'content'; readonly id: string }
  readonly detector: string
  readonly version: string
  /** As the classifier gave it, 0 to 1; comparable within one version only. */
  readonly score: number
  /** P(a person confirms it), from reviewed items; null while too few were reviewed. */
  readonly probability: number | null
}

/** What a classifier is shown: bytes of a picture, or a text. */
export type Sample = { readonly media: Uint8Array } | { readonly text: string }

/** What came back for one sample. */
export type Classified =
  | { readonly ok: true; readonly score: number; readonly version: string }
  | { readonly ok: false; readonly code: string; readonly retry: boolean }

/** One way of asking a classifier over HTTP. */
export interface DetectorShape {
  readonly name: string
  readonly accepts: readonly ('media' | 'text')[]
  request(sample: Sample, settings: DetectorSettings, key: string): { url: string } & GuardedRequest
  /** Score and version of an answer's JSON; null when it is of another shape. */
  read(answer: unknown, settings: DetectorSettings): { score: number; version: string } | null
}

/** What an operator sets about a classifier. */
export interface DetectorSettings {
  readonly url: string
  /** What the answer's score is about, where it has several. */
  readonly className: string
  /** Given when an answer names no version. */
  readonly version: string
  /** From this probability on a content gets a label that asks for a look. */
  readonly threshold: number
  readonly timeoutMs: number
}

/** The HTTP client, with its guard against private addresses. */
export type DetectorHttp = (url: string, request: GuardedRequest) => Promise<GuardedResult>
