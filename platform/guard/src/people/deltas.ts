import type { EventType, StoredEvent } from '@firebreak/ledger'
import type { AgeBand } from '@firebreak/policy'
import { hourOf } from './counters.ts'

/** One thing an event adds to what is known of a person. `seq` is the event's position. */
export type Delta =
  | {
      readonly seq: number
      readonly kind: 'age'
      readonly account: string
      readonly band: string
      readonly source: string
      readonly at: number
    }
  | {
      readonly seq: number
      readonly kind: 'count'
      readonly counter: string
      readonly account: string
      readonly other?: string
      readonly hour: number
    }
  | { readonly seq: number; readonly kind: 'erased'; readonly account: string }

/** The events that tell anything of that kind; everything else is passed over unread. */
export const PEOPLE_EVENTS: readonly EventType[] = [
  'age.assured',
  'contact.started',
  'block',
  'report.received',
  'subject.erased',
]

/** What is needed to tell an approach from a contact among acquaintances. */
export interface PeopleSoFar {
  ageOf(account: string): AgeBand
  /** The other side follows the one who acts. */
  followsBack(account: string, other: string): boolean
  /** Whether the pair was counted within the last 30 days. */
  known(counter: string, account: string, other: string): boolean
}

/** What one event adds. Outreach: somebody who is no minor approaches a minor that does not follow it, once a pair and month. */
export function deltasOf(event: StoredEvent, so: PeopleSoFar): Delta[] {
  const { seq, type, actor, subject, object, data } = event
  const hour = hourOf(Date.parse(event.at))
  const count = (counter: string, account: string, other?: string): Delta => ({
    seq,
    kind: 'count',
    counter,
    account,
    hour,
    ...(other === undefined ? {} : { other }),
  })
  if (type === 'age.assured' && typeof data?.band === 'string')
    return [
      { seq, kind: 'age', account: subject.id, band: data.band, source: String(data.source), at: Date.parse(event.at) },
    ]
  if (type === 'block') return [count('blocked-by', subject.id)]
  if (type === 'report.received') {
    const reported = object ?? subject
    return reported.type === 'account' ? [count('reported-by', reported.id)] : []
  }
  if (type !== 'contact.started') return []
  const started = [count('contact.started', actor.id)]
  const approach =
    so.ageOf(actor.id) !== 'minor' &&
    so.ageOf(subject.id) === 'minor' &&
    !so.followsBack(actor.id, subject.id) &&
    !so.known('outreach.pair', actor.id, subject.id)
  return approach
    ? [...started, count('outreach.pair', actor.id, subject.id), count('outreach.minors', actor.id)]
    : started
}
