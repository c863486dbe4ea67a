import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import test from 'node:test'
import {
  acknowledged,
  Firebreak,
  guardAnswers,
  RequestRefused,
  readWebhook,
  receiver,
  ViewSampler,
} from '../src/index.ts'

type Answer = () => Response | Promise<Response>
const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status })

/** A server that gives these answers in turn, the last one for ever. */
function serverWith(...answers: Answer[]) {
  const bodies: unknown[] = []
  const ask = (async (_url: unknown, init: RequestInit) => {
    bodies.push(JSON.parse(String(init.body)))
    const answer = answers[Math.min(bodies.length, answers.length) - 1]!
    return Promise.race([
      answer(),
      new Promise<never>((_, reject) => init.signal?.addEventListener('abort', () => reject(new Error('aborted')))),
    ])
  }) as typeof fetch
  return { ask, bodies }
}
const verdicts =
  (...actions: string[]): Answer =>
  () =>
    json({
      policyVersion: 'p',
      snapshot: '1',
      verdicts: actions.map((action) => ({
        action,
        reason: 'none',
        ...(action === 'downrank' ? { factor: 0.2 } : {}),
      })),
    })
const client = (ask: typeof fetch, rest = {}) =>
  new Firebreak({ url: 'http://firebreak.test/', key: 'k', fetch: ask, ...rest })
const accounts = (...ids: string[]) => ids.map((id) => ({ type: 'account', id }))

test('candidates are filtered and moved back by their verdicts', async () => {
  const { ask, bodies } = serverWith(verdicts('downrank', 'drop', 'allow', 'hold', 'allow'))
  const { shown, withheld } = await client(ask).filter(
    { surface: 'search', viewer: 'v' },
    ['a', 'b', 'c', 'd', 'e'],
    (id) => ({ type: 'account', id }),
  )
  assert.deepEqual(shown, ['c', 'a', 'e'])
  assert.equal(withheld, 2)
  assert.deepEqual((bodies[0] as { subjects: unknown[] }).subjects[0], { type: 'account', id: 'a' })
})

test('when Firebreak is away, what amplifies shows nothing and doors open, marked', async () => {
  const failures: unknown[] = []
  const away = serverWith(() => Promise.reject(new Error('refused')))
  const one = client(away.ask, { onFailure: (failure: unknown) => failures.push(failure) })
  const feed = await one.verdicts({ surface: 'recommend_accounts', subjects: accounts('a', 'b') })
  assert.deepEqual(
    feed.verdicts.map(({ action }) => action),
    ['drop', 'drop'],
  )
  assert.ok(feed.local)
  const link = await one.verdicts({ surface: 'link_open', subjects: accounts('a') })
  assert.deepEqual(link.verdicts, [{ action: 'allow', reason: 'unchecked' }])
  assert.equal(failures.length, 2)
  assert.equal(away.bodies.length, 4, 'one retry each')
})

test('a slow answer is not waited for', async () => {
  const slow = serverWith(() => new Promise<Response>(() => {}))
  const { local } = await client(slow.ask, { timeout: 30 }).verdicts({ surface: 'search', subjects: accounts('a') })
  assert.ok(local)
})

test('after five failures in a row it is left alone for a while', async () => {
  const away = serverWith(() => json({}, 503))
  const one = client(away.ask, { retries: 0 })
  for (let i = 0; i < 9; i++) await one.verdicts({ surface: 'search', subjects: accounts('a') })
  assert.equal(away.bodies.length, 5)
})

test("a failure that passes is retried; the caller's own mistake is thrown at once, with its code", async () => {
  const shaky = serverWith(() => json({}, 503), verdicts('allow'))
  assert.equal((await client(shaky.ask).verdicts({ surface: 'search', subjects: accounts('a') })).local, false)
  const wrong = serverWith(() => json({ code: 'access/denied', detail: 'needs verdicts' }, 403))
  await assert.rejects(
    client(wrong.ask).verdicts({ surface: 'search', subjects: accounts('a') }),
    (error: unknown) => error instanceof RequestRefused && error.code === 'access/denied',
  )
  assert.equal(wrong.bodies.length, 1)
})

test('an answer with too few verdicts is no answer', async () => {
  const short = serverWith(verdicts('allow'))
  const { local } = await client(short.ask).verdicts({ surface: 'recommend_accounts', subjects: accounts('a', 'b') })
  assert.ok(local)
})

test('more than a thousand candidates are asked about in parts, in order', async () => {
  const { ask, bodies } = serverWith(verdicts(...Array(1_000).fill('allow')), verdicts(...Array(500).fill('drop')))
  const answer = await client(ask).verdicts({
    surface: 'search',
    subjects: accounts(...Array.from({ length: 1_500 }, (_, i) => `a${i}`)),
  })
  assert.equal(bodies.length, 2)
  assert.equal(answer.verdicts[999]!.action, 'allow')
  assert.equal(answer.verdicts[1_499]!.action, 'drop')
})

test('events are delivered again until they are taken', async () => {
  const { ask, bodies } = serverWith(
    () => json({}, 503),
    () => json({ results: [{ id: 'e', status: 'accepted' }] }),
  )
  assert.deepEqual(await client(ask).events([{ id: 'e' }]), [{ id: 'e', status: 'accepted' }])
  assert.equal(bodies.length, 2)
})

