import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { follow, openScene, type Scene } from './scene.ts'

let scene: Scene
let editor: Record<string, string>
let platform: Record<string, string>
before(async () => {
  scene = await openScene()
  editor = await scene.signedIn('investigator')
  platform = await scene.key('verdicts', 'labels:write', 'events:write', 'statements')
})
after(() => scene.close())

type Method = 'GET' | 'POST' | 'PUT'
async function call<T>(
  method: Method,
  url: string,
  payload?: object,
  headers = editor,
): Promise<{ status: number; body: T }> {
  const answer = await scene.app.inject({
    method,
    url,
    headers,
    ...(payload ? { payload } : {}),
  })
  return { status: answer.statusCode, body: (answer.body === '' ? {} : answer.json()) as T }
}
const rule = {
  says: 'Paper lanterns are not proposed on the trending page.',
  when: `surface == 'trending' && hasLabel(subject, 'paper-lantern')`,
  action: 'drop',
  reason: 'not-eligible',
  owner: 'policy team',
}
const label = (id: string, value: string) =>
  call('POST', '/v1/labels', { subject: { type: 'account', id }, value, reason: 'for the test' }, platform)
async function trending(id: string): Promise<string> {
  const { body } = await call<{ verdicts: { action: string }[] }>(
    'POST',
    '/v1/verdicts',
    { surface: 'trending', subjects: [{ type: 'account', id }] },
    platform,
  )
  return body.verdicts[0]!.action
}

test('a rule goes from draft over shadow to live, counts at once, and is taken back', async () => {
  await label('acct-1', 'paper-lantern')
  const made = await call<{ state: string; version: number }>('PUT', '/v1/rules/no-lanterns', rule)
  assert.deepEqual([made.status, made.body.state, made.body.version], [201, 'DRAFT', 1])
  assert.equal(await trending('acct-1'), 'allow')
  await call('POST', '/v1/rules/no-lanterns/state', { state: 'BACKGROUND' })
  assert.equal(await trending('acct-1'), 'allow')
  await call('POST', '/v1/rules/no-lanterns/state', { state: 'LIVE' })
  assert.equal(await trending('acct-1'), 'drop')
  assert.equal(await trending('acct-2'), 'allow')
  await call('POST', '/v1/rules/no-lanterns/state', { state: 'EXPIRED', note: 'test over' })
  assert.equal(await trending('acct-1'), 'allow')
  const back = await call<{ state: string; version: number }>('POST', '/v1/rules/no-lanterns/rollback', { version: 3 })
  assert.deepEqual([back.body.state, back.body.version], ['LIVE', 5])
  assert.equal(await trending('acct-1'), 'drop')
  const { body } = await call<{ changes: unknown }>('GET', '/v1/rules/no-lanterns/diff?from=1&to=5')
  assert.deepEqual(body.changes, [{ field: 'state', before: 'DRAFT', after: 'LIVE' }])
  const audit = await scene.instance.ledger.audit({ kind: 'rule.written', limit: 10 })
  assert.equal(audit.length, 5)
})

test('a rule with a mistake is refused with its place, and nothing is stored', async () => {
  const wrong = await call<{ code: string; detail: string }>('PUT', '/v1/rules/wrong', { ...rule, when: `surface > 3` })
  assert.equal(wrong.status, 422)
  assert.equal(wrong.body.code, 'rule/refused')
  assert.match(JSON.stringify(wrong.body), /line 1, column \d+: .*does not take \(string, int\)/)
  assert.equal((await call('GET', '/v1/rules/wrong')).status, 404)
  const hostile = await call('PUT', '/v1/rules/wrong', { ...rule, when: `surface.matches('(?=a)b')` })
  assert.equal(hostile.status, 422)
})

