import { createHmac, timingSafeEqual } from 'node:crypto'
import { z } from 'zod'
import type { CategoryName } from '../categories.ts'
import { MOST_EVIDENCE, MOST_TEXT } from '../schema.ts'
import type { EvidenceKind, EvidenceReference } from '../types.ts'
import { type Adapted, clean, foreignId } from './adapted.ts'
import { firstIssue } from './coop.ts'

/** Whether `X-Hub-Signature: sha256=…` is the body's under this secret (docs.joinmastodon.org/admin/webhooks). Takes constant time. */
export function mastodonSigned(body: Uint8Array, header: string | undefined, secret: string): boolean {
  const given = /^sha256=([0-9a-f]{64})$/.exec(header ?? '')?.[1]
  if (given === undefined) return false
  return timingSafeEqual(Buffer.from(given, 'hex'), createHmac('sha256', secret).update(body).digest())
}

const account = z.looseObject({ id: z.union([z.string(), z.number()]) })
const status = z.looseObject({
  id: z.union([z.string(), z.number()]),
  language: z.string().nullish(),
  media_attachments: z.array(z.looseObject({ type: z.string().optional(), url: z.string().nullish() })).default([]),
})

/** `report.created` with an Admin::Report (docs.joinmastodon.org/entities/Admin_Report). */
const webhook = z.looseObject({
  event: z.string().max(64),
  object: z.looseObject({
    id: z.union([z.string(), z.number()]),
    category: z.string().max(64).default('other'),
    comment: z.string().default(''),
    account: account.nullish(),
    target_account: account,
    statuses: z.array(status).default([]),
    rules: z.array(z.looseObject({ id: z.union([z.string(), z.number()]) })).default([]),
  }),
})

/** Categories by Mastodon's own, and by the server's rules where the operator maps them. */
const CATEGORIES: Readonly<Record<string, CategoryName>> = {
  spam: 'spam',
  legal: 'illegal-content',
  violation: 'harassment',
  other: 'other',
}

/** Reads a webhook whose signature was checked. `rules`: rule ids of that server → categories. */
export function fromMastodon(
  body: unknown,
  source: string,
  rules: Readonly<Record<string, CategoryName>> = {},
): Adapted {
  const event = (body as { event?: unknown } | null)?.event
  if (typeof event === 'string' && event !== 'report.created')
    return { kind: 'ignored', why: `event ${event.slice(0, 64)}` }
  const parsed = webhook.safeParse(body)
  if (!parsed.success) return { kind: 'unreadable', why: firstIssue(parsed.error) }
  const { id, category, comment, account: reporter, target_account, statuses, rules: broken } = parsed.data.object
  const target = foreignId(target_account.id)
  if (target === null) return { kind: 'unreadable', why: 'object.target_account.id cannot be an id' }
  const reporterId = reporter == null ? null : foreignId(reporter.id)
  const text = clean(comment, MOST_TEXT)
  const ruled = broken.map((rule) => rules[String(rule.id)]).find((name) => name !== undefined)
  const language = statuses
    .map((one) => one.language)
    .find((tag) => typeof tag === 'string' && /^[a-z]{2,3}$/.test(tag))
  return {
    kind: 'report',
    key: `mastodon-report-${id}`,
    report: {
      subject: { type: 'account', id: target },
      category: ruled ?? CATEGORIES[category] ?? 'other',
      ...(text === '' ? {} : { text }),
      ...(typeof language === 'string' ? { language } : {}),
      evidence: evidenceOf(statuses),
      reporter: { class: 'user', ...(reporterId === null ? {} : { id: reporterId }) },
      source,
    },
  }
}

function evidenceOf(statuses: readonly z.infer<typeof status>[]): EvidenceReference[] {
  return statuses
    .flatMap(({ id, media_attachments }) => {
      const reference = foreignId(id)
      if (reference === null) return []
      return [
        { kind: 'text' as EvidenceKind, reference: `status:${reference}` },
        ...media_attachments.flatMap(({ type, url }) => {
          const address = foreignId(url)
          return address === null || !URL.canParse(address) ? [] : [{ kind: mediaKind(type), reference: address }]
        }),
      ]
    })
    .slice(0, MOST_EVIDENCE)
}

function mediaKind(type: string | undefined): EvidenceKind {
  if (type === 'gifv' || type === 'video') return 'video'
  return type === 'image' || type === 'audio' ? type : 'other'
}

/** Keys under which Mastodon's admin entities carry addresses of people and machines. */
const ADDRESSES = /^(.*_)?(e?mail|ips?|ip_address|phone)$/i
const IN_TEXT =
  /[^\s@<>"',;:()]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+|\b(?:\d{1,3}\.){3}\d{1,3}\b|\b(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}\b/giu

/** A delivery without e-mail and IP addresses, which an Admin::Account carries: what is kept of one that cannot be read. */
export function withoutAddresses(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return value.replace(IN_TEXT, '[removed]')
  if (typeof value !== 'object' || value === null) return value
  if (depth > 24) return null
  if (Array.isArray(value)) return value.map((one) => withoutAddresses(one, depth + 1))
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !ADDRESSES.test(key))
      .map(([key, one]) => [key, withoutAddresses(one, depth + 1)]),
  )
}
