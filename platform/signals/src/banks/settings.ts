import { FirebreakError } from '@firebreak/kernel'
import { z } from 'zod'

/** Distance at which two PDQ hashes count as one picture (the reference implementation's threshold). */
export const PDQ_DISTANCE = 31
/** Frames and pictures below this PDQ quality are too flat to be told apart; they are never matched by distance. */
export const PDQ_QUALITY = 50

/** What an operator sets about a bank. */
export const bankSettingsSchema = z.strictObject({
  /** Largest PDQ distance that is a match (0 to 31). */
  distance: z.int().min(0).max(PDQ_DISTANCE).default(PDQ_DISTANCE),
  /** Share of queries that this bank takes part in, for a gradual start (0 to 1). */
  enabledRatio: z.number().min(0).max(1).default(1),
  /** The operator answers for it: an exact match may act on content at once. */
  adopted: z.boolean().default(false),
  /** Known to be fine: a match vetoes what other banks say. */
  negative: z.boolean().default(false),
  /** An equal PDQ hash counts as exact, besides equal digests. For sources that share no digests. */
  exactPdq: z.boolean().default(false),
  /** Contents that one entry may match within an hour before it is quarantined. */
  floodLimit: z.int().min(1).max(1_000_000).default(100),
  /** ISO time after which the whole bank no longer matches. */
  expiresAt: z.iso.datetime({ offset: true }).nullable().default(null),
  /** Under which category of report its matches go to people. */
  category: z
    .string()
    .regex(/^[a-z][a-z-]{1,31}$/)
    .default('illegal-content'),
  notes: z.string().max(255).default(''),
})
/** Everything set about a bank. */
export type BankSettings = z.infer<typeof bankSettingsSchema>

/** The settings with some changed. Throws `input/invalid` for a value that cannot be. */
export function bankSettings(changes: unknown, base: Partial<BankSettings> = {}): BankSettings {
  const parsed = bankSettingsSchema.safeParse({ ...base, ...(changes as object) })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new FirebreakError('input/invalid', [`bank setting ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`])
}

/** Bank names as HMA's clients know them: upper-case letters, digits and underscores. */
const NAME = /^[A-Z0-9_]{1,64}$/

/** Throws `input/invalid` for a name that could not stand in an address. */
export function checkBankName(name: string): string {
  if (!NAME.test(name))
    throw new FirebreakError('input/invalid', ['a bank name has 1 to 64 letters A-Z, digits and underscores'])
  return name
}
