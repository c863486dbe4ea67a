import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { rowsOf } from '@firebreak/intake'
import { HOUR } from '@firebreak/kernel'
import { ReportOffice } from '../src/reports/office.ts'
import { type Answer, openScene, type Scene } from './scene.ts'

let scene: Scene
let platform: Record<string, string>
before(async () => {
  scene = await openScene()
  platform = await scene.key('reports:write')
})
after(() => scene.close())

const send = (method: 'GET' | 'POST' | 'PUT', url: string, headers: Record<string, string>, payload?: object) =>
  scene.app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) })
const code = (answer: Answer) => (JSON.parse(answer.body) as { code: string }).code
const report = (id: string, rest: object = {}) => ({
  subject: { type: 'account', id },
  category: 'fraud',
  text: 'sells a paper lantern that never comes',
  reporter: { class: 'user', id: 'acct-0077' },
  ...rest,
})
type Taken = { job: { dossier: { id: string; category: string } } | null }

test('a report is answered 201 with a receipt, twice under one key with the same, and its outcome stands under the receipt', async () => {
  const headers = { ...platform, 'idempotency-key': 'k-1' }
  const first = await send('POST', '/v1/reports', headers, report('acct-0412'))
  assert.equal(first.statusCode, 201, first.body)
  const { reportId, receipt } = first.json() as { reportId: string; receipt: string }
  const again = (await send('POST', '/v1/reports', headers, report('acct-0412'))).json() as { reportId: string }
  assert.equal(again.reportId, reportId)
  assert.equal(code(await send('POST', '/v1/reports', headers, report('acct-0413'))), 'http/conflict')
  const outcome = async () => (await send('GET', `/v1/receipts/${receipt}`, {})).json() as Record<string, unknown>
  assert.equal((await outcome()).state, 'in-review')
  const mod = await scene.signedIn('moderator')
  const { job } = (await send('POST', '/v1/jobs/next', mod, {})).json() as Taken
  const decision = {
    outcome: 'violation',
    policy: 'fraud/offers',
    actions: [{ kind: 'suspend', days: 3 }],
    facts: 'Three buyers paid and got nothing.',
  }
  const decided = await send('POST', `/v1/jobs/${job!.dossier.id}/decide`, mod, decision)
  assert.equal(decided.statusCode, 200, decided.body)
  scene.now += HOUR
  await scene.instance.reports.settle()
  assert.equal((await outcome()).outcome, 'action-taken')
  assert.equal(code(await send('GET', `/v1/receipts/${receipt}x`, {})), 'http/not-found')
})

test('hostile reports get a clear error and change nothing', async () => {
  const before = await scene.instance.ledger.head()
  const bad: [object | string, number, string][] = [
    [report('acct-1', { text: 'x'.repeat(10_001) }), 400, 'input/invalid'],
    [report('acct-1', { text: 'a\u0000b' }), 400, 'input/invalid'],
    [report('acct-1', { text: '\ud800' }), 400, 'input/invalid'],
    [report('acct-1', { category: 'nonsense' }), 400, 'input/invalid'],
    [report('acct\n1'), 400, 'input/invalid'],
    [report('acct-1', { reach: -1 }), 400, 'input/invalid'],
    [report('acct-1', { evil: true }), 400, 'input/invalid'],
    [report('acct-1', { subject: { type: 'principal', id: 'user:u-1' } }), 400, 'input/invalid'],
    [
      report('acct-1', { evidence: Array.from({ length: 21 }, () => ({ kind: 'image', reference: 'x' })) }),
      400,
      'input/invalid',
    ],
    [{ ...report('acct-1'), subject: { type: 'account', id: 'x'.repeat(2_000_000) } }, 413, 'http/too-large'],
  ]
  for (const [payload, status, expected] of bad) {
    const answer = await send('POST', '/v1/reports', platform, payload as object)
    assert.deepEqual([answer.statusCode, code(answer)], [status, expected])
  }
  const broken = await scene.app.inject({
    method: 'POST',
    url: '/v1/reports',
    headers: { ...platform, 'content-type': 'application/json' },
    payload: Buffer.from([0x7b, 0xff, 0xfe]),
  })
  assert.deepEqual([broken.statusCode, code(broken)], [400, 'http/body'])
  const key = { ...platform, 'idempotency-key': 'x'.repeat(201) }
  assert.equal(code(await send('POST', '/v1/reports', key, report('acct-1'))), 'input/invalid')
  assert.equal(await scene.instance.ledger.head(), before)
  assert.deepEqual(scene.faults, [])
})

test('script in a report is kept as the text it is, and answered as JSON', async () => {
  const text = '<script>alert(1)</script><img src=x onerror=alert(1)>'
  await send('POST', '/v1/reports', platform, report('acct-script', { text }))
  const mod = await scene.signedIn('moderator')
  const answer = await send('POST', '/v1/jobs/next', mod, {})
  assert.match(String(answer.headers['content-type']), /^application\/json/)
  assert.equal(answer.headers['x-content-type-options'], 'nosniff')
  assert.ok(answer.body.includes(text))
})

