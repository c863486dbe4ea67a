import type { Clock } from '@firebreak/kernel'
import { Webhook } from 'standardwebhooks'
import type { Hand, Step, Told } from '../execution/step.ts'
import { answerOf, type Post } from './http.ts'

export interface WebhookHandOptions {
  readonly url: string
  /** `whsec_…`, base64 of 24 to 64 random bytes. */
  readonly secret: string
  readonly source: string
  readonly clock: Clock
  readonly post: Post
}

/**
 * Tells the platform by signed webhook (Standard Webhooks 1.0) with a CloudEvents 1.0 body. The step's id is the event's id: a
 * repeated delivery is the same event. 200 or 204 = done, 202 = will be done and confirmed with `enforcement.acknowledged`.
 */
export function webhookHand({ url, secret, source, clock, post }: WebhookHandOptions): Hand {
  const webhook = new Webhook(secret)
  return {
    name: 'webhook',
    live: true,
    async act(step, told) {
      const at = new Date(clock())
      const body = JSON.stringify(cloudEvent(step, told, source, at))
      const headers = {
        'content-type': 'application/cloudevents+json',
        'webhook-id': step.id,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': webhook.sign(step.id, at, body),
      }
      return answerOf(await post(url, headers, body))
    },
  }
}

function cloudEvent(step: Step, told: Told, source: string, at: Date) {
  return {
    specversion: '1.0',
    id: step.id,
    source,
    type: `org.firebreak.enforcement.${step.direction}.v1`,
    time: at.toISOString(),
    ...(step.account === '' ? {} : { subject: step.account }),
    datacontenttype: 'application/json',
    data: {
      step: step.id,
      account: step.account === '' ? null : step.account,
      action: step.action,
      ...(step.reverses === null ? {} : { reverses: step.reverses }),
      ...told,
    },
  }
}
