import type { Ledger, Principal } from '@firebreak/ledger'
import { z } from 'zod'
import { ENTRY_ACTIONS } from './entry.ts'
import { INTERSTITIAL_KINDS } from './interstitial-texts.ts'

const kinds = z.array(z.enum(INTERSTITIAL_KINDS))

/** What an operator sets beside the entries. */
export const lexiconSettingsSchema = z.strictObject({
  /** Own words of help and recovery, beside the bundled ones. */
  protectedTerms: z.array(z.string().min(2).max(100)).max(2_000).default([]),
  /** What links do by their kind alone. */
  links: z
    .strictObject({
      shortener: z.enum(ENTRY_ACTIONS).default('caution'),
      invite: z.enum(ENTRY_ACTIONS).default('review'),
      payment: z.enum(ENTRY_ACTIONS).default('review'),
    })
    .prefault({}),
  interstitials: z
    .strictObject({
      seeAnyway: kinds.default([]),
      help: z.record(z.string().max(35), z.url({ protocol: /^https$/ })).default({}),
      variants: z.partialRecord(z.enum(INTERSTITIAL_KINDS), z.array(z.string().max(32))).default({}),
    })
    .prefault({}),
})
export type LexiconSettingsValue = z.output<typeof lexiconSettingsSchema>

const KIND = 'settings'
const ID = 'lexicon'

/** Settings in the ledger, so that every process and restart follows them. */
export class LexiconSettings {
  readonly #ledger: Ledger

  constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  async read(): Promise<LexiconSettingsValue & { version: number }> {
    const stored = await this.#ledger.documents.get<unknown>(KIND, ID)
    return { ...lexiconSettingsSchema.parse(stored?.body ?? {}), version: stored?.version ?? 0 }
  }

  /** Sets the given parts, keeps the others. */
  async write(changes: Partial<LexiconSettingsValue>, by: Principal): Promise<LexiconSettingsValue> {
    const { version: _version, ...before } = await this.read()
    const value = lexiconSettingsSchema.parse({ ...before, ...changes })
    await this.#ledger.documents.put(KIND, ID, value, by)
    return value
  }
}