test('sampled views say with which weight they stand for the rest, and wait while Firebreak is away', async () => {
  let away = true
  const delivered: { data: { weight: number } }[] = []
  const sampler = new ViewSampler(
    {
      events: async (events) => {
        if (away) throw new Error('away')
        delivered.push(...(events as typeof delivered))
        return []
      },
    },
    {
      every: 4,
      random: (() => {
        let i = 0
        return () => (i++ % 4) / 4
      })(),
      newId: (() => {
        let i = 0
        return () => String(i++)
      })(),
    },
  )
  for (let i = 0; i < 40; i++)
    sampler.seen({ viewer: 'v', subject: { type: 'content', id: `c-${i}` }, at: '2026-06-01T12:00:00Z' })
  await assert.rejects(sampler.flush())
  away = false
  await sampler.close()
  assert.equal(delivered.length, 10)
  assert.ok(delivered.every(({ data }) => data.weight === 4))
})

test('a Fastify answer passes the guard before it is written out', async () => {
  type Hook = (
    request: { user: string },
    reply: { header(name: string, value: string): void },
    payload: unknown,
  ) => Promise<unknown>
  const hooks: Hook[] = []
  const { ask } = serverWith(verdicts('allow', 'drop'))
  guardAnswers<{ user: string }, { id: string }>({ addHook: (_name, hook) => hooks.push(hook as Hook) }, client(ask), {
    question: ({ user }) => ({ surface: 'recommend_accounts', viewer: user }),
    items: (payload) => (payload as { items?: { id: string }[] }).items ?? null,
    subject: ({ id }) => ({ type: 'account', id }),
    replace: (payload, items) => ({ ...(payload as object), items }),
  })
  const reply = { header: () => {} }
  assert.deepEqual(await hooks[0]!({ user: 'v' }, reply, { items: [{ id: 'a' }, { id: 'b' }], next: 2 }), {
    items: [{ id: 'a' }],
    next: 2,
  })
  assert.deepEqual(await hooks[0]!({ user: 'v' }, reply, { health: 'ok' }), { health: 'ok' })
})

const SECRET = `whsec_${Buffer.from('a secret of twenty-four b').toString('base64')}`
const OTHER = `whsec_${Buffer.from('another secret of 24 bytes or so').toString('base64')}`
function delivery(body: string, at: number, secret = SECRET) {
  const timestamp = String(Math.floor(at / 1000))
  const mac = createHmac('sha256', Buffer.from(secret.slice(6), 'base64'))
    .update(`step-1.${timestamp}.${body}`)
    .digest('base64')
  return { 'webhook-id': 'step-1', 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${mac}` }
}
const EVENT = JSON.stringify({
  specversion: '1.0',
  id: 'step-1',
  type: 'org.firebreak.enforcement.act.v1',
  data: { step: 'step-1', account: 'acct-1', action: { kind: 'restrict' } },
})

test('an action webhook is taken with a right signature, within five minutes, and while its secret is being changed', () => {
  const now = Date.now()
  assert.equal(readWebhook(delivery(EVENT, now), EVENT, [OTHER, SECRET], now).data.account, 'acct-1')
  assert.throws(() => readWebhook(delivery(EVENT, now), EVENT.replace('acct-1', 'acct-2'), [SECRET], now), {
    status: 401,
  })
  assert.throws(() => readWebhook(delivery(EVENT, now), EVENT, [OTHER], now), { status: 401 })
  assert.throws(() => readWebhook(delivery(EVENT, now - 400_000), EVENT, [SECRET], now), { status: 400 })
  assert.throws(() => readWebhook({}, EVENT, [SECRET], now), { status: 400 })
  const unknown = EVENT.replace('act.v1', 'act.v2')
  assert.throws(() => readWebhook(delivery(unknown, now), unknown, [SECRET], now), { status: 400 })
})

test('a secret that is not set lets nobody in: it is refused before anything is received', () => {
  const empty = delivery(EVENT, Date.now(), 'whsec_')
  for (const secret of ['', 'whsec_', 'whsec_c2hvcnQ=']) {
    assert.throws(() => readWebhook(empty, EVENT, [secret]), TypeError)
    assert.throws(() => receiver([secret], async () => 'done'), TypeError)
  }
})

test('the receiver acts once however often a step is delivered, and asks to be told again when it failed', async () => {
  let acted = 0
  let broken = true
  const receive = receiver([SECRET], async () => {
    if (broken) throw new Error('busy')
    acted++
    return 'later'
  })
  const headers = delivery(EVENT, Date.now())
  assert.equal(await receive(headers, EVENT), 500)
  broken = false
  assert.equal(await receive(headers, EVENT), 202)
  assert.equal(await receive(headers, EVENT), 202)
  assert.equal(acted, 1)
  assert.equal(await receive(headers, `${EVENT} `), 401)
  const event = readWebhook(headers, EVENT, [SECRET])
  assert.deepEqual((acknowledged(event, '2026-06-01T12:00:00Z') as { object: unknown }).object, {
    type: 'step',
    id: 'step-1',
  })
})

test('a step that is delivered again while it is being carried out is carried out once', async () => {
  let acted = 0
  const { promise: carriedOut, resolve } = Promise.withResolvers<'done'>()
  const receive = receiver([SECRET], () => {
    acted++
    return carriedOut
  })
  const headers = delivery(EVENT, Date.now())
  const answers = [receive(headers, EVENT), receive(headers, EVENT)]
  resolve('done')
  assert.deepEqual(await Promise.all(answers), [204, 204])
  assert.equal(acted, 1)
})
