import { CATEGORY_NAMES, type CategoryName } from '@firebreak/intake'
import type { Ledger, Principal } from '@firebreak/ledger'
import { z } from 'zod'

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

/** The settings of the doors, read once and kept in step with what is written here. */
export class Doors {
  readonly #ledger: Ledger
  #settings: DoorSettings = doorSettingsSchema.parse({})
  #hooks: readonly MastodonHook[] = []

  private constructor(ledger: Ledger) {
    this.#ledger = ledger
  }

  static async open(ledger: Ledger): Promise<Doors> {
    const doors = new Doors(ledger)
    const [settings, hooks] = await Promise.all([
      ledger.documents.get<DoorSettings>('doors', 'settings'),
      ledger.documents.get<{ hooks: MastodonHook[] }>('doors', 'mastodon'),
    ])
    if (settings !== null) doors.#settings = settings.body
    if (hooks !== null) doors.#hooks = hooks.body.hooks
    return doors
  }

  get settings(): DoorSettings {
    return this.#settings
  }

  get hooks(): readonly MastodonHook[] {
    return this.#hooks
  }

  async setSettings(settings: DoorSettings, by: Principal): Promise<void> {
    await this.#ledger.documents.put('doors', 'settings', settings, by)
    this.#settings = settings
  }

  async setHooks(hooks: readonly MastodonHook[], by: Principal): Promise<void> {
    await this.#ledger.documents.put('doors', 'mastodon', { hooks }, by)
    this.#hooks = hooks
  }
}
