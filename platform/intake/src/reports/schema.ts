import { SUBJECT_TYPES } from '@firebreak/kernel'
import { z } from 'zod'
import { refSchema } from '../events/schema.ts'
import { CATEGORY_NAMES, type CategoryName } from './categories.ts'
import { EVIDENCE_KINDS, REPORTER_CLASSES, type ReportInput } from './types.ts'

/** Characters of a complaint that are read; the form says so. */
export const MOST_TEXT = 10_000
/** References to evidence in one report at most. */
export const MOST_EVIDENCE = 20

/** Text that can be stored and shown: well-formed, no NUL or other control characters but tabs and line breaks. */
const words = (most: number) =>
  z
    .string()
    .min(1)
    .max(most)
    .refine((text) => text.isWellFormed() && !/[^\P{Cc}\t\n\r]/u.test(text), 'must not hold control characters')

const line = (most: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(most)
    .regex(/^[^\p{Cc}\p{Cs}\u2028\u2029]+$/u, 'must not hold control characters')

/** A category by its name. */
export const categorySchema = z.enum(CATEGORY_NAMES as [CategoryName, ...CategoryName[]])
/** A language tag (BCP 47), as far as it matters for routing. */
export const languageSchema = z.string().regex(/^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$/, 'is a BCP 47 tag')

const evidence = z.strictObject({
  kind: z.enum(EVIDENCE_KINDS),
  reference: line(2_000),
  signal: z.strictObject({ type: z.string().regex(/^[a-z0-9-]{1,16}$/), value: line(256) }).optional(),
})

/** `POST /v1/reports`. */
export const reportSchema = z.strictObject({
  /** Only what can be judged: a report names no part of Firebreak itself. */
  subject: refSchema.extend({ type: z.enum(SUBJECT_TYPES) }),
  author: line(256).optional(),
  category: categorySchema,
  text: words(MOST_TEXT).optional(),
  language: languageSchema.optional(),
  jurisdiction: z.string().max(16).optional(),
  evidence: z.array(evidence).max(MOST_EVIDENCE).optional(),
  reporter: z
    .strictObject({
      class: z.enum(REPORTER_CLASSES).default('user'),
      id: line(256).optional(),
      cluster: line(128).optional(),
    })
    .default({ class: 'user' }),
  contact: z.email().max(254).optional(),
  reach: z.number().int().min(0).max(1e10).optional(),
})
/** A checked body of `POST /v1/reports`. */
export type ReportBody = z.infer<typeof reportSchema>

/** A checked body with the source that the caller stands for. */
export function reportFrom(body: ReportBody, source: string): ReportInput {
  const { author, text, language, jurisdiction, evidence: given, contact, reach, reporter, ...rest } = body
  return {
    ...rest,
    source,
    reporter: {
      class: reporter.class,
      ...(reporter.id === undefined ? {} : { id: reporter.id }),
      ...(reporter.cluster === undefined ? {} : { cluster: reporter.cluster }),
    },
    ...(author === undefined ? {} : { author }),
    ...(text === undefined ? {} : { text }),
    ...(language === undefined ? {} : { language: language.toLowerCase() }),
    ...(jurisdiction === undefined ? {} : { jurisdiction }),
    ...(contact === undefined ? {} : { contact }),
    ...(reach === undefined ? {} : { reach }),
    ...(given === undefined
      ? {}
      : {
          evidence: given.map(({ kind, reference, signal }) => ({
            kind,
            reference,
            ...(signal === undefined ? {} : { signal }),
          })),
        }),
  }
}
