/**
 * The event vocabulary: every type, who may act, on what, and with which second thing. `[]` means any kind of thing.
 * Types are never renamed or reused; a change of shape gets a new `v`.
 */
interface Expectation {
  readonly actor: readonly string[]
  readonly subject: readonly string[]
  /** Kinds of `object`; absent = any, and not required. */
  readonly object?: readonly string[]
  readonly objectRequired?: true
  /** Keys that `data` must hold. */
  readonly data?: readonly string[]
}

const ACCOUNT = ['account']
const CONTENT = ['content', 'stream', 'thread', 'media', 'account']
const ANY: readonly string[] = []
const onAccount: Expectation = { actor: ACCOUNT, subject: ACCOUNT }
const aboutAccount: Expectation = { actor: ANY, subject: ACCOUNT }
const onContent: Expectation = { actor: ACCOUNT, subject: CONTENT }
const onGroup: Expectation = { actor: ACCOUNT, subject: ['group'] }
const onPost: Expectation = { actor: ACCOUNT, subject: ['content'] }
const onStream: Expectation = { actor: ACCOUNT, subject: ['stream'] }

export const EVENT_TYPES = {
  /** `data.backups[]`: ids of accounts that its profile names as its backups (the full current list). */
  'account.created': aboutAccount,
  'account.updated': aboutAccount,
  'account.removed': aboutAccount,
  /** `data.weight` (number) and, for a relation without an event type of its own, `data.relation` (name). */
  follow: onAccount,
  unfollow: onAccount,
  block: onAccount,
  unblock: onAccount,
  mute: onAccount,
  unmute: onAccount,
  like: onContent,
  unlike: onContent,
  /** `object` is the comment. */
  comment: onContent,
  'comment.removed': onContent,
  mention: onAccount,
  'mention.removed': onAccount,
  /** `data.hashtags[]`, `data.links[]`, `data.media[]` (hashes): become edges from the author to these items. */
  'post.created': onPost,
  'post.updated': onPost,
  'group.created': onGroup,
  'group.joined': onGroup,
  'group.left': onGroup,
  /** Metadata only: who wrote first to whom, never what. */
  'contact.started': onAccount,
  'stream.started': onStream,
  'stream.ended': onStream,
  'search.made': { actor: ANY, subject: ['query'] },
  /** The subject is the viewer, the object what was shown. */
  'recommendation.shown': { actor: ANY, subject: ACCOUNT, objectRequired: true },
  'recommendation.opened': { actor: ANY, subject: ANY },
  'view.sampled': { actor: ANY, subject: ANY },
  /**
   * The subject's id is a keyed hash made at the edge; a raw identifier must never arrive here. `data.shared: true` (carrier NAT, a
   * private address; derived at the edge) tells nothing about who belongs together and makes no edge.
   */
  'identifier.seen': { actor: ACCOUNT, subject: ['identifier'] },
  'age.assured': { actor: ANY, subject: ACCOUNT, data: ['band', 'source'] },
  'enforcement.acknowledged': { actor: ANY, subject: ANY },
  'subject.erased': aboutAccount,
  'post.removed': { actor: ANY, subject: ['content'] },
  /** Written by Firebreak, never taken from outside. The actor is where it came from (who reported stands elsewhere), `object` the reported thing. */
  'report.received': { actor: ['report', 'report-source'], subject: ANY, data: ['category'] },
  'decision.made': { actor: ['job'], subject: ANY, objectRequired: true, data: ['outcome', 'actions'] },
  'decision.effective': { actor: ['job'], subject: ANY, objectRequired: true, data: ['outcome', 'actions'] },
  'decision.reversed': { actor: ['job'], subject: ANY, objectRequired: true, data: ['reason'] },
  'appeal.opened': { actor: ACCOUNT, subject: ACCOUNT, data: ['appeal', 'statement'] },
  'appeal.decided': { actor: ['appeal'], subject: ACCOUNT, data: ['outcome'] },
} as const satisfies Record<string, Expectation>

/** Types that only Firebreak itself writes: a platform that sends one is refused. */
export const INTERNAL_EVENT_TYPES: readonly string[] = [
  'report.received',
  'decision.made',
  'decision.effective',
  'decision.reversed',
  'appeal.opened',
  'appeal.decided',
]

export type EventType = keyof typeof EVENT_TYPES

const expectations: ReadonlyMap<string, Expectation> = new Map(Object.entries(EVENT_TYPES))

export function expectationOf(type: string): Expectation | undefined {
  return expectations.get(type)
}

/** The log stores a type as its number: position in this list. Append only. */
export const EVENT_TYPE_LIST = Object.keys(EVENT_TYPES) as readonly EventType[]