test('a rule that ends by itself stops to count at its time', async () => {
  await label('acct-9', 'seashell')
  const expiresAt = new Date(scene.now + 60_000).toISOString()
  await call('PUT', '/v1/rules/for-a-minute', { ...rule, when: `hasLabel(subject, 'seashell')`, expiresAt })
  await call('POST', '/v1/rules/for-a-minute/state', { state: 'LIVE' })
  assert.equal(await trending('acct-9'), 'drop')
  scene.now += 61_000
  await scene.instance.guard.refresh()
  assert.equal(await trending('acct-9'), 'allow')
})

test('a change that lets a past case through is refused until somebody gives a reason', async () => {
  await call(
    'POST',
    '/v1/labels',
    {
      subject: { type: 'account', id: 'acct-50' },
      value: 'network-member',
      reason: 'mapped',
      caseId: 'case-1',
      probability: 0.9,
    },
    platform,
  )
  const refused = await call<{ code: string }>('POST', '/v1/rules/member-not-amplified/state', { state: 'EXPIRED' })
  assert.deepEqual([refused.status, refused.body.code], [409, 'rule/regression'])
  const forced = await call('POST', '/v1/rules/member-not-amplified/state', {
    state: 'EXPIRED',
    force: true,
    note: 'drill',
  })
  assert.equal(forced.status, 200)
  await call('POST', '/v1/rules/member-not-amplified/state', { state: 'LIVE' })
})

test('rules are tried on sampled questions of the past, with an interval and examples that name nobody', async () => {
  const subjects = Array.from({ length: 600 }, (_, i) => ({ type: 'account', id: `acct-${i}` }))
  for (let i = 0; i < 20; i++) await call('POST', '/v1/verdicts', { surface: 'search', subjects }, platform)
  scene.now += 10_000
  await scene.instance.guard.refresh()
  const { body } = await call<{ judged: number; hits: number; share: { high: number }; examples: unknown[] }>(
    'POST',
    '/v1/rules/new-one/backtest',
    { when: `surface == 'search'` },
  )
  assert.ok(body.judged >= 5)
  assert.equal(body.hits, body.judged)
  assert.equal(body.share.high, 1)
  assert.ok(body.examples.length > 0)
  assert.ok(!JSON.stringify(body).includes('acct-'))
})

test('counts of rules and places outlive the process', async () => {
  const { body } = await call<{ rules: { id: string; counts: { day: { judged: number; hits: number } } | null }[] }>(
    'GET',
    '/v1/rules',
  )
  const lanterns = body.rules.find(({ id }) => id === 'no-lanterns')!
  assert.ok(lanterns.counts!.day.hits >= 1)
  const asked = await scene.instance.ledger.db
    .selectFrom('counted')
    .selectAll()
    .where('counter', '=', 'asked:search')
    .execute()
  assert.ok(asked.reduce((sum, row) => sum + row.count, 0) >= 3_000)
})

test('a demotion owes a statement once; a hold delays it, with a ground and an end', async () => {
  await call(
    'POST',
    '/v1/verdicts',
    { surface: 'recommend_accounts', subjects: [{ type: 'account', id: 'acct-50' }] },
    platform,
  )
  await call('POST', '/v1/events', [follow('s-1', 'acct-50', 'acct-51')], platform)
  await call(
    'POST',
    '/v1/verdicts',
    { surface: 'recommend_accounts', subjects: [{ type: 'account', id: 'acct-50' }] },
    platform,
  )
  scene.now += 10_000
  await scene.instance.guard.refresh()
  type Waiting = { statements: { id: number; subject: { id: string }; rule: string }[] }
  const { body } = await call<Waiting>('GET', '/v1/statements?due=true', undefined, platform)
  const mine = body.statements.filter(({ subject }) => subject.id === 'acct-50')
  assert.deepEqual(
    mine.map(({ rule }) => rule),
    ['member-not-amplified'],
  )
  const until = new Date(scene.now + 86_400_000).toISOString()
  const hold = `/v1/statements/${mine[0]!.id}/hold`
  assert.equal((await call('POST', hold, { ground: 'an investigation would be tipped off', until })).status, 204)
  assert.equal((await call('POST', hold, { ground: 'for ever', until: '2199-01-01T00:00:00Z' })).status, 400)
  assert.deepEqual((await call<Waiting>('GET', '/v1/statements?due=true', undefined, platform)).body.statements, [])
  scene.now += 90_000_000
  const due = (await call<Waiting>('GET', '/v1/statements?due=true', undefined, platform)).body.statements
  assert.equal(due.length, 1)
  await call('POST', '/v1/statements/told', { ids: [due[0]!.id] }, platform)
  assert.deepEqual((await call<Waiting>('GET', '/v1/statements', undefined, platform)).body.statements, [])
})

