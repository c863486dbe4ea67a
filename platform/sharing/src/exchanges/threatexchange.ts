import { DAY, SECOND } from '@firebreak/kernel'
import { type HashKind, hashFromHex, type Opinion, type OpinionCategory } from '@firebreak/signals'
import { z } from 'zod'
import type { Delta, ExchangeAdapter, MalformedRecord, SourceRecord } from './adapter.ts'
import { jsonOf } from './http.ts'
import { ExchangeProblem } from './problem.ts'

const settingsSchema = z.strictObject({
  baseUrl: z.url({ protocol: /^https?$/ }).default('https://graph.facebook.com/v21.0'),
  privacyGroup: z.string().regex(/^\d+$/),
  /** Only indicators with one of these tags; empty: all. */
  onlyTags: z.array(z.string()).default([]),
  pageSize: z.int().min(1).max(1000).default(500),
})

const checkpointSchema = z.object({
  /** Seconds since 1970; updates up to it were taken. */
  since: z.int(),
  page: z.object({ after: z.string(), until: z.int() }).nullable(),
})

const KINDS: Readonly<Record<string, HashKind>> = {
  HASH_PDQ: 'pdq',
  HASH_MD5: 'md5',
  HASH_VIDEO_MD5: 'md5',
  HASH_SHA1: 'sha1',
  HASH_SHA256: 'sha256',
}
/** What feedback calls each kind. A digest may have come as one of two types; the plain one is given back. */
const TYPES: Readonly<Record<HashKind, string>> = {
  pdq: 'HASH_PDQ',
  md5: 'HASH_MD5',
  sha1: 'HASH_SHA1',
  sha256: 'HASH_SHA256',
}
const STATUSES: Readonly<Record<string, OpinionCategory>> = {
  MALICIOUS: 'POSITIVE_CLASS',
  NON_MALICIOUS: 'NEGATIVE_CLASS',
}
const FIELDS =
  'id,indicator,type,creation_time,last_updated,should_delete,descriptors{id,owner{id},status,tags,reactions}'
/** Updates are kept for a time only; whoever lags further behind reads everything again. */
const LONGEST_LAG = 90 * DAY

const tagsSchema = z.union([z.array(z.string()), z.object({ data: z.array(z.object({ text: z.string() })) })])
const updateSchema = z.object({
  id: z.coerce.string(),
  indicator: z.string().optional(),
  type: z.string().optional(),
  should_delete: z.boolean().default(false),
  descriptors: z
    .object({
      data: z.array(
        z.object({
          owner: z.object({ id: z.coerce.string() }).optional(),
          status: z.string().optional(),
          tags: tagsSchema.optional(),
          reactions: z.array(z.object({ key: z.string(), value: z.string() })).optional(),
        }),
      ),
    })
    .optional(),
})
type Update = z.infer<typeof updateSchema>
const pageSchema = z.object({
  data: z.array(z.unknown()),
  paging: z
    .object({ cursors: z.object({ after: z.string().optional() }).optional(), next: z.string().optional() })
    .optional(),
})

