import { contextSchema } from '@firebreak/intake'
import { SURFACES } from '@firebreak/policy'
import { z } from 'zod'

const MOST_SUBJECTS = 1_000
const LONGEST_ID = 256
const LONGEST_TYPE = 32
const LONGEST_TEXT = 10_000
const id = z.string().min(1).max(LONGEST_ID)
const subject = z
  .strictObject({
    type: z.string().min(1).max(LONGEST_TYPE),
    id: id.optional(),
    text: z.string().max(LONGEST_TEXT).optional(),
    author: id.optional(),
    connected: z.boolean().optional(),
  })
  .refine((one) => one.id !== undefined || one.text !== undefined, { message: 'needs an id or a text' })
const viewer = z.union([
  id,
  z.strictObject({ type: z.literal('account').optional(), id, recent: z.array(id).max(200).optional() }),
])
const head = { surface: z.enum(SURFACES), viewer: viewer.optional(), context: contextSchema.optional() }
const headOnly = z.strictObject(head)

/** The body of `POST /v1/verdicts`: what the OpenAPI document shows, and whose refusals callers read. */
export const questionSchema = z.strictObject({ ...head, subjects: z.array(subject).min(1).max(MOST_SUBJECTS) })
export type VerdictQuestion = z.infer<typeof questionSchema>

/**
 * The question when it is plainly right, else null: then the schema decides, and says what is wrong. Accepts nothing that
 * the schema refuses. A list of candidates is the hottest input of all; the schema library copies and checks each of them
 * at some 200 ns, here each is looked at in place. For values out of JSON.
 */
export function plainQuestion(body: unknown): VerdictQuestion | null {
  if (!isObject(body) || !areSubjects(body.subjects)) return null
  const { subjects, ...rest } = body
  const read = headOnly.safeParse(rest)
  return read.success ? { ...read.data, subjects } : null
}

type Subjects = VerdictQuestion['subjects']

function areSubjects(value: unknown): value is Subjects {
  if (!Array.isArray(value) || value.length === 0 || value.length > MOST_SUBJECTS) return false
  for (let i = 0; i < value.length; i++) if (!isSubject(value[i])) return false
  return true
}

function isSubject(value: unknown): boolean {
  if (!isObject(value)) return false
  for (const name in value) {
    const field = value[name]
    switch (name) {
      case 'type':
        if (!isText(field, 1, LONGEST_TYPE)) return false
        break
      case 'id':
      case 'author':
        if (!isText(field, 1, LONGEST_ID)) return false
        break
      case 'text':
        if (!isText(field, 0, LONGEST_TEXT)) return false
        break
      case 'connected':
        if (typeof field !== 'boolean') return false
        break
      default:
        return false
    }
  }
  return value.type !== undefined && (value.id !== undefined || value.text !== undefined)
}

function isText(value: unknown, least: number, most: number): boolean {
  return typeof value === 'string' && value.length >= least && value.length <= most
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
