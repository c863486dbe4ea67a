import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import test, { after, before } from 'node:test'
import { readBooks, rowsOf } from '@firebreak/intake'
import { HOUR, MINUTE } from '@firebreak/kernel'
import { senderNetwork } from '../src/http/sender-network.ts'
import { type Answer, openScene, type Scene } from './scene.ts'

let scene: Scene
let platform: Record<string, string>
let policy: Record<string, string>
before(async () => {
  scene = await openScene()
  platform = await scene.key('reports:write')
  policy = await scene.signedIn('policy')
})
after(() => scene.close())

const code = (answer: Answer) => (JSON.parse(answer.body) as { code: string }).code
const post = (url: string, payload: object | string, headers: Record<string, string> = platform) =>
  scene.app.inject({ method: 'POST', url, headers, payload })
const open = (doors: object) => scene.app.inject({ method: 'PUT', url: '/v1/doors', headers: policy, payload: doors })
interface Row {
  state: string
  category: string
  kind: string
  name: string
  source: string
  due_at: Date | null
}
const latest = async () =>
  (
    await rowsOf<Row>(
      scene.instance.ledger.db,
      `select r.state, r.category, r.source, e.kind, e.name, j.due_at from report r join entity e on e.id = r.subject
       left join job j on j.id = r.job order by r.seq desc limit 1`,
    )
  )[0]!

test("Coop's report call is taken with its key header once the door is open", async () => {
  const body = {
    reporter: { kind: 'user', typeId: 'usr', id: 'acct-0077' },
    reportedAt: '2026-06-01T10:00:00Z',
    reportedForReason: { policyId: 'p-17', reason: 'a paper lantern that never comes', csam: null },
    reportedItem: { id: 'post-9', typeId: 'Comment', data: { text: 'lanterns, cheap' } },
    reportedItemThread: [{ id: 'post-8', typeId: 'Comment', data: {} }],
  }
  const headers = { 'x-api-key': platform.authorization!.slice('Bearer '.length) }
  assert.equal(code(await post('/api/v1/report', body, headers)), 'http/not-found')
  await open({ coop: { on: true, policies: { 'p-17': 'fraud' } } })
  const answer = await post('/api/v1/report', body, headers)
  assert.equal(answer.statusCode, 201, answer.body)
  assert.deepEqual(Object.keys(answer.json() as object), ['reportId'])
  const { category, kind, name, state } = await latest()
  assert.deepEqual([category, kind, name, state], ['fraud', 'content', 'post-9', 'open'])
  const flagged = { ...body, reportedItem: { id: 'acct-5', typeId: 'User' }, reportedForReason: { csam: true } }
  await post('/api/v1/report', flagged, headers)
  assert.deepEqual([(await latest()).category, (await latest()).kind], ['child-safety', 'account'])
  assert.equal(code(await post('/api/v1/report', { reporter: 1 }, headers)), 'input/invalid')
  assert.equal((await post('/api/v1/report', body, {})).statusCode, 401)
})

test("AT Protocol's createReport answers as its lexicon says", async () => {
  await open({ atproto: { on: true } })
  const subject = {
    $type: 'com.atproto.repo.strongRef',
    uri: 'at://did:plc:lantern412/app.bsky.feed.post/3k2a',
    cid: 'bafyseashell',
  }
  const body = { reasonType: 'com.atproto.moderation.defs#reasonSpam', reason: 'lanterns again', subject }
  const url = '/xrpc/com.atproto.moderation.createReport'
  const answer = await post(url, body, { ...platform, 'x-reported-by': 'did:plc:somebody' })
  assert.equal(answer.statusCode, 200, answer.body)
  const given = answer.json() as Record<string, unknown>
  assert.ok(Number.isInteger(given.id))
  assert.deepEqual([given.reasonType, given.subject, given.reportedBy], [body.reasonType, subject, 'did:plc:somebody'])
  assert.deepEqual([(await latest()).category, (await latest()).kind], ['spam', 'content'])
  const bad = await post(url, { ...body, subject: { $type: 'x' } })
  assert.deepEqual([bad.statusCode, (bad.json() as { error: string }).error], [400, 'InvalidRequest'])
  const repo = { $type: 'com.atproto.admin.defs#repoRef', did: 'did:plc:lantern412' }
  await post(url, { reasonType: 'tools.ozone.report.defs#reasonChildSafetyGroom', subject: repo })
  assert.equal((await latest()).category, 'child-contact')
})

