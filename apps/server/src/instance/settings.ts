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
  FIREBREAK_ACTIONS_SECRET: z.string().optional(),
  FIREBREAK_ACTIONS_KIND: z.enum(['webhook', 'mastodon', 'atproto']).default('webhook'),
  FIREBREAK_ACTIONS_BY: z.string().startsWith('did:').optional(),
  FIREBREAK_APPEAL_ADDRESS: z.url({ protocol: /^https?$/ }).optional(),
  FIREBREAK_SAMPLE_EVERY: z.coerce.number().int().min(0).max(1_000_000_000).default(2_000),
})

/** Where actions go: a signed webhook, or an API of the platform's own with an access token. */
export type ActionsTarget =
  | { readonly kind: 'webhook' | 'mastodon'; readonly url: string; readonly secret: string }
  /** `by`: the DID of the account in whose name a moderation service is told. */
  | { readonly kind: 'atproto'; readonly url: string; readonly secret: string; readonly by: string }

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
  readonly actions: ActionsTarget | null
  /** Where affected people reach the appeal page from outside. */
  readonly appealAddress: string | null
  /** Of how many judged subjects one keeps the facts of its verdict, for backtests; 0: none does. */
  readonly sampleEvery: number
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
  return {
    smtpUrl: data.FIREBREAK_SMTP_URL,
    mailFrom: data.FIREBREAK_MAIL_FROM,
    pagedByMail: data.FIREBREAK_PAGE_MAIL,
    privateHosts: data.FIREBREAK_PRIVATE_HOSTS,
    mediaHosts: data.FIREBREAK_MEDIA_HOSTS,
    actions: actionsTarget(data),
    appealAddress: data.FIREBREAK_APPEAL_ADDRESS ?? null,
    sampleEvery: data.FIREBREAK_SAMPLE_EVERY,
  }
}

function actionsTarget(data: z.output<typeof environment>): ActionsTarget | null {
  const { FIREBREAK_ACTIONS_URL: address, FIREBREAK_ACTIONS_SECRET: secret, FIREBREAK_ACTIONS_BY: by } = data
  const kind = data.FIREBREAK_ACTIONS_KIND
  const refuse = (why: string): never => {
    throw new FirebreakError('usage/option', [why])
  }
  if (address === undefined || secret === undefined) {
    if (address !== secret) refuse('FIREBREAK_ACTIONS_URL and FIREBREAK_ACTIONS_SECRET belong together.')
    return null
  }
  const url = kind === 'webhook' ? address : address.replace(/\/+$/, '')
  if (kind === 'atproto')
    return { kind, url, secret, by: by ?? refuse('FIREBREAK_ACTIONS_BY names the DID that acts.') }
  if (kind === 'webhook' && !secret.startsWith('whsec_')) refuse('FIREBREAK_ACTIONS_SECRET: begins with whsec_.')
  return { kind, url, secret }
}

export const NO_SETTINGS: Settings = settingsFrom({})
