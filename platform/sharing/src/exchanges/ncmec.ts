import { HOUR, SECOND } from '@firebreak/kernel'
import { type HashKind, hashFromHex, type Opinion } from '@firebreak/signals'
import { XMLBuilder, XMLParser, XMLValidator } from 'fast-xml-parser'
import { z } from 'zod'
import type {
  Delta,
  ExchangeAdapter,
  ExchangeContext,
  Feedback,
  MalformedRecord,
  SourceEntry,
  SourceRecord,
} from './adapter.ts'
import { basic, type SourceAnswer } from './http.ts'
import { ExchangeProblem } from './problem.ts'

/** The XML namespace of NCMEC's hash sharing API, version 2. */
export const NCMEC_NAMESPACE = 'https://hashsharing.ncmec.org/hashsharing/v2'

const settingsSchema = z.strictObject({
  /** One of NCMEC's environments, e.g. `https://report.cybertip.org/hashsharing`. */
  baseUrl: z.url({ protocol: /^https?$/ }),
  /** Take entries of these members only (ids); empty: of all. */
  onlyMembers: z.array(z.string()).default([]),
  /** Take entries of these classifications only; empty: all, unclassified included. */
  onlyClassifications: z.array(z.string()).default([]),
  /** Guid of the reason to give with a negative vote; needed where the source offers several. */
  negativeReason: z.string().optional(),
})

const checkpointSchema = z.object({
  /** Seconds since 1970: everything before it was taken. */
  from: z.int(),
  /** A range half read: its next page, its end, and when the page's address was given. */
  page: z.object({ next: z.string(), to: z.int(), at: z.int() }).nullable(),
})
type Checkpoint = z.infer<typeof checkpointSchema>

/** Fingerprints that can be matched here, as the API spells them in an entry, and as feedback names them. */
const FINGERPRINTS: readonly (readonly [tag: string, kind: HashKind])[] = [
  ['md5', 'md5'],
  ['sha1', 'sha1'],
  ['pdq', 'pdq'],
]
const FEEDBACK_TYPE: Readonly<Partial<Record<HashKind, string>>> = { md5: 'MD5', sha1: 'SHA1', pdq: 'PDQ' }
const LISTS = [
  ['images', 'image', false],
  ['images', 'deletedImage', true],
  ['videos', 'video', false],
  ['videos', 'deletedVideo', true],
] as const
/** NCMEC asks not to keep a page's address longer. */
const PAGE_LIFE = 12 * HOUR
/** Entries are not in order of time; the very last seconds are left for the next round. */
const MARGIN = 5
const ARRAYS = new Set([
  'image',
  'video',
  'deletedImage',
  'deletedVideo',
  'member',
  'affirmativeFeedback',
  'negativeFeedback',
  'reason',
  'reasons',
  'members',
])

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  removeNSPrefix: true,
  parseTagValue: false,
  parseAttributeValue: false,
  isArray: (name) => ARRAYS.has(name),
})
const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@' })

/**
 * NCMEC's hash sharing API v2. Pages of a range of time come in any order, so the time moves on only after the whole range; a page's
 * address is good for 12 hours. Entries are known by member and id; deletions are tombstones.
 */
