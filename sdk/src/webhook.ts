import { createHmac, timingSafeEqual } from 'node:crypto'

/** What Firebreak asks a platform to do, or to take back. */
export interface EnforcementEvent {
  readonly id: string
  readonly type: 'org.firebreak.enforcement.act.v1' | 'org.firebreak.enforcement.reverse.v1'
  readonly data: {
    readonly step: string
    readonly account: string
    /** What to do: `kind` and, for some kinds, more. */
    readonly action: { readonly kind: string } & Readonly<Record<string, unknown>>
    readonly reverses?: string
    readonly statement?: unknown
    readonly appealUrl?: string
  }
}

/** Why a delivery was not accepted; `status` is what to answer. */
export class WebhookRefused extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.name = 'WebhookRefused'
    this.status = status
  }
}

const TOLERANCE_S = 300
const TYPES: readonly string[] = ['org.firebreak.enforcement.act.v1', 'org.firebreak.enforcement.reverse.v1']
const LEAST_KEY = 24

/** An empty or short secret would let anybody sign: that is a mistake of the platform's own, and thrown as one. */
function keyOf(secret: string): Buffer {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  if (key.length < LEAST_KEY) throw new TypeError(`a webhook secret has ${LEAST_KEY} bytes or more; is it set?`)
  return key
}

/**
 * Checks a delivery (Standard Webhooks 1.0: HMAC-SHA256 over `id.timestamp.body`, five minutes of tolerance) and reads its
 * CloudEvents 1.0 body. `secrets`: the current one and, while it is changed, the one before (`whsec_…`). Throws `WebhookRefused`, or `TypeError` for a
 * secret too short to be one.
 */
export function readWebhook(
  headers: Readonly<Record<string, string | string[] | undefined>>,
  body: string,
  secrets: readonly string[],
  now: number = Date.now(),
): EnforcementEvent {
  const [id, timestamp, signatures] = ['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) =>
    String(headers[name] ?? ''),
  )
  if (!id || !/^\d{1,12}$/.test(timestamp!)) throw new WebhookRefused(400, 'webhook headers are missing')
  if (Math.abs(now / 1000 - Number(timestamp)) > TOLERANCE_S)
    throw new WebhookRefused(400, 'the delivery is too old or from the future')
  const signed = `${id}.${timestamp}.${body}`
  const given = signatures!
    .split(' ')
    .flatMap((one) => (one.startsWith('v1,') ? [Buffer.from(one.slice(3), 'base64')] : []))
  const right = secrets.some((secret) => {
    const mac = createHmac('sha256', keyOf(secret)).update(signed).digest()
    return given.some((one) => one.length === mac.length && timingSafeEqual(one, mac))
  })
  if (!right) throw new WebhookRefused(401, 'the signature is not right')
  const event = JSON.parse(body) as EnforcementEvent & { specversion?: string }
  if (event.specversion !== '1.0' || !TYPES.includes(event.type) || typeof event.data?.step !== 'string')
    throw new WebhookRefused(400, 'not an event of Firebreak')
  return event
}

/** The event by which a platform confirms a step that it answered with 202: deliver it with `client.events`. */
export function acknowledged(event: EnforcementEvent, at: string): object {
  return {
    id: `ack-${event.id}`,
    type: 'enforcement.acknowledged',
    at,
    actor: { type: 'system', id: 'platform' },
    subject: { type: 'account', id: event.data.account },
    object: { type: 'step', id: event.data.step },
  }
}

/**
 * A receiver in one function: checks, hands the event over once (a repeated delivery has the same id, and waits for one under way) and says what to
 * answer: 204 when `act` did it, 202 when it returned 'later'; 500 makes Firebreak try again.
 */
export function receiver(secrets: readonly string[], act: (event: EnforcementEvent) => Promise<'done' | 'later'>) {
  for (const secret of secrets) keyOf(secret)
  const done = new Map<string, number>()
  const underWay = new Map<string, Promise<number>>()
  return async (headers: Readonly<Record<string, string | string[] | undefined>>, body: string): Promise<number> => {
    let event: EnforcementEvent
    try {
      event = readWebhook(headers, body, secrets)
    } catch (error) {
      return error instanceof WebhookRefused ? error.status : 400
    }
    const known = done.get(event.id) ?? underWay.get(event.id)
    if (known !== undefined) return known
    const answer = statusOf(act, event)
    underWay.set(event.id, answer)
    const status = await answer
    underWay.delete(event.id)
    if (status === 500) return status
    done.set(event.id, status)
    if (done.size > 10_000) done.delete(done.keys().next().value!)
    return status
  }
}

async function statusOf(act: (event: EnforcementEvent) => Promise<'done' | 'later'>, event: EnforcementEvent) {
  try {
    return (await act(event)) === 'done' ? 204 : 202
  } catch {
    return 500
  }
}
