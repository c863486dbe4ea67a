import { DAY, type Ref } from '@firebreak/kernel'
import { keyedHash } from '../keys/cipher.ts'
import type { EventInput, Principal, RejectCode } from '../types.ts'
import { EVENT_TYPE_LIST, type EventType, expectationOf } from './vocabulary.ts'

/** An event checked and ready to be written. */
export interface PreparedEvent {
  readonly input: EventInput & { readonly type: EventType }
  readonly typeNumber: number
  readonly at: number
  /** Keyed hash of the id. */
  readonly idKey: Buffer
  /** {context, data} as JSON bytes, or null when there is neither. */
  readonly payload: Buffer | null
  readonly by: Principal
}

export interface Refusal {
  readonly code: RejectCode
  readonly detail: string
}

const MAX_NAME = 512
const MAX_PAYLOAD = 65_536
const MAX_ITEMS = 200
/** The store holds four-byte floats: a smaller weight would stop a whole batch, or read as withdrawn. */
const MIN_WEIGHT = 1e-6
const MAX_WEIGHT = 1e9
const KIND = /^[a-z][a-z0-9_-]{0,31}$/
const ISO = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:?\d\d)$/
const TYPE_NUMBERS = new Map(EVENT_TYPE_LIST.map((type, number) => [type as string, number]))
/** Lists of names in `data` that become edges. */
const NAME_LISTS = ['backups', 'hashtags', 'links', 'media']

/** Checks one event from outside. A refusal is an answer, not an error: bad data must not stop the good beside it. */
export function prepareEvent(
  input: unknown,
  by: Principal,
  now: number,
  idHashKey: Uint8Array,
): PreparedEvent | Refusal {
  if (!isRecord(input)) return malformed('an event is an object')
  const event = input as Partial<EventInput>
  if (!isName(event.id)) return malformed(`id is a text of 1 to ${MAX_NAME} characters`)
  const expected = typeof event.type === 'string' ? expectationOf(event.type) : undefined
  if (expected === undefined) return { code: 'unknown-type', detail: String(event.type).slice(0, 100) }
  if (event.v !== undefined && event.v !== 1) return { code: 'unsupported-version', detail: `v is ${String(event.v)}` }
  const at = timeOf(event.at)
  if (Number.isNaN(at)) return { code: 'bad-time', detail: 'at is an ISO 8601 time with a time zone' }
  if (at < 0) return { code: 'bad-time', detail: 'at is before 1970' }
  if (at > now + DAY) return { code: 'bad-time', detail: 'at is more than a day in the future' }
  const problem =
    refProblem('actor', event.actor, expected.actor) ??
    refProblem('subject', event.subject, expected.subject) ??
    (event.object === undefined && !expected.objectRequired
      ? undefined
      : refProblem('object', event.object, expected.object ?? [])) ??
    (event.surface === undefined || isName(event.surface) ? undefined : 'surface is a short text') ??
    dataProblem(event.data, event.context, expected.data ?? [])
  if (problem !== undefined) return malformed(problem)
  const payload = payloadOf(event)
  if (payload === undefined) return malformed('data and context are JSON, not nested thousands deep')
  if (payload !== null && payload.length > MAX_PAYLOAD)
    return { code: 'too-large', detail: `data and context exceed ${MAX_PAYLOAD} bytes` }
  return {
    input: event as PreparedEvent['input'],
    typeNumber: TYPE_NUMBERS.get(event.type!)!,
    at,
    idKey: keyedHash(idHashKey, event.id),
    payload,
    by,
  }
}

export function isRefusal(made: PreparedEvent | Refusal): made is Refusal {
  return 'code' in made
}

/** Milliseconds since 1970, or NaN. `Date.parse` alone would read the 30th of February as a day in March. */
function timeOf(text: unknown): number {
  if (typeof text !== 'string' || !ISO.test(text)) return Number.NaN
  const day = Number(text.slice(8, 10))
  if (day > 28 && new Date(Date.parse(text.slice(0, 10))).getUTCDate() !== day) return Number.NaN
  return Date.parse(text)
}

/**
 * Events on somebody's content may say in `data.author` whose it is, for those who listen. It is not kept: the log knows the author from
 * the content's own event, and a name in another person's payload would outlive its erasure.
 */
const NAMES_AUTHOR: ReadonlySet<string> = new Set([
  'like',
  'unlike',
  'comment',
  'comment.removed',
  'view.sampled',
  'recommendation.shown',
  'recommendation.opened',
])

function withoutAuthor(data: EventInput['data']): EventInput['data'] {
  if (data?.author === undefined) return data
  const { author: _hint, ...kept } = data
  return Object.keys(kept).length === 0 ? undefined : kept
}

/** Undefined when it cannot be written: JSON.stringify runs out of stack where JSON.parse did not. */
function payloadOf({ type, context, data: given }: Partial<EventInput>): Buffer | null | undefined {
  const data = NAMES_AUTHOR.has(type ?? '') ? withoutAuthor(given) : given
  if (context === undefined && data === undefined) return null
  try {
    return Buffer.from(JSON.stringify({ context, data }))
  } catch {
    return undefined
  }
}

function refProblem(which: string, ref: Ref | undefined, kinds: readonly string[]): string | undefined {
  if (!isRecord(ref) || typeof ref.type !== 'string' || !KIND.test(ref.type) || ref.type === 'principal')
    return `${which} needs a type (a lower-case word) and an id`
  if (!isName(ref.id)) return `${which}.id is a text of 1 to ${MAX_NAME} characters`
  if (kinds.length > 0 && !kinds.includes(ref.type)) return `${which} is a ${ref.type}, expected ${kinds.join(' or ')}`
  return undefined
}

function dataProblem(data: unknown, context: unknown, required: readonly string[]): string | undefined {
  if (context !== undefined && !isRecord(context)) return 'context is an object'
  if (data === undefined) return required.length === 0 ? undefined : `data needs ${required.join(', ')}`
  if (!isRecord(data)) return 'data is an object'
  for (const key of required) if (data[key] === undefined) return `data needs ${key}`
  for (const key of NAME_LISTS) {
    const list = data[key]
    if (list === undefined) continue
    if (!Array.isArray(list) || list.length > MAX_ITEMS || !list.every(isName))
      return `data.${key} is a list of at most ${MAX_ITEMS} short texts`
  }
  const { weight } = data
  if (weight !== undefined && !(typeof weight === 'number' && weight >= MIN_WEIGHT && weight <= MAX_WEIGHT))
    return `data.weight is a number from ${MIN_WEIGHT} to ${MAX_WEIGHT}`
  if (data.relation !== undefined && !(typeof data.relation === 'string' && KIND.test(data.relation)))
    return 'data.relation is a lower-case word'
  return undefined
}

/** Not empty, of sane length, and storable: PostgreSQL's text holds neither NUL nor half a surrogate pair. */
function isName(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length > 0 &&
    value.length <= MAX_NAME &&
    !value.includes('\0') &&
    value.isWellFormed()
  )
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function malformed(detail: string): Refusal {
  return { code: 'malformed', detail }
}