const SECRET = 'a secret of a server for tests'
const delivery = (id: string, rest: object = {}) =>
  JSON.stringify({
    event: 'report.created',
    created_at: '2026-06-01T10:00:00Z',
    object: {
      id,
      action_taken: false,
      category: 'spam',
      comment: 'sells lanterns <script>alert(1)</script>',
      account: { id: '77', username: 'somebody' },
      target_account: { id: '412', username: 'lantern' },
      statuses: [
        {
          id: '9001',
          language: 'en',
          media_attachments: [{ id: '5', type: 'image', url: 'https://example.org/a.png' }],
        },
      ],
      rules: [],
      ...rest,
    },
  })
const sign = (body: string, secret = SECRET) => ({
  'content-type': 'application/json',
  'x-hub-signature': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
})

test("a Mastodon server's webhook: signed ones are taken once; forged, unsigned and replayed ones change nothing", async () => {
  const hook = await post('/v1/doors/mastodon', { secret: SECRET, source: 'mastodon.example' }, policy)
  const { path } = hook.json() as { path: string }
  const body = delivery('31')
  const first = await post(path, body, sign(body))
  assert.equal(first.statusCode, 201, first.body)
  assert.deepEqual(
    [(await latest()).source, (await latest()).category, (await latest()).name],
    ['mastodon.example', 'spam', '412'],
  )
  const head = await scene.instance.ledger.head()
  const again = await post(path, body, sign(body))
  assert.deepEqual([again.statusCode, (again.json() as { repeated: boolean }).repeated], [200, true])
  const forged = delivery('32')
  for (const headers of [
    sign(forged, 'another secret of some length'),
    sign(body),
    { 'content-type': 'application/json' },
    { 'content-type': 'application/json', 'x-hub-signature': 'sha256=00' },
  ])
    assert.equal((await post(path, forged, headers)).statusCode, 401)
  assert.equal((await post('/v1/hooks/mastodon/unknown', body, sign(body))).statusCode, 401)
  const other = JSON.stringify({ event: 'account.created', object: {} })
  assert.equal((await post(path, other, sign(other))).statusCode, 200)
  const huge = delivery('33', { comment: 'x'.repeat(1_200_000) })
  assert.equal((await post(path, huge, sign(huge))).statusCode, 413)
  assert.equal(await scene.instance.ledger.head(), head)
})

test('what is signed but cannot be read is kept as a dead letter, shown, and replayed into the line once it can be', async () => {
  const hook = await post('/v1/doors/mastodon', { secret: SECRET, source: 'odd.example' }, policy)
  const { path } = hook.json() as { path: string }
  const strange = (id: number) =>
    JSON.stringify({
      event: 'report.created',
      object: {
        id,
        account: { email: 'a.person@example.org', ip: '192.0.2.7', ips: [{ ip: '192.0.2.8' }] },
        note: 'ask a.person@example.org',
      },
    })
  for (const body of [strange(5), strange(6), '[]']) {
    const answer = await post(path, body, sign(body))
    assert.equal(answer.statusCode, 202, answer.body)
  }
  const head = await scene.instance.ledger.head()
  for (const [body, status] of [
    ['no json at all', 400],
    ['\ufffd\u0000', 400],
    [JSON.stringify({ event: 'report.created', x: 'y'.repeat(40_000) }), 413],
  ] as const)
    assert.equal((await post(path, body, sign(body))).statusCode, status)
  assert.equal(await scene.instance.ledger.head(), head, 'not acknowledged, nothing kept')
  const received = JSON.stringify(await scene.instance.ledger.events({ types: ['report.received'], limit: 1_000 }))
  for (const address of ['a.person@example.org', '192.0.2.7', '192.0.2.8']) assert.ok(!received.includes(address))
  const books = await readBooks(scene.instance.ledger)
  assert.equal(books.balanced, true)
  assert.equal(books.lines.find(({ source }) => source === 'odd.example')!.dead, 3)
  const list = await scene.app.inject({ method: 'GET', url: '/v1/reports/dead', headers: policy })
  const { dead } = list.json() as { dead: { id: string; why: string }[] }
  assert.equal(dead.length, 3)
  const replay = await post(`/v1/reports/dead/${dead[0]!.id}/replay`, {}, policy)
  assert.equal(replay.statusCode, 409, replay.body)
  const kept = await scene.instance.reports.intake.keepDead(
    {
      subject: { type: 'delivery', id: 'd-1' },
      category: 'other',
      text: delivery('77'),
      reporter: { class: 'automated' },
      source: 'odd.example',
      statement: { adapter: 'mastodon', hook: path.split('/').at(-1)! },
    },
    'an earlier version could not read it',
  )
  const replayed = await post(`/v1/reports/dead/${kept.reportId}/replay`, {}, policy)
  assert.equal(replayed.statusCode, 201, replayed.body)
  const after = await readBooks(scene.instance.ledger)
  assert.deepEqual([after.balanced, after.lines.find(({ source }) => source === 'odd.example')!.dead], [true, 3])
})

