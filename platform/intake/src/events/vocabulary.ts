/** What may be said in an event, version 1. Edges end by their withdrawal (`unfollow`, `comment.removed`), never by deletion. */
export const EVENT_TYPES = [
  'account.created',
  'account.updated',
  'account.removed',
  'follow',
  'unfollow',
  'block',
  'unblock',
  'mute',
  'unmute',
  'like',
  'unlike',
  'comment',
  'comment.removed',
  'mention',
  'mention.removed',
  'post.created',
  'post.updated',
  'post.removed',
  'group.created',
  'group.joined',
  'group.left',
  'contact.started',
  'stream.started',
  'stream.ended',
  'search.made',
  'recommendation.shown',
  'recommendation.opened',
  'view.sampled',
  'identifier.seen',
  'age.assured',
  'enforcement.acknowledged',
  'subject.erased',
] as const
export type EventType = (typeof EVENT_TYPES)[number]

/** Kinds of raw identifier that are keyed at the edge and never stored. */
export const IDENTIFIER_KINDS = ['email', 'phone', 'ip', 'device', 'payment'] as const
export type IdentifierKind = (typeof IDENTIFIER_KINDS)[number]
