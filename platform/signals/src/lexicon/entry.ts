import { FirebreakError } from '@firebreak/kernel'
import { TEXT_ACTIONS } from '@firebreak/policy'
import { z } from 'zod'

/** What an entry is matched as. `expression` is a regular expression on a linear-time engine; `shortener` a host that hides where links lead. */
export const ENTRY_KINDS = ['term', 'hashtag', 'url', 'expression', 'shortener'] as const
/** One of `ENTRY_KINDS`. */
export type EntryKind = (typeof ENTRY_KINDS)[number]

/** How far a version has come. Only `live` decides; `shadow` is matched and counted; `expired` is out of force. */
export const ENTRY_STATES = ['draft', 'test', 'review', 'shadow', 'live', 'expired'] as const
/** One of `ENTRY_STATES`. */
export type EntryState = (typeof ENTRY_STATES)[number]

/** What an entry asks for where it is found. `review` only marks. */
export const ENTRY_ACTIONS = ['review', ...TEXT_ACTIONS] as const
/** One of `ENTRY_ACTIONS`. */
export type EntryAction = (typeof ENTRY_ACTIONS)[number]

const word = z.string().min(1).max(200)

/** Options of an entry; each narrows where or how it matches (see `TermEntry` of @firebreak/text). */
export const optionsSchema = z.strictObject({
  action: z.enum(ENTRY_ACTIONS).default('drop'),
  boundary: z.enum(['word', 'none']).optional(),
  allow: z.array(word).max(100).optional(),
  scripts: z.array(z.string().max(32)).max(20).optional(),
  fuzzy: z.boolean().optional(),
  reversed: z.boolean().optional(),
  hashtagAffix: z.boolean().optional(),
  surfaces: z.array(z.string().max(32)).max(20).optional(),
})

/** An entry as an operator writes it. */
export const entrySchema = z.strictObject({
  kind: z.enum(ENTRY_KINDS).default('term'),
  text: z.string().min(1).max(2_000),
  list: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'lower-case letters, digits and hyphens')
    .default('main'),
  options: optionsSchema.prefault({}),
  /** When it goes out of force by itself. */
  expiresAt: z.iso.datetime({ offset: true }).optional(),
})

export type EntryOptions = z.output<typeof optionsSchema>
export type NewEntry = z.input<typeof entrySchema>
export type CheckedEntry = z.output<typeof entrySchema>

/** An entry from outside, checked; throws `input/invalid` with what is wrong. */
export function checkedEntry(entry: unknown): CheckedEntry {
  const read = entrySchema.safeParse(entry)
  if (read.success) return read.data
  throw new FirebreakError('input/invalid', [
    read.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; '),
  ])
}

/** What is sealed at rest. */
export interface EntryBody {
  readonly text: string
  readonly options: EntryOptions
}

/** An entry with one of its versions opened; stays inside this layer. */
export interface OpenEntry extends EntryBody {
  readonly id: string
  readonly list: string
  readonly kind: EntryKind
  readonly version: number
  readonly expiresAt: number
}

/** An entry as it may be shown: never its text. */
export interface EntryView {
  readonly id: string
  readonly list: string
  readonly kind: EntryKind
  /** First letter and length class, enough to recognise one's own entry: `p••••••••••`. */
  readonly masked: string
  readonly options: EntryOptions
  readonly owner: string
  readonly state: EntryState
  readonly version: number
  /** The version in force; null when none is. */
  readonly liveVersion: number | null
  readonly expiresAt: string | null
  readonly createdAt: string
  readonly findings: unknown
}

/** An entry's text for lists and logs: its first letter, and dots in steps of four so that the length tells little. */
export function masked(text: string): string {
  const letters = [...text]
  return (letters[0] ?? '') + '•'.repeat(Math.max(3, Math.ceil((letters.length - 1) / 4) * 4))
}