test('the child-safety lane opens to its role only, over every route', async () => {
  await send('POST', '/v1/reports', platform, report('acct-0500', { category: 'child-contact' }))
  const [mod, child] = [await scene.signedIn('moderator'), await scene.signedIn('child-safety-moderator')]
  const [row] = await rowsOf<{ id: string }>(scene.instance.ledger.db, `select id from job where lane = 'child-safety'`)
  const jobs = async (headers: Record<string, string>) =>
    ((await send('GET', '/v1/jobs', headers)).json() as { jobs: { id: string }[] }).jobs.map(({ id }) => id)
  assert.ok(!(await jobs(mod)).includes(row!.id))
  assert.ok((await jobs(child)).includes(row!.id))
  for (const url of [`/v1/jobs/${row!.id}/take`, `/v1/jobs/${row!.id}/decide`]) {
    const answer = await send('POST', url, mod, { outcome: 'no-violation', policy: 'x' })
    assert.ok([404, 409].includes(answer.statusCode), `${url} answered ${answer.statusCode}`)
  }
  assert.equal((await send('POST', `/v1/jobs/${row!.id}/take`, child)).statusCode, 200)
})

test('routing can be replaced by the policy role, and the next report follows it', async () => {
  const rules = [
    { queue: 'lanterns', when: { languages: ['de'] } },
    { queue: 'general', when: {} },
  ]
  const policy = await scene.signedIn('policy')
  assert.equal((await send('PUT', '/v1/routing', await scene.signedIn('moderator'), { rules })).statusCode, 403)
  assert.equal((await send('PUT', '/v1/routing', policy, { rules })).statusCode, 200)
  await send('POST', '/v1/reports', platform, report('acct-0600', { language: 'de-AT' }))
  const queues = (await send('GET', '/v1/queues', await scene.signedIn('moderator'))).json() as {
    queues: { queue: string }[]
  }
  assert.ok(queues.queues.some(({ queue }) => queue === 'lanterns'))
})

test('books are shown with their alarm, which stands until they balance again', async () => {
  const reader = await scene.signedIn('auditor')
  const books = async () => (await send('GET', '/v1/reports/books', reader)).json() as Record<string, never>
  await scene.instance.reports.checkBooks()
  assert.equal((await books()).balanced, true)
  await rowsOf(scene.instance.ledger.db, `update report_tally set received = received + 1`)
  await scene.instance.reports.checkBooks()
  const status = (await send('GET', '/v1/status', reader)).json() as { reports: { booksAlarmSince: string | null } }
  assert.ok(status.reports.booksAlarmSince !== null)
  await rowsOf(scene.instance.ledger.db, `update report_tally set received = received - 1`)
  await scene.instance.reports.checkBooks()
  const { alarm } = (await books()) as unknown as { alarm: { since: string | null } }
  assert.equal(alarm.since, null)
})

test('a reporter who left an address is written to once, and the address is forgotten', async () => {
  const sent: { to: string; subject: string; text: string }[] = []
  const office = await ReportOffice.open({
    ledger: scene.instance.ledger,
    secrets: scene.instance.secrets,
    clock: () => scene.now,
    mailer: {
      configured: true,
      send: async (to, subject, text) => void sent.push({ to, subject, text }),
      close: () => {},
    },
    pagedByMail: [],
    onFault: (error) => assert.fail(String(error)),
  })
  try {
    await send(
      'POST',
      '/v1/reports',
      platform,
      report('acct-mail', { contact: 'a.person@example.org', language: 'de' }),
    )
    assert.equal(await office.mailOutcomes(), 0)
    const mod = await scene.signedIn('moderator')
    const [job] = await rowsOf<{ id: string }>(
      scene.instance.ledger.db,
      `select j.id from job j join entity e on e.id = j.subject where e.name = 'acct-mail'`,
    )
    await send('POST', `/v1/jobs/${job!.id}/take`, mod)
    await send('POST', `/v1/jobs/${job!.id}/decide`, mod, { outcome: 'no-violation', policy: 'fraud/offers' })
    scene.now += HOUR
    await office.settle()
    assert.equal(await office.mailOutcomes(), 1)
    assert.equal(await office.mailOutcomes(), 0)
    assert.equal(sent[0]!.to, 'a.person@example.org')
    assert.match(sent[0]!.text, /nichts Rechtswidriges/)
    assert.ok(!JSON.stringify(sent).includes('acct-mail'))
  } finally {
    await office.close()
  }
})

test('erasing an account forgets that it reported; the reports and the books stay', async () => {
  const events = await scene.key('events:write')
  const of = () =>
    rowsOf(scene.instance.ledger.db, `select 1 from report where reporter is not null and state <> 'rejected'`)
  await send('POST', '/v1/reports', platform, report('acct-0700', { reporter: { class: 'user', id: 'acct-0088' } }))
  const before = (await of()).length
  const account = { type: 'account', id: 'acct-0088' }
  const erased = {
    id: 'erase-88',
    type: 'subject.erased',
    at: '2026-06-01T11:00:00Z',
    actor: account,
    subject: account,
  }
  assert.equal((await send('POST', '/v1/events', events, [erased])).statusCode, 200)
  assert.equal((await of()).length, before - 1)
  const books = await scene.instance.reports.checkBooks()
  assert.equal(books.balanced, true)
})
