import type { HashKind, Opinion } from '@firebreak/signals'
import type { z } from 'zod'
import type { ExchangeHttp } from './http.ts'

/** A record of a source as a bank takes it: what the source calls it, its hashes, who says what of it. */
export interface SourceEntry {
  readonly sourceId: string
  readonly hashes: readonly { readonly kind: HashKind; readonly hash: Uint8Array }[]
  readonly opinions: readonly Opinion[]
  /** Milliseconds since 1970. */
  readonly expiresAt?: number
}

/** The source no longer has it. */
export interface Tombstone {
  readonly sourceId: string
  readonly withdrawn: true
}

/** What a source says of one of its ids; the last word in a delta counts. */
export type SourceRecord = SourceEntry | Tombstone

/** A record that could not be read: kept and counted, and the rest goes on. */
export interface MalformedRecord {
  readonly reason: string
  readonly record: string
}

/**
 * What a source said since a checkpoint, in its order. A record replaces what the same source id said before; applying a delta twice
 * changes nothing. `checkpoint` is stored with the entries in one commit.
 */
export interface Delta {
  readonly records: readonly SourceRecord[]
  readonly malformed: readonly MalformedRecord[]
  /** Records that are well formed but hold no kind of hash that can be matched here. */
  readonly unsupported: number
  readonly checkpoint: unknown
  /** Nothing more was there when it was asked. */
  readonly caughtUp: boolean
}

/** What an adapter works with. */
export interface ExchangeContext {
  /** Checked by the adapter's schema. */
  readonly settings: unknown
  /** By name; opened only here. */
  readonly secrets: Readonly<Record<string, string>>
  readonly http: ExchangeHttp
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** The folder that lists are read from; nothing outside it can be named. */
  readonly lists?: string
  /** PDQ hashes of the operator's own media after an id, for sources that are asked instead of read. */
  readonly ownHashes?: (after: number, most: number) => Promise<readonly { id: number; hash: Uint8Array }[]>
}

/** A person's decision on an entry, on its way back to its source. */
export interface Feedback {
  readonly sourceId: string
  readonly kind: HashKind
  /** Lower-case hexadecimal. */
  readonly hash: string
  /** Whether a person who looked confirmed it. */
  readonly confirmed: boolean
}

/** A kind of source. Everything that only this source's standard says (field names, status words) stays inside its file. */
export interface ExchangeAdapter {
  readonly kind: string
  readonly settings: z.ZodType
  /** Names of the secrets that it needs. */
  readonly secrets: readonly string[]
  /** Ordered deltas from the checkpoint on (null: from the beginning). Throws ExchangeProblem; what was yielded stands. */
  fetch(context: ExchangeContext, checkpoint: unknown): AsyncIterable<Delta>
  /** Tells the source. Safe to repeat. Absent where a source takes none. */
  readonly feedback?: (context: ExchangeContext, feedback: Feedback) => Promise<void>
}
