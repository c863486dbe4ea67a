import type { GuardedClient } from '@firebreak/intake'
import type { Clock } from '@firebreak/kernel'
import type { PostWebhook } from '@firebreak/review'
import { Webhook } from 'standardwebhooks'

/** Posts webhooks signed as Standard Webhooks, through a client that reaches public addresses only. */
export function signedPost(client: GuardedClient, clock: Clock): PostWebhook {
  return async ({ url, secret, id, body }) => {
    const at = new Date(clock())
    const answer = await client.request(url, {
      method: 'POST',
      timeoutMs: 10_000,
      maxBytes: 65_536,
      headers: {
        'content-type': 'application/cloudevents+json',
        'webhook-id': id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Webhook(secret).sign(id, at, body),
      },
      body,
    })
    if (!answer.ok) return { ok: false, error: `${answer.code}: ${answer.detail}` }
    if (answer.status >= 200 && answer.status < 300) return { ok: true, status: answer.status }
    return { ok: false, status: answer.status, error: `answered ${answer.status}` }
  }
}
