import { randomBytes } from 'node:crypto'
import { GuardedClient } from '@firebreak/intake'
import { type Clock, FirebreakError, MINUTE } from '@firebreak/kernel'
import type { Ledger, Principal } from '@firebreak/ledger'
import type { HoldAnswer } from '@firebreak/review'
import { Webhook } from 'standardwebhooks'
import { z } from 'zod'
import { Kept } from './kept.ts'

/** Where the platform answers for its evidence. */
export interface EvidencePortSettings {
  readonly url: string
  readonly sealedSecret: string
}

interface Ticket {
  readonly url: string
  readonly reviewer: string
  readonly until: number
}

export interface ShownItem {
  readonly type: string
  readonly bytes: Uint8Array
}

const MOST_LINES = 40
const contextAnswer = z.object({
  items: z
    .array(
      z.object({
        at: z.string().max(40),
        side: z.enum(['reported', 'other']),
        text: z.string().max(10_000),
        /** The reported item itself. */
        self: z.boolean().default(false),
      }),
    )
    .max(200),
})
export type ContextLine = z.infer<typeof contextAnswer>['items'][number]

/** How long a view can be fetched, and the largest item that passes through. */
const TICKET_LIFE = MINUTE
const MOST_BYTES = 64 * 1_048_576
const SHOWABLE = /^(image\/(jpeg|png|webp|gif|avif)|video\/(mp4|webm)|audio\/(mpeg|ogg|wav|mp4)|text\/plain)$/

/**
 * The platform's evidence, by reference: a signed question for a short-lived address, fetched through this process and handed on without
 * being kept anywhere. The platform's answers: `POST {url}/reveal` → {url}; `POST {url}/hold` → {status: held | gone | refused};
 * `POST {url}/context` → {items: [{at, side: reported | other, text, self?}]} (thread before and after).
 */
export class EvidencePort {
  readonly #unseal: (sealed: string) => string
  readonly #clock: Clock
  readonly #tickets = new Map<string, Ticket>()
  readonly #settings: Kept<{ readonly port: EvidencePortSettings | null }>
  #client = new GuardedClient()
  #clientFor = ''

  private constructor(
    settings: Kept<{ readonly port: EvidencePortSettings | null }>,
    unseal: (sealed: string) => string,
    clock: Clock,
  ) {
    this.#settings = settings
    this.#unseal = unseal
    this.#clock = clock
  }

  static async open(ledger: Ledger, unseal: (sealed: string) => string, clock: Clock): Promise<EvidencePort> {
    const settings = await Kept.open<{ readonly port: EvidencePortSettings | null }>(
      ledger,
      'evidence-port',
      'settings',
      {
        port: null,
      },
    )
    return new EvidencePort(settings, unseal, clock)
  }

  get configured(): boolean {
    return this.#settings.value.port !== null
  }

  configure(port: EvidencePortSettings, by: Principal): Promise<void> {
    return this.#settings.write({ port }, by)
  }

  /** The operator chose this host: it may be a private one. */
  #clientOf({ url }: EvidencePortSettings): GuardedClient {
    const { host } = new URL(url)
    if (host === this.#clientFor) return this.#client
    void this.#client.close()
    this.#clientFor = host
    this.#client = new GuardedClient({ allow: [host] })
    return this.#client
  }

  async askHold(reference: string, report: string): Promise<HoldAnswer> {
    const answer = await this.#ask('hold', { reference, report })
    if (answer.status === 404 || answer.status === 410) return 'gone'
    if (answer.status === 403) return 'refused'
    const said = (answer.body as { status?: unknown } | null)?.status
    if (said === 'held' || said === 'gone' || said === 'refused') return said
    throw new FirebreakError('review/evidence', [`the platform answered ${answer.status} to a hold request`])
  }

  /** A ticket for one look within a minute by this person alone. */
  async ticket(reference: string, reviewer: string): Promise<string> {
    const answer = await this.#ask('reveal', { reference })
    if (answer.status === 404 || answer.status === 410)
      throw new FirebreakError('review/evidence', ['the platform no longer has it'])
    if (answer.status === 403) throw new FirebreakError('review/evidence', ['the platform refuses to show it'])
    const { url } = (answer.body ?? {}) as { url?: unknown }
    if (typeof url !== 'string') throw new FirebreakError('review/evidence', [`the platform answered ${answer.status}`])
    const now = this.#clock()
    for (const [key, { until }] of this.#tickets) if (until < now) this.#tickets.delete(key)
    const token = randomBytes(24).toString('base64url')
    this.#tickets.set(token, { url, reviewer, until: now + TICKET_LIFE })
    return token
  }

  /** Uses a ticket up: the item's bytes straight from the platform. */
  async show(token: string, reviewer: string): Promise<ShownItem> {
    const ticket = this.#tickets.get(token)
    if (ticket === undefined || ticket.reviewer !== reviewer || ticket.until < this.#clock())
      throw new FirebreakError('review/evidence', ['this view was used already, has lapsed, or is somebody else’s'])
    this.#tickets.delete(token)
    const answer = await this.#client.request(ticket.url, { maxBytes: MOST_BYTES, timeoutMs: 30_000 })
    if (!answer.ok) throw new FirebreakError('review/evidence', [`the platform cannot be reached (${answer.code})`])
    if (answer.status !== 200) throw new FirebreakError('review/evidence', [`the platform answered ${answer.status}`])
    const type = (answer.headers['content-type'] ?? '').split(';')[0]!.trim().toLowerCase()
    return { type: SHOWABLE.test(type) ? type : 'application/octet-stream', bytes: answer.bytes }
  }

  /** What was said before and after, as the platform gives it: texts and whether they are the reported side's, no names. */
  async context(reference: string): Promise<ContextLine[]> {
    const { status, body } = await this.#ask('context', { reference, before: MOST_LINES / 2, after: MOST_LINES / 2 })
    const parsed = contextAnswer.safeParse(body)
    if (!parsed.success)
      throw new FirebreakError('review/evidence', [`the platform answered ${status} without a thread`])
    return parsed.data.items.slice(0, MOST_LINES)
  }

  async close(): Promise<void> {
    await this.#client.close()
  }

  async #ask(what: 'hold' | 'reveal' | 'context', data: object): Promise<{ status: number; body: unknown }> {
    const { port } = this.#settings.value
    if (port === null) throw new FirebreakError('review/evidence', ['no platform is set to answer for it'])
    const { url, sealedSecret } = port
    const body = JSON.stringify(data)
    const id = `evidence-${randomBytes(9).toString('base64url')}`
    const at = new Date(this.#clock())
    const answer = await this.#clientOf(port).request(`${url.replace(/\/$/, '')}/${what}`, {
      method: 'POST',
      body,
      timeoutMs: 10_000,
      headers: {
        'content-type': 'application/json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Webhook(this.#unseal(sealedSecret)).sign(id, at, body),
      },
    })
    if (!answer.ok) throw new FirebreakError('review/evidence', [`the platform cannot be reached (${answer.code})`])
    return { status: answer.status, body: jsonOf(answer.bytes) }
  }
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8')) as unknown
  } catch {
    return null
  }
}
