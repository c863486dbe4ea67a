import { FirebreakError } from '@firebreak/kernel'
import { z } from 'zod'

const list = (what: z.ZodType<string, string>) =>
  z
    .string()
    .default('')
    .transform((text) =>
      text
        .split(',')
        .map((one) => one.trim())
        .filter((one) => one !== ''),
    )
    .pipe(z.array(what))

const environment = z.object({
  FIREBREAK_SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  FIREBREAK_MAIL_FROM: z.string().min(3).optional(),
  FIREBREAK_PAGE_MAIL: list(z.email()),
  FIREBREAK_PRIVATE_HOSTS: list(z.string()),
  FIREBREAK_MEDIA_HOSTS: list(z.string()),
  FIREBREAK_ACTIONS_URL: z.url({ protocol: /^https?$/ }).optional(),
  FIREBREAK_ACTIONS_SECRET: z.string().startsWith('whsec_').optional(),
  FIREBREAK_APPEAL_ADDRESS: z.url({ protocol: /^https?$/ }).optional(),
})

/** What the environment sets for the operator's own store; the demo reaches nobody and has none of it. */
export interface Settings {
  readonly smtpUrl: string | undefined
  readonly mailFrom: string | undefined
  /** Addresses that are paged by mail beside the webhook. */
  readonly pagedByMail: readonly string[]
  /** Hosts (`host` or `host:port`) that webhooks, exchanges and classifiers may reach although they are not public. */
  readonly privateHosts: readonly string[]
  /** The same for media, whose addresses are chosen by whoever posts: only hosts that may be fetched from by anybody. */
  readonly mediaHosts: readonly string[]
  /** Where actions go, and what they are signed with. */
  readonly actions: { readonly url: string; readonly secret: string } | null
  /** Where affected people reach the appeal page from outside. */
  readonly appealAddress: string | null
}

/** Reads the environment; an empty variable counts as absent. Throws `usage/option` with the variable's name when one makes no sense. */
export function settingsFrom(env: NodeJS.ProcessEnv): Settings {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const read = environment.safeParse(given)
  if (!read.success) {
    const { path, message } = read.error.issues[0]!
    throw new FirebreakError('usage/option', [`${String(path[0])}: ${message}.`])
  }
  const { data } = read
  const { FIREBREAK_ACTIONS_URL: url, FIREBREAK_ACTIONS_SECRET: secret } = data
  if ((url === undefined) !== (secret === undefined))
    throw new FirebreakError('usage/option', ['FIREBREAK_ACTIONS_URL and FIREBREAK_ACTIONS_SECRET belong together.'])
  return {
    smtpUrl: data.FIREBREAK_SMTP_URL,
    mailFrom: data.FIREBREAK_MAIL_FROM,
    pagedByMail: data.FIREBREAK_PAGE_MAIL,
    privateHosts: data.FIREBREAK_PRIVATE_HOSTS,
    mediaHosts: data.FIREBREAK_MEDIA_HOSTS,
    actions: url !== undefined && secret !== undefined ? { url, secret } : null,
    appealAddress: data.FIREBREAK_APPEAL_ADDRESS ?? null,
  }
}

export const NO_SETTINGS: Settings = settingsFrom({})
