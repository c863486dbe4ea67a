import type { EventInput } from '@firebreak/ledger'
import { digestOf, type ReportKeys } from './keys.ts'
import type { Idempotency, ReportInput } from './types.ts'

/** A report ready for the transaction: named, keyed, and nothing raw left outside the event's payload. */
export interface PreparedReport {
  readonly id: string
  readonly input: ReportInput
  readonly requestKey: string | null
  readonly requestDigest: string | null
  /** Keyed hash of the reporter, null when anonymous. */
  readonly reporter: string | null
  /** Keyed hash of the named group. */
  readonly group: string | undefined
  readonly sealedContact: string | null
  /** Set when the report cannot be reviewed as it is: stored, but no job. */
  readonly unusable?: { readonly state: 'dead' | 'rejected'; readonly reason: string }
}

/** How a report is named, keyed and sealed before it is written. */
export interface Preparation {
  readonly keys: ReportKeys
  readonly newId: () => string
  readonly seal: (text: string) => string
}

/** Names and keys a report; from here on nothing raw is left but in the payload and under seal. */
export function prepare(
  input: ReportInput,
  idempotency: Idempotency | undefined,
  { keys, newId, seal }: Preparation,
): PreparedReport {
  const { reporter, contact, source } = input
  return {
    id: newId(),
    input,
    requestKey: idempotency === undefined ? null : keys.request(idempotency.caller, idempotency.key),
    requestDigest: idempotency === undefined ? null : digestOf(input),
    reporter: reporter.id === undefined ? null : keys.reporter(source, reporter.id),
    group: reporter.cluster === undefined ? undefined : keys.cluster(reporter.cluster),
    sealedContact: contact === undefined ? null : seal(contact),
  }
}

/**
 * What the log keeps. Where the author is known the event is about the account and the reported thing its object, so that the
 * payload is under the account's key and goes with its erasure; else under a key of the report's own (synthetic ones, which tell of
 * nobody, share their source's).
 */
export function receivedEvent({ id, input }: PreparedReport, author: string | undefined, at: number): EventInput {
  const { subject, source, text, evidence, statement, language, jurisdiction, category } = input
  const own = author === undefined && subject.type !== 'account' && input.synthetic !== true
  const about =
    author === undefined || subject.type === 'account' ? { subject } : { subject: account(author), object: subject }
  return {
    id: `report:${id}`,
    type: 'report.received',
    at: new Date(at).toISOString(),
    actor: own ? { type: 'report', id } : { type: 'report-source', id: source },
    ...about,
    ...(jurisdiction === undefined && language === undefined
      ? {}
      : {
          context: {
            ...(jurisdiction === undefined ? {} : { jurisdiction }),
            ...(language === undefined ? {} : { locale: language }),
          },
        }),
    data: {
      category,
      ...(text === undefined ? {} : { text }),
      ...(evidence === undefined ? {} : { evidence }),
      ...(statement === undefined ? {} : { statement }),
    },
  }
}

function account(id: string) {
  return { type: 'account', id }
}