/** Meta's ThreatExchange: a stream of updates of a privacy group's indicators, with tombstones and everybody's opinion. */
export const threatExchangeAdapter: ExchangeAdapter = {
  kind: 'threatexchange',
  settings: settingsSchema,
  secrets: ['accessToken'],
  async *fetch(context, stored) {
    const settings = settingsSchema.parse(context.settings)
    let { since, page } = checkpointSchema.safeParse(stored).data ?? { since: 0, page: null }
    if (since > 0 && context.now() - since * SECOND > LONGEST_LAG) since = 0
    for (;;) {
      const until = page?.until ?? Math.floor(context.now() / SECOND) - 1
      if (until <= since) return
      const query = new URLSearchParams({
        ...{ access_token: context.secrets.accessToken ?? '', fields: FIELDS, limit: String(settings.pageSize) },
        ...{ start_time: String(since), stop_time: String(until), types: JSON.stringify(Object.keys(KINDS)) },
        ...(page === null ? {} : { after: page.after }),
      })
      const url = `${settings.baseUrl}/${settings.privacyGroup}/threat_updates/?${query}`
      const answer = await context.http.get(url, {}, page === null ? [] : [400, 404, 410])
      if (answer.status !== 200) {
        // The cursor is no longer known there: the range is read again.
        page = null
        continue
      }
      const read = pageSchema.safeParse(jsonOf(answer))
      if (!read.success) throw new ExchangeProblem('malformed', 'a page of an unknown shape')
      const after = read.data.paging?.next === undefined ? undefined : read.data.paging.cursors?.after
      page = after === undefined ? null : { after, until }
      if (page === null) since = until
      yield { ...readUpdates(read.data.data, settings.onlyTags), checkpoint: { since, page }, caughtUp: page === null }
      if (page === null) return
    }
  },
  async feedback(context, { kind, hash, confirmed }) {
    const { baseUrl, privacyGroup } = settingsSchema.parse(context.settings)
    const body = new URLSearchParams({
      ...{ indicator: hash, type: TYPES[kind], status: confirmed ? 'MALICIOUS' : 'NON_MALICIOUS' },
      ...{ description: 'Reviewed by a person', share_level: 'AMBER', privacy_type: 'HAS_PRIVACY_GROUP' },
      privacy_members: privacyGroup,
    })
    const token = new URLSearchParams({ access_token: context.secrets.accessToken ?? '' })
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    await context.http.write(`${baseUrl}/threat_descriptors/?${token}`, 'POST', String(body), headers)
  },
}

function readUpdates(updates: readonly unknown[], onlyTags: readonly string[]): Omit<Delta, 'checkpoint' | 'caughtUp'> {
  const records: SourceRecord[] = []
  const malformed: MalformedRecord[] = []
  let unsupported = 0
  for (const given of updates) {
    const read = updateSchema.safeParse(given)
    if (!read.success) {
      malformed.push(keep(given, `${read.error.issues[0]?.path.join('.')} is not valid`))
      continue
    }
    const update = read.data
    const opinions = opinionsOf(update)
    // An update that shows no descriptor is one that this member may no longer see.
    if (
      update.should_delete ||
      update.descriptors === undefined ||
      opinions.length === 0 ||
      !isWanted(update, onlyTags)
    ) {
      records.push({ sourceId: update.id, withdrawn: true })
      continue
    }
    const kind = KINDS[update.type ?? '']
    const hash = kind === undefined ? null : hashFromHex(kind, update.indicator ?? '')
    if (kind === undefined) unsupported++
    else if (hash === null) malformed.push(keep(given, `indicator is no ${update.type}`))
    else records.push({ sourceId: update.id, hashes: [{ kind, hash }], opinions })
  }
  return { records, malformed, unsupported }
}

/** Descriptors speak for their owners; reactions for members without a descriptor of their own. */
function opinionsOf({ descriptors }: Update): Opinion[] {
  const stated = new Map<string, OpinionCategory>()
  const reacted = new Map<string, OpinionCategory>()
  for (const { owner, status, reactions } of descriptors?.data ?? []) {
    if (owner !== undefined) stated.set(owner.id, STATUSES[status ?? ''] ?? 'INVESTIGATION_SEED')
    for (const { key, value } of reactions ?? [])
      for (const member of value.split(',')) {
        if (key === 'HELPFUL') reacted.set(member, 'POSITIVE_CLASS')
        else if (key === 'DISAGREE_WITH_TAGS') reacted.set(member, 'NEGATIVE_CLASS')
      }
  }
  return [...new Map([...reacted, ...stated])].map(([member, category]) => ({ owner: `member ${member}`, category }))
}

function isWanted({ descriptors }: Update, onlyTags: readonly string[]): boolean {
  if (onlyTags.length === 0) return true
  return (descriptors?.data ?? []).some(({ tags }) => {
    const texts = tags === undefined ? [] : Array.isArray(tags) ? tags : tags.data.map(({ text }) => text)
    return texts.some((text) => onlyTags.includes(text))
  })
}

function keep(record: unknown, reason: string): MalformedRecord {
  return { reason, record: (JSON.stringify(record) ?? 'undefined').slice(0, 4096) }
}
