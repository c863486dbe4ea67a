import { SECOND } from '@firebreak/kernel'
import { type HashKind, hashFromHex, type Opinion, type OpinionCategory } from '@firebreak/signals'
import { z } from 'zod'
import type { Delta, ExchangeAdapter, ExchangeContext, MalformedRecord, SourceRecord } from './adapter.ts'
import { jsonOf } from './http.ts'
import { ExchangeProblem } from './problem.ts'

const settingsSchema = z.strictObject({
  baseUrl: z.url({ protocol: /^https?$/ }).default('https://api.stopncii.org/v1'),
  pageSize: z.int().min(1).max(800).default(800),
})

const checkpointSchema = z.object({
  /** The source's own clock, in seconds. */
  since: z.int(),
  /** The page to go on with, good for a short time only. */
  token: z.string().nullable(),
  at: z.int(),
})

const recordSchema = z.object({
  signalType: z.string(),
  hashValue: z.string().min(1),
  hashStatus: z.string(),
  CSPFeedbacks: z.array(z.object({ source: z.string().default(''), feedbackValue: z.string() })).nullish(),
})
const pageSchema = z.object({
  nextPageToken: z.string().nullish(),
  nextSetTimestamp: z.number(),
  hasMoreRecords: z.boolean(),
  hashRecords: z.array(z.unknown()),
})

const KINDS: Readonly<Record<string, HashKind>> = { ImagePDQ: 'pdq', VideoMD5: 'md5' }
const ENDED = new Set(['Withdrawn', 'Deleted'])
const CATEGORIES: Readonly<Record<string, OpinionCategory>> = {
  Blocked: 'POSITIVE_CLASS',
  NotBlocked: 'NEGATIVE_CLASS',
}
/** DEFAULT_START_TIME of the open client: the API takes no zero. */
const BEGINNING = 10
const TOKEN_LIFE = 600 * SECOND

/**
 * StopNCII: hashes that people made of their own pictures, with what platforms found. A record is a snapshot and replaces the one
 * before; a person's case is a lead until somebody who looked confirms it.
 */
export const stopNciiAdapter: ExchangeAdapter = {
  kind: 'stopncii',
  settings: settingsSchema,
  secrets: ['subscriptionKey', 'fetchKey', 'feedbackKey'],
  async *fetch(context, stored) {
    const { baseUrl, pageSize } = settingsSchema.parse(context.settings)
    let { since, token, at } = checkpointSchema.safeParse(stored).data ?? { since: BEGINNING, token: null, at: 0 }
    if (context.now() - at > TOKEN_LIFE) token = null
    for (;;) {
      const query = new URLSearchParams({ startTimestamp: String(since), pageSize: String(pageSize) })
      if (token !== null) query.set('nextPageToken', token)
      const answer = await context.http.get(
        `${baseUrl}/FetchHashes?${query}`,
        keys(context, 'fetchKey'),
        token === null ? [] : [400, 404, 410],
      )
      if (answer.status !== 200) {
        // The page is no longer known there: the set is read again.
        token = null
        continue
      }
      const page = pageSchema.safeParse(jsonOf(answer))
      if (!page.success) throw new ExchangeProblem('malformed', 'a page of an unknown shape')
      const { hasMoreRecords, nextPageToken, nextSetTimestamp, hashRecords } = page.data
      const more = hasMoreRecords && nextPageToken != null && nextPageToken !== ''
      // A time before the last one would read the whole set for ever.
      if (!more) since = Math.max(since, Math.floor(nextSetTimestamp))
      token = more ? nextPageToken : null
      at = context.now()
      yield { ...readRecords(hashRecords), checkpoint: { since, token, at }, caughtUp: !more }
      if (!more) return
    }
  },
  async feedback(context, { hash, confirmed }) {
    const { baseUrl } = settingsSchema.parse(context.settings)
    const body = JSON.stringify({
      count: 1,
      hashFeedbacks: [{ tags: [], feedbackValue: confirmed ? 'Blocked' : 'NotBlocked', hashValue: hash }],
    })
    const headers = { ...keys(context, 'feedbackKey'), 'content-type': 'application/json' }
    await context.http.write(`${baseUrl}/SubmitFeedback`, 'POST', body, headers)
  },
}

function keys({ secrets }: ExchangeContext, name: string): Record<string, string> {
  return { 'ocp-apim-subscription-key': secrets.subscriptionKey ?? '', 'x-functions-key': secrets[name] ?? '' }
}

function readRecords(given: readonly unknown[]): Omit<Delta, 'checkpoint' | 'caughtUp'> {
  const records: SourceRecord[] = []
  const malformed: MalformedRecord[] = []
  let unsupported = 0
  for (const record of given) {
    const read = recordSchema.safeParse(record)
    if (!read.success) {
      malformed.push(keep(record, `${read.error.issues[0]?.path.join('.')} is not valid`))
      continue
    }
    const { signalType, hashValue, hashStatus, CSPFeedbacks } = read.data
    const kind = KINDS[signalType]
    const hash = kind === undefined ? null : hashFromHex(kind, hashValue)
    const sourceId = `${signalType} ${hashValue.toLowerCase()}`
    if (kind === undefined) unsupported++
    else if (ENDED.has(hashStatus)) records.push({ sourceId: sourceId, withdrawn: true })
    else if (hash === null) malformed.push(keep(record, `hashValue is no ${signalType}`))
    else records.push({ sourceId, hashes: [{ kind, hash }], opinions: opinionsOf(CSPFeedbacks ?? []) })
  }
  return { records, malformed, unsupported }
}

function opinionsOf(feedbacks: readonly { source: string; feedbackValue: string }[]): Opinion[] {
  const opinions: Opinion[] = [{ owner: 'stopncii case', category: 'INVESTIGATION_SEED' }]
  for (const { source, feedbackValue } of feedbacks) {
    const category = CATEGORIES[feedbackValue]
    if (category !== undefined) opinions.push({ owner: `csp ${source}`, category })
  }
  return opinions
}

function keep(record: unknown, reason: string): MalformedRecord {
  return { reason, record: (JSON.stringify(record) ?? 'undefined').slice(0, 4096) }
}