export const ncmecAdapter: ExchangeAdapter = {
  kind: 'ncmec',
  settings: settingsSchema,
  secrets: ['user', 'password'],
  async *fetch(context, stored) {
    const settings = settingsSchema.parse(context.settings)
    let checkpoint = checkpointOf(stored)
    for (;;) {
      const nowSeconds = Math.floor(context.now() / SECOND)
      if (checkpoint.page !== null && context.now() - checkpoint.page.at > PAGE_LIFE)
        checkpoint = { ...checkpoint, page: null }
      const to = checkpoint.page?.to ?? nowSeconds - MARGIN
      if (to <= checkpoint.from) return
      const answer = await pageOf(context, settings.baseUrl, checkpoint, to)
      if (answer === null) {
        // The page's address is no longer known there: the range is read again from its beginning.
        checkpoint = { ...checkpoint, page: null }
        continue
      }
      const read = readPage(answer, settings)
      const next: Checkpoint =
        read.next === null
          ? { from: to, page: null }
          : { from: checkpoint.from, page: { next: read.next, to, at: context.now() } }
      yield { ...read.delta, checkpoint: next, caughtUp: read.next === null }
      if (read.next === null) return
      checkpoint = next
    }
  },
  async feedback(context, feedback) {
    const { baseUrl, negativeReason } = settingsSchema.parse(context.settings)
    const type = FEEDBACK_TYPE[feedback.kind]
    const [member, id] = splitId(feedback.sourceId)
    if (type === undefined) throw new ExchangeProblem('settings', `takes no feedback on ${feedback.kind}`)
    const vote = feedback.confirmed
      ? { affirmative: '' }
      : { negative: { reasonIds: { guid: negativeReason ?? (await onlyReason(context, baseUrl, type)) } } }
    const body = builder.build({ feedbackSubmission: { '@xmlns': NCMEC_NAMESPACE, ...vote } }) as string
    const url = `${baseUrl}/v2/entries/${encodeURIComponent(member)}/${encodeURIComponent(id)}/${type}/feedback`
    await context.http.write(url, 'PUT', body, {
      ...authorized(context),
      'content-type': 'application/xml; charset=utf-8',
    })
  },
} satisfies ExchangeAdapter & { feedback: (context: ExchangeContext, feedback: Feedback) => Promise<void> }

function checkpointOf(stored: unknown): Checkpoint {
  return checkpointSchema.safeParse(stored).data ?? { from: 0, page: null }
}

/** One page; null when the address of a later page is no longer good. */
async function pageOf(
  context: ExchangeContext,
  baseUrl: string,
  { from, page }: Checkpoint,
  to: number,
): Promise<SourceAnswer | null> {
  const headers = authorized(context)
  if (page === null) {
    const range = new URLSearchParams({ from: isoOf(from), to: isoOf(to) })
    return context.http.get(`${baseUrl}/v2/entries?${range}`, headers)
  }
  const answer = await context.http.get(`${baseUrl}${page.next}`, headers, [400, 404, 410])
  return answer.status === 200 ? answer : null
}

function authorized({ secrets }: ExchangeContext): Record<string, string> {
  return { authorization: basic(secrets.user ?? '', secrets.password ?? '') }
}

/** The API reads whole seconds in UTC. */
function isoOf(seconds: number): string {
  return new Date(seconds * SECOND).toISOString().replace(/\.\d+Z$/, 'Z')
}

type Xml = Record<string, unknown>

function readPage(
  { text }: SourceAnswer,
  settings: z.infer<typeof settingsSchema>,
): { delta: Omit<Delta, 'checkpoint' | 'caughtUp'>; next: string | null } {
  const result = documentOf(text)
  const records: SourceRecord[] = []
  const malformed: MalformedRecord[] = []
  let unsupported = 0
  for (const [list, tag, deleted] of LISTS)
    for (const record of listOf(nodeOf(result[list])[tag])) {
      const read = deleted ? tombstoneOf(record) : entryOf(record, tag, settings)
      if (read === null) continue
      if (typeof read === 'string') records.push({ sourceId: read, withdrawn: true })
      else if ('reason' in read) malformed.push(read)
      else if (read.hashes.length === 0) unsupported++
      else records.push(read)
    }
  const next = textOf(nodeOf(result.paging).next)
  return { delta: { records, malformed, unsupported }, next: next === '' ? null : next }
}

/** Half a page must not pass for a whole one; a document type could name outside entities. */
function documentOf(text: string): Xml {
  if (/<!DOCTYPE/i.test(text)) throw new ExchangeProblem('malformed', 'the answer has a document type')
  if (XMLValidator.validate(text) !== true) throw new ExchangeProblem('malformed', 'the answer is not whole XML')
  const root = parser.parse(text) as Xml
  if (!('queryResult' in root)) throw new ExchangeProblem('malformed', 'the answer holds no queryResult')
  return nodeOf(root.queryResult)
}

function tombstoneOf(record: Xml): string | MalformedRecord {
  const id = idOf(record)
  return id ?? malformedRecord(record, 'no member or id')
}

