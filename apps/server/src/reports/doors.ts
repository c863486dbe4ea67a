import { CATEGORY_NAMES, type CategoryName } from '@firebreak/intake'
import type { Ledger, Principal } from '@firebreak/ledger'
import { z } from 'zod'
import { Kept } from './kept.ts'

const category = z.enum(CATEGORY_NAMES as [CategoryName, ...CategoryName[]])

/** Doors that speak other systems' languages: each off until somebody opens it. The public form is open: the law asks for it. */
export const doorSettingsSchema = z.strictObject({
  coop: z
    .strictObject({
      on: z.boolean(),
      types: z.record(z.string().max(256), z.enum(['account', 'content', 'thread'])).default({}),
      policies: z.record(z.string().max(256), category).default({}),
    })
    .default({ on: false, types: {}, policies: {} }),
  atproto: z.strictObject({ on: z.boolean() }).default({ on: false }),
  notice: z.strictObject({ on: z.boolean() }).default({ on: true }),
})
export type DoorSettings = z.infer<typeof doorSettingsSchema>

export interface MastodonHook {
  readonly id: string
  readonly source: string
  readonly sealedSecret: string
  /** Rule ids of that server → categories. */
  readonly rules: Readonly<Record<string, CategoryName>>
}

/** The settings of the doors. */
export class Doors {
  readonly #settings: Kept<DoorSettings>
  readonly #hooks: Kept<{ readonly hooks: readonly MastodonHook[] }>

  private constructor(settings: Kept<DoorSettings>, hooks: Kept<{ readonly hooks: readonly MastodonHook[] }>) {
    this.#settings = settings
    this.#hooks = hooks
  }

  static async open(ledger: Ledger): Promise<Doors> {
    const [settings, hooks] = await Promise.all([
      Kept.open(ledger, 'doors', 'settings', doorSettingsSchema.parse({})),
      Kept.open<{ readonly hooks: readonly MastodonHook[] }>(ledger, 'doors', 'mastodon', { hooks: [] }),
    ])
    return new Doors(settings, hooks)
  }

  get settings(): DoorSettings {
    return this.#settings.value
  }

  get hooks(): readonly MastodonHook[] {
    return this.#hooks.value.hooks
  }

  setSettings(settings: DoorSettings, by: Principal): Promise<void> {
    return this.#settings.write(settings, by)
  }

  setHooks(hooks: readonly MastodonHook[], by: Principal): Promise<void> {
    return this.#hooks.write({ hooks }, by)
  }
}
