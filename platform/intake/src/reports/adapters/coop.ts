import { z } from 'zod'
import { CATEGORY_NAMES, type CategoryName } from '../categories.ts'
import { MOST_EVIDENCE, MOST_TEXT } from '../schema.ts'
import type { EvidenceReference } from '../types.ts'
import { type Adapted, clean, foreignId } from './adapted.ts'

/** How an operator's Coop item types and policies are called here. What is not listed is guessed from its name. */
export interface CoopNames {
  readonly types?: Readonly<Record<string, 'account' | 'content' | 'thread'>>
  readonly policies?: Readonly<Record<string, CategoryName>>
}

const item = z.looseObject({
  id: z.string().min(1).max(256),
  typeId: z.string().max(256).optional(),
  type: z.looseObject({ id: z.string().max(256) }).optional(),
  data: z.record(z.string(), z.json()).optional(),
})

/** Body of Coop's `POST /api/v1/report` (roostorg/coop, ReportItemInput). */
export const coopReportSchema = z.looseObject({
  reporter: z.looseObject({
    kind: z.enum(['user', 'rule']),
    typeId: z.string().optional(),
    id: z.string().min(1).max(256),
  }),
  reportedAt: z.string().max(64),
  reportedForReason: z
    .looseObject({
      policyId: z.string().max(256).nullish(),
      reason: z.string().max(20_000).nullish(),
      csam: z.boolean().nullish(),
    })
    .nullish(),
  reportedItem: item,
  reportedItemThread: z.array(item).max(500).optional(),
  reportedItemsInThread: z
    .array(z.looseObject({ id: z.string(), typeId: z.string() }))
    .max(500)
    .optional(),
  additionalItems: z.array(item).max(500).optional(),
})

const MOST_DATA = 8_000

/** Reads a Coop report. The reported item's data stays with the report, sealed; further items become references. */
export function fromCoop(body: unknown, source: string, names: CoopNames = {}): Adapted {
  const parsed = coopReportSchema.safeParse(body)
  if (!parsed.success) return { kind: 'unreadable', why: firstIssue(parsed.error) }
  const { reporter, reportedForReason: why, reportedItem, reportedItemThread = [], additionalItems = [] } = parsed.data
  const id = foreignId(reportedItem.id)
  const reporterId = foreignId(reporter.id)
  if (id === null || reporterId === null) return { kind: 'unreadable', why: 'an id holds control characters' }
  const text = clean(why?.reason ?? '', MOST_TEXT)
  const evidence: EvidenceReference[] = [
    { kind: 'other' as const, reference: id },
    ...[...reportedItemThread, ...additionalItems].flatMap((one) => {
      const reference = foreignId(one.id)
      return reference === null ? [] : [{ kind: 'thread' as const, reference }]
    }),
  ].slice(0, MOST_EVIDENCE)
  return {
    kind: 'report',
    report: {
      subject: { type: typeOf(reportedItem, names), id },
      category: categoryFor(why?.policyId ?? undefined, why?.csam === true, names),
      ...(text === '' ? {} : { text }),
      evidence,
      reporter: { class: reporter.kind === 'rule' ? 'automated' : 'user', id: reporterId },
      source,
      ...(reportedItem.data === undefined
        ? {}
        : { statement: { item: clean(JSON.stringify(reportedItem.data), MOST_DATA) } }),
    },
  }
}

function typeOf(given: z.infer<typeof item>, names: CoopNames): 'account' | 'content' | 'thread' {
  const type = given.typeId ?? given.type?.id ?? ''
  const named = names.types?.[type]
  if (named !== undefined) return named
  if (/user|account|profile|member/i.test(type)) return 'account'
  return /thread|conversation|channel/i.test(type) ? 'thread' : 'content'
}

function categoryFor(policy: string | undefined, childSafety: boolean, names: CoopNames): CategoryName {
  if (childSafety) return 'child-safety'
  if (policy === undefined) return 'other'
  const named = names.policies?.[policy]
  if (named !== undefined) return named
  return (CATEGORY_NAMES as readonly string[]).includes(policy) ? (policy as CategoryName) : 'other'
}

/** The first thing that is wrong, in words. */
export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0]
  return `${issue?.path.map(String).join('.') || 'the body'}: ${issue?.message ?? 'is not valid'}`
}
