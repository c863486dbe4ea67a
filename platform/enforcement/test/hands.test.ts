import assert from 'node:assert/strict'
import test from 'node:test'
import { Webhook } from 'standardwebhooks'
import {
  type Action,
  atprotoHand,
  type HttpAnswer,
  mastodonHand,
  type Post,
  type Step,
  webhookHand,
} from '../src/index.ts'

const NOW = Date.now()
const secret = `whsec_${Buffer.alloc(24, 3).toString('base64')}`
const told = { statement: 'Our decision: disabled.', appealUrl: 'https://safety.example/appeal?token=t' }

function step(action: Action, given: Partial<Step> = {}): Step {
  return {
    id: 'plan-1.0',
    planId: 'plan-1',
    batch: 'plan-1',
    account: '109',
    direction: 'act',
    reverses: null,
    action,
    dueAt: NOW,
    state: 'waiting',
    attempts: 0,
    nextAt: NOW,
    answer: null,
    ...given,
  }
}

interface Seen {
  url: string
  headers: Readonly<Record<string, string>>
  body: string
}

interface Emitted {
  subject: unknown
  event: { $type: string; durationInHours?: number }
}

/** A platform that records what it is asked and gives one answer. */
function platform(answer: HttpAnswer = { status: 200, body: '{}' }): { seen: Seen[]; post: Post } {
  const seen: Seen[] = []
  const post: Post = async (url, headers, body) => {
    seen.push({ url, headers, body })
    return answer
  }
  return { seen, post }
}

const signed = (post: Post) =>
  webhookHand({ url: 'https://platform.example/actions', secret, source: '/firebreak', clock: () => NOW, post })

test('an action webhook carries a signature that the platform’s library accepts, and a repeat is the same event', async () => {
  const { seen, post } = platform()
  const hand = signed(post)
  await hand.act(step({ kind: 'disable' }), told)
  await hand.act(step({ kind: 'disable' }), told)
  const [first, second] = seen as [Seen, Seen]
  const event = new Webhook(secret).verify(first.body, first.headers as never) as Record<string, unknown>
  assert.equal(event.specversion, '1.0')
  assert.equal(event.id, 'plan-1.0')
  assert.equal(first.headers['webhook-id'], second.headers['webhook-id'])
  assert.deepEqual((event.data as Record<string, unknown>).action, { kind: 'disable' })
  assert.throws(() => new Webhook(secret).verify(first.body.replace('109', '110'), first.headers as never))
})

test('answers of the platform become outcomes: done, later, refused for good, or to be tried again', async () => {
  const cases = [
    [200, 'acknowledged'],
    [204, 'acknowledged'],
    [409, 'acknowledged'],
    [202, 'sent'],
    [404, 'refused'],
    [422, 'refused'],
    [429, 'failed'],
    [500, 'failed'],
    [503, 'failed'],
  ] as const
  for (const [status, outcome] of cases)
    assert.equal(
      (await signed(platform({ status, body: 'x' }).post).act(step({ kind: 'disable' }), told)).outcome,
      outcome,
    )
})

test('Mastodon is asked through its admin API, forwards and back', async () => {
  const { seen, post } = platform()
  const hand = mastodonHand({ server: 'https://social.example', token: 't', post })
  await hand.act(step({ kind: 'suspend', days: 7 }), told)
  await hand.act(step({ kind: 'suspend', days: 7 }, { direction: 'reverse', reverses: 'plan-1.0' }), told)
  await hand.act(step({ kind: 'limit-visibility', days: 30 }), told)
  assert.deepEqual(
    seen.map(({ url }) => url),
    [
      'https://social.example/api/v1/admin/accounts/109/action',
      'https://social.example/api/v1/admin/accounts/109/unsuspend',
      'https://social.example/api/v1/admin/accounts/109/action',
    ],
  )
  assert.deepEqual(JSON.parse(seen[0]!.body), { type: 'suspend', text: told.statement, send_email_notification: true })
  assert.equal(seen[0]!.headers.authorization, 'Bearer t')
  assert.equal(
    (await hand.act(step({ kind: 'remove-content', content: 'c', type: 'content' }), told)).outcome,
    'refused',
  )
})

test('an AT Protocol service gets moderation events on the account’s DID', async () => {
  const { seen, post } = platform()
  const hand = atprotoHand({ service: 'https://ozone.example', token: 't', createdBy: 'did:plc:mod', post })
  const account = 'did:plc:someone'
  await hand.act(step({ kind: 'suspend', days: 2 }, { account }), told)
  await hand.act(step({ kind: 'disable' }, { account, direction: 'reverse', reverses: 'x' }), told)
  const [takedown, back] = seen.map(({ body }) => JSON.parse(body)) as [Emitted, Emitted]
  assert.deepEqual(takedown.subject, { $type: 'com.atproto.admin.defs#repoRef', did: account })
  assert.equal(takedown.event.durationInHours, 48)
  assert.equal(back.event.$type, 'tools.ozone.moderation.defs#modEventReverseTakedown')
  assert.equal(seen[0]!.url, 'https://ozone.example/xrpc/tools.ozone.moderation.emitEvent')
})
