import { EVENT_TYPE_LIST, INTERNAL_EVENT_TYPES } from '@firebreak/ledger'
import { z } from 'zod'

/** Printable, without control characters or line breaks, so that an id can stand in a log line or CSV cell. */
const id = z
  .string()
  .min(1)
  .max(256)
  .regex(/^[^\p{Cc}\p{Cs}\u2028\u2029]+$/u, 'must not contain control characters')

export const refSchema = z.strictObject({ type: z.string().regex(/^[a-z][a-z0-9-]{0,31}$/), id })

export const contextSchema = z.strictObject({
  jurisdiction: z.string().max(16).optional(),
  locale: z.string().max(35).optional(),
  ageBand: z.string().max(16).optional(),
})

/** What a platform may send: all but what Firebreak writes itself. */
export const PLATFORM_EVENT_TYPES = EVENT_TYPE_LIST.filter((type) => !INTERNAL_EVENT_TYPES.includes(type))

/** One event as a platform sends it; `data` is checked further by its type. */
export const eventSchema = z.strictObject({
  id,
  v: z.literal(1).optional(),
  type: z.enum(PLATFORM_EVENT_TYPES),
  at: z.iso.datetime({ offset: true }),
  actor: refSchema,
  subject: refSchema,
  object: refSchema.optional(),
  surface: z.string().max(32).optional(),
  context: contextSchema.optional(),
  data: z.record(z.string().max(64), z.json()).optional(),
})
export type PlatformEvent = z.infer<typeof eventSchema>
