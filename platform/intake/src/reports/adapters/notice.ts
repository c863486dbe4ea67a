import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { CategoryName } from '../categories.ts'
import { MOST_TEXT } from '../schema.ts'
import type { ReportInput } from '../types.ts'
import { clean } from './adapted.ts'

/** What the public form offers, in the order shown. */
export const NOTICE_CATEGORIES = [
  'child-safety',
  'child-contact',
  'imminent-danger',
  'intimate-image',
  'illegal-content',
  'violence',
  'self-harm',
  'harassment',
  'fraud',
  'impersonation',
  'privacy',
  'other',
] as const satisfies readonly CategoryName[]

const text = (most: number) => z.string().trim().max(most)

/**
 * A notice as DSA article 16(2) wants it: where exactly, why, good faith; name and e-mail unless it concerns offences against
 * children (2)(c). A notice about an intimate image also carries what the US TAKE IT DOWN Act asks of a valid request: a signature,
 * a statement of good faith, a way to reach the person.
 */
export const noticeSchema = z
  .strictObject({
    location: z
      .string()
      .trim()
      .max(2_000)
      .refine((given) => /^https?:\/\//i.test(given) && URL.canParse(given), 'is a full web address'),
    category: z.enum(NOTICE_CATEGORIES),
    reason: text(MOST_TEXT).refine((given) => given.length >= 10, 'says in at least ten characters why'),
    name: text(200).default(''),
    email: z.union([z.literal(''), z.email().max(254)]).default(''),
    goodFaith: z.literal('yes', { error: 'must be confirmed' }),
    depicted: z.enum(['', 'me', 'represented']).default(''),
    signature: text(200).default(''),
    language: z.string().max(16).default('en'),
  })
  .superRefine((notice, context) => {
    const issue = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
    if (notice.category !== 'intimate-image') return
    if (notice.depicted === '') issue('depicted', 'says whether you or somebody you represent is shown')
    if (notice.signature === '') issue('signature', 'is your full name, as a signature')
    if (notice.email === '') issue('email', 'is needed for this kind of request')
  })
/** A checked notice. */
export type Notice = z.infer<typeof noticeSchema>

const MOST_ID = 256

/** A checked notice as a report. Long addresses get a short name; the whole address is in the sealed statement. */
export function fromNotice(notice: Notice, source: string): ReportInput {
  const { href } = new URL(notice.location)
  const id = href.length <= MOST_ID ? href : `sha256:${createHash('sha256').update(href).digest('hex')}`
  return {
    subject: { type: 'url', id: clean(id, MOST_ID) },
    category: notice.category,
    text: clean(notice.reason, MOST_TEXT),
    language: /^[a-z]{2}$/.test(notice.language) ? notice.language : 'en',
    evidence: [{ kind: 'other', reference: href }],
    reporter: { class: 'user', ...(notice.email === '' ? {} : { id: notice.email.toLowerCase() }) },
    ...(notice.email === '' ? {} : { contact: addressOf(notice) }),
    source,
    statement: {
      location: href,
      goodFaith: true,
      // The name is the law's requirement, not evidence: only that one was given is kept with the report.
      named: notice.name !== '',
      ...(notice.depicted === '' ? {} : { depicted: notice.depicted }),
      ...(notice.category === 'intimate-image' ? { signed: notice.signature !== '' } : {}),
    },
  }
}

/** Name (or signature) and address in one, sealed apart from the report. */
function addressOf({ name, signature, email }: Notice): string {
  const called = clean(signature || name, 200)
    .replaceAll(/["\\<>\r\n]/g, ' ')
    .trim()
  return called === '' ? email : `"${called}" <${email}>`
}