const form = (fields: Record<string, string>) =>
  scene.app.inject({
    method: 'POST',
    url: '/notice',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams(fields).toString(),
  })
const notice = {
  location: 'https://platform.example/p/412',
  category: 'illegal-content',
  reason: 'An offer of paper lanterns that is against the law on lanterns.',
  name: 'A. Person',
  email: 'a.person@example.org',
  goodFaith: 'yes',
}

test('the public form takes a notice without an account and shows its outcome; no identity stays with the report', async () => {
  const page = await scene.app.inject({ method: 'GET', url: '/notice' })
  assert.match(page.body, /<label for="location">/)
  assert.ok(!page.body.includes('<script'))
  const sent = await form(notice)
  assert.equal(sent.statusCode, 201, sent.body)
  const link = /href="([^"]+)"/.exec(sent.body)![1]!.replaceAll('&#38;', '&')
  const outcome = await scene.app.inject({ method: 'GET', url: link })
  assert.match(outcome.body, /waits for a person/)
  assert.deepEqual([(await latest()).kind, (await latest()).source], ['url', 'public-form'])
  const events = JSON.stringify(await scene.instance.ledger.events({ types: ['report.received'], limit: 1_000 }))
  assert.ok(!events.includes('a.person@example.org') && !events.includes('A. Person'))
})

test('the form says at each field what is wrong, keeps what was typed, escapes it, and stores nothing', async () => {
  const head = await scene.instance.ledger.head()
  const bad = await form({ ...notice, location: 'javascript:alert(1)', reason: '"><script>x</script>', goodFaith: '' })
  assert.equal(bad.statusCode, 400)
  assert.match(bad.body, /aria-invalid="true" aria-describedby="location-problem"/)
  assert.match(bad.body, /must be confirmed/)
  assert.ok(!bad.body.includes('<script>x'))
  assert.equal((await form({ ...notice, reason: 'x'.repeat(70_000) })).statusCode, 413)
  assert.equal(await scene.instance.ledger.head(), head)
})

test('a flood of notices from one network holds up that network alone, and what was typed there is kept in the form', async () => {
  const from = (address: string, reason: string) =>
    scene.app.inject({
      method: 'POST',
      url: '/notice',
      headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': `10.9.9.9, ${address}` },
      payload: new URLSearchParams({ ...notice, reason }).toString(),
    })
  scene.now += MINUTE
  const flood = await Promise.all(
    Array.from({ length: 70 }, (_, i) => from(`203.0.113.${i}`, `one of a flood, number ${i}`)),
  )
  const refused = flood.filter(({ statusCode }) => statusCode === 429)
  assert.equal(refused.length, 10)
  assert.match(refused[0]!.body, /Nothing was sent yet.*again in a minute/s)
  assert.match(refused[0]!.body, /one of a flood, number \d+/)
  assert.equal(refused[0]!.headers['retry-after'], '60')
  assert.equal((await from('198.51.100.7', 'from somewhere else')).statusCode, 201)
  scene.now += MINUTE
  assert.equal((await from('203.0.113.9', 'a minute later')).statusCode, 201)
})

test('one network is one however it is written, and a stranger cannot choose theirs', () => {
  assert.equal(senderNetwork('203.0.113.7', undefined), senderNetwork('::ffff:203.0.113.200', undefined))
  assert.equal(senderNetwork('2001:DB8:0:1::7', undefined), senderNetwork('2001:db8::ffff', undefined))
  assert.notEqual(senderNetwork('2001:db8:1::7', undefined), senderNetwork('2001:db8:2::7', undefined))
  assert.equal(senderNetwork('203.0.113.7', '198.51.100.1'), '203.0.113', 'only a proxy beside us is believed')
  assert.equal(senderNetwork('127.0.0.1', '198.51.100.1, 203.0.113.7'), '203.0.113', 'and of it only what it wrote')
  assert.equal(senderNetwork('127.0.0.1', 'nonsense'), '127.0.0')
})

test('a request about an intimate image needs signature and contact, and runs against a clock of 48 hours', async () => {
  const request = { ...notice, category: 'intimate-image', location: 'https://platform.example/p/500' }
  const incomplete = await form({ ...request, email: '' })
  assert.equal(incomplete.statusCode, 400)
  assert.match(incomplete.body, /signature-problem/)
  assert.equal((await form({ ...request, depicted: 'me', signature: 'A. Person' })).statusCode, 201)
  const { due_at, category } = await latest()
  assert.deepEqual([category, due_at!.getTime() - scene.now], ['intimate-image', 48 * HOUR])
})
