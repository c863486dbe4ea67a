import { z } from 'zod'
import type { CategoryName } from '../categories.ts'
import { MOST_TEXT } from '../schema.ts'
import { type Adapted, clean, foreignId } from './adapted.ts'
import { firstIssue } from './coop.ts'

/** Input of com.atproto.moderation.createReport. */
const createReport = z.looseObject({
  reasonType: z.string().max(256),
  reason: z.string().max(20_000).optional(),
  subject: z.discriminatedUnion('$type', [
    z.looseObject({
      $type: z.literal('com.atproto.admin.defs#repoRef'),
      did: z.string().regex(/^did:[a-z]+:[\w.:%-]+$/),
    }),
    z.looseObject({
      $type: z.literal('com.atproto.repo.strongRef'),
      uri: z.string().regex(/^at:\/\/did:[a-z]+:[\w.:%-]+\/[\w./:~-]+$/),
      cid: z.string().max(256),
    }),
  ]),
})

/** The part after `#` of com.atproto.moderation.defs and tools.ozone.report.defs reasons; first match wins. */
const REASONS: readonly (readonly [RegExp, CategoryName])[] = [
  [/^reasonChildSafetyGroom/, 'child-contact'],
  [/^reasonChildSafety/, 'child-safety'],
  [/^reasonSexualNCII/, 'intimate-image'],
  [/^reasonSelfHarm/, 'self-harm'],
  [/^reasonViolence/, 'violence'],
  [/^reason(Harassment|Rude)/, 'harassment'],
  [/^reason(MisleadingScam|MisleadingElections|Misleading$)/, 'fraud'],
  [/^reasonMisleadingImpersonation/, 'impersonation'],
  [/^reason(MisleadingSpam|Spam)/, 'spam'],
  [/^reasonRuleBanEvasion/, 'ban-evasion'],
  [/^reasonViolation/, 'illegal-content'],
]

/** Reads a createReport call. `reportedBy`: the caller's DID, kept as any reporter is: as a keyed hash. */
export function fromAtproto(body: unknown, source: string, reportedBy: string | null): Adapted {
  const parsed = createReport.safeParse(body)
  if (!parsed.success) return { kind: 'unreadable', why: firstIssue(parsed.error) }
  const { reasonType, reason, subject } = parsed.data
  const text = clean(reason ?? '', MOST_TEXT)
  const name = reasonType.slice(reasonType.indexOf('#') + 1)
  const about =
    subject.$type === 'com.atproto.repo.strongRef'
      ? { subject: { type: 'content', id: subject.uri }, author: subject.uri.split('/')[2]! }
      : { subject: { type: 'account', id: subject.did } }
  const reporter = foreignId(reportedBy)
  if (foreignId(about.subject.id) === null) return { kind: 'unreadable', why: 'subject: cannot be an id' }
  return {
    kind: 'report',
    report: {
      ...about,
      category: REASONS.find(([pattern]) => pattern.test(name))?.[1] ?? 'other',
      ...(text === '' ? {} : { text }),
      ...(subject.$type === 'com.atproto.repo.strongRef'
        ? { evidence: [{ kind: 'text' as const, reference: subject.uri }] }
        : {}),
      reporter: { class: 'user', ...(reporter === null ? {} : { id: reporter }) },
      source,
    },
  }
}