test('a detector that no legal ground covers never sees a text; with one it does, and the history says since when', async () => {
  const seen: string[] = []
  editor = await scene.signedIn('investigator')
  await scene.instance.guard.refresh()
  scene.instance.guard.snapshot.text = {
    judge: (_surface, _kind, text) => {
      seen.push(text)
      return { terms: [{ entry: 'e1', list: 'lanterns', tier: 'exact', action: 'drop' }], links: [] }
    },
  }
  const ask = async (surface: string, jurisdiction?: string) => {
    const context = jurisdiction === undefined ? {} : { context: { jurisdiction } }
    const subjects = [{ type: 'content', text: 'paper lantern' }]
    const { body } = await call<{ verdicts: { action: string }[] }>(
      'POST',
      '/v1/verdicts',
      { surface, subjects, ...context },
      platform,
    )
    return body.verdicts[0]!.action
  }
  assert.equal(await ask('search'), 'drop')
  seen.length = 0
  assert.equal(await ask('message', 'AT'), 'allow')
  assert.deepEqual(seen, [], 'private surfaces are off')
  const admin = await scene.signedIn('admin')
  const line = {
    jurisdiction: 'AT',
    surface: 'message',
    detector: 'lexicon',
    allowed: true,
    ground: 'Consent of both sides, terms 4.2',
  }
  assert.equal((await call('POST', '/v1/legal-basis', line)).status, 403)
  assert.equal((await call('POST', '/v1/legal-basis', line, admin)).status, 201)
  assert.equal(await ask('message', 'AT'), 'drop')
  assert.equal(await ask('message', 'DE'), 'allow')
  assert.equal(await ask('message'), 'allow')
  assert.equal(seen.length, 1)
  await call(
    'POST',
    '/v1/legal-basis',
    { ...line, jurisdiction: '*', surface: '*', detector: '*', allowed: false, ground: 'Audit week' },
    admin,
  )
  assert.equal(await ask('search'), 'allow')
  await call('POST', '/v1/legal-basis', { ...line, jurisdiction: '*', surface: '*', detector: '*' }, admin)
  assert.equal(await ask('message', 'DE'), 'allow', 'a line for every surface opens no private one')
  const csv = await scene.app.inject({ method: 'GET', url: '/v1/legal-basis/export', headers: editor })
  assert.match(csv.body, /^id,at,by,jurisdiction,surface,detector,allowed,ground\r\n1,/)
  assert.equal(csv.body.trim().split('\r\n').length, 4)
  scene.instance.guard.snapshot.text = null
})

test('the fail mode of a surface is set by people, kept, and shown', async () => {
  const set = await call<{ failModes: object }>('PUT', '/v1/guard', {
    on: true,
    threshold: 0.5,
    failModes: { search: 'closed' },
  })
  assert.deepEqual(set.body.failModes, { search: 'closed' })
  assert.equal(scene.instance.guard.status().failModes.search, 'closed')
  await call('PUT', '/v1/guard', { on: true, threshold: 0.5, strict: true })
  assert.equal(scene.instance.guard.status().failModes.search, 'closed')
  assert.match(scene.instance.guard.snapshot.policyVersion, /strict/)
  await call('PUT', '/v1/guard', { on: true, threshold: 0.5, strict: false, failModes: {} })
  assert.equal(scene.instance.guard.status().failModes.search, 'open')
})