function entryOf(
  record: Xml,
  tag: string,
  settings: z.infer<typeof settingsSchema>,
): SourceEntry | MalformedRecord | string | null {
  const id = idOf(record)
  if (id === null) return malformedRecord(record, 'no member or id')
  const [member] = splitId(id)
  const { onlyMembers, onlyClassifications } = settings
  // An entry that is not wanted may have been before: it is withdrawn rather than passed over.
  if (onlyMembers.length > 0 && !onlyMembers.includes(member)) return id
  if (onlyClassifications.length > 0 && !onlyClassifications.includes(textOf(record.classification))) return id
  const given = nodeOf(record.fingerprints)
  const hashes: { kind: HashKind; hash: Uint8Array }[] = []
  for (const [name, kind] of FINGERPRINTS) {
    const value = textOf(given[name])
    if (value === '') continue
    const hash = hashFromHex(kind, value)
    if (hash === null) return malformedRecord(record, `${name} of ${tag} is not one`)
    hashes.push({ kind, hash })
  }
  return { sourceId: id, hashes, opinions: opinionsOf(member, nodeOf(record.feedback)) }
}

/** Who put it in says that it is of the class; the others by their votes. */
function opinionsOf(member: string, feedback: Xml): Opinion[] {
  const votes = new Map<string, Opinion>()
  votes.set(member, { owner: `esp ${member}`, category: 'POSITIVE_CLASS' })
  for (const vote of listOf(feedback.affirmativeFeedback))
    for (const id of membersIn(vote))
      if (!votes.has(id)) votes.set(id, { owner: `esp ${id}`, category: 'POSITIVE_CLASS' })
  for (const vote of listOf(feedback.negativeFeedback))
    for (const id of membersIn(vote)) votes.set(id, { owner: `esp ${id}`, category: 'NEGATIVE_CLASS' })
  return [...votes.values()]
}

/** Ids of all members anywhere below: where negative votes keep their members is not documented beyond doubt. */
function membersIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(membersIn)
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, child]) =>
    name === 'member'
      ? listOf(child).flatMap((one) => (typeof one['@id'] === 'string' ? [one['@id']] : []))
      : membersIn(child),
  )
}

function idOf(record: Xml): string | null {
  const member = listOf(record.member)[0]?.['@id']
  const id = textOf(record.id)
  return typeof member === 'string' && member !== '' && id !== '' ? `${member} ${id}` : null
}

function splitId(sourceId: string): [member: string, id: string] {
  const cut = sourceId.indexOf(' ')
  return [sourceId.slice(0, cut), sourceId.slice(cut + 1)]
}

function malformedRecord(record: Xml, reason: string): MalformedRecord {
  return { reason, record: JSON.stringify(record).slice(0, 4096) }
}

/** NCMEC asks for a reason with a negative vote. Where it offers several, the operator must have chosen one. */
async function onlyReason(context: ExchangeContext, baseUrl: string, type: string): Promise<string> {
  const { text } = await context.http.get(`${baseUrl}/v2/feedback/${type}/reasons`, authorized(context))
  const root = nodeOf(Object.entries(parser.parse(text) as Xml).find(([name]) => !name.startsWith('?'))?.[1])
  const reasons = listOf(nodeOf(root.availableFeedbackReasons).reason)
  const guid = reasons[0]?.['@guid']
  if (reasons.length !== 1 || typeof guid !== 'string')
    throw new ExchangeProblem('settings', `offers ${reasons.length} reasons for a negative vote; set negativeReason`)
  return guid
}

function nodeOf(value: unknown): Xml {
  const one = Array.isArray(value) ? (value as unknown[])[0] : value
  return typeof one === 'object' && one !== null ? (one as Xml) : {}
}

function listOf(value: unknown): Xml[] {
  const list = Array.isArray(value) ? (value as unknown[]) : value === undefined ? [] : [value]
  return list.map(nodeOf)
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value.trim()
  const text = nodeOf(value)['#text']
  return typeof text === 'string' ? text.trim() : ''
}
