import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { gzipSync } from 'node:zlib'
import { SURFACES } from '@firebreak/policy'
import { type Answer, follow, openScene, type Scene } from './scene.ts'

let scene: Scene
let platform: Record<string, string>
let investigator: Record<string, string>
before(async () => {
  scene = await openScene()
  platform = await scene.key('events:write', 'labels:write', 'verdicts')
  investigator = await scene.signedIn('investigator')
})
after(() => scene.close())

type Verdicts = { policyVersion: string; snapshot: string; verdicts: { action: string; reason: string }[] }
const post = (url: string, payload: object, headers = platform) =>
  scene.app.inject({ method: 'POST', url, headers, payload })
const code = (answer: Answer) => (JSON.parse(answer.body) as { code: string }).code
const ask = async (ids: string[], viewer?: string, headers = platform) => {
  const subjects = ids.map((id) => ({ type: 'account', id }))
  const answer = await post(
    '/v1/verdicts',
    { surface: 'recommend_accounts', subjects, ...(viewer ? { viewer } : {}) },
    headers,
  )
  assert.equal(answer.statusCode, 200, answer.body)
  return answer.json() as Verdicts
}
const label = (id: string, rest: object = {}) => ({
  subject: { type: 'account', id },
  value: 'network-member',
  reason: 'two short paths to a seed',
  probability: 0.9,
  ...rest,
})

test('a batch of events is answered item by item: accepted, duplicate or rejected with a code', async () => {
  const batch = [
    follow('e-1', 'acct-0001', 'acct-0002'),
    follow('e-1', 'acct-0001', 'acct-0002'),
    follow('e-2', 'acct-0003', 'acct-0002'),
    { ...follow('e-3', 'a', 'b'), type: 'paper' },
    'seashell',
    follow('e-5', 'acct-0003', 'acct-0004', { at: 'soon' }),
    follow('e-6', 'acct-0003', 'acct-0004', { subject: { type: 'group', id: 'g' } }),
  ]
  const { results } = (await post('/v1/events', batch)).json() as { results: { status: string; code?: string }[] }
  assert.deepEqual(
    results.map(({ status, code: why }) => why ?? status),
    ['accepted', 'duplicate', 'accepted', 'event/type', 'event/shape', 'event/time', 'event/malformed'],
  )
  const again = (await post('/v1/events', { events: batch.slice(0, 1) })).json() as { results: { status: string }[] }
  assert.equal(again.results[0]!.status, 'duplicate')
})

test('no raw identifier reaches the store, the audit log or an answer', async () => {
  const raw = 'paper.lantern@example.org'
  const seen = (id: string, value: string) =>
    follow(id, 'acct-0007', 'acct-0007', { type: 'identifier.seen', data: { kind: 'email', value } })
  const answer = await post('/v1/events', [
    seen('i-1', raw),
    seen('i-2', 'no-address'),
    follow('i-3', 'a', 'b', { data: { email: raw } }),
  ])
  assert.deepEqual(
    (answer.json() as { results: { status: string }[] }).results.map(({ status }) => status),
    ['accepted', 'rejected', 'rejected'],
  )
  const stored = await scene.instance.ledger.events({ limit: 1_000 })
  const audit = await scene.instance.ledger.audit({ limit: 1_000 })
  for (const text of [answer.body, JSON.stringify(stored), JSON.stringify(audit)]) {
    assert.ok(!text.includes('paper.lantern'))
    assert.ok(!text.includes('no-address'))
  }
  assert.match(JSON.stringify(stored), /"id":"email:[0-9a-f]{64}"/)
})

test('a labelled account is withheld at once and shown again at once when the label is taken back', async () => {
  assert.equal((await ask(['acct-0100'])).verdicts[0]!.action, 'allow')
  const made = await post('/v1/labels', label('acct-0100'))
  assert.equal(made.statusCode, 201)
  const { labels } = made.json() as { labels: { id: string; expiresAt: string }[] }
  assert.equal(Date.parse(labels[0]!.expiresAt) - scene.now, 30 * 86_400_000)
  assert.deepEqual((await ask(['acct-0100', 'acct-0101'])).verdicts, [
    { action: 'drop', reason: 'not-eligible' },
    { action: 'allow', reason: 'none' },
  ])
  const url = `/v1/labels/${labels[0]!.id}`
  assert.equal((await scene.app.inject({ method: 'DELETE', url, headers: platform })).statusCode, 204)
  assert.equal((await ask(['acct-0100'])).verdicts[0]!.action, 'allow')
  assert.equal((await scene.app.inject({ method: 'DELETE', url, headers: platform })).statusCode, 404)
})

test('a viewer who just followed a labelled account is not offered its near neighbours', async () => {
  await post('/v1/labels', {
    labels: [label('acct-0200'), label('acct-0201', { value: 'network-adjacent', probability: 0.07 })],
  })
  assert.equal((await ask(['acct-0201'], 'viewer-1')).verdicts[0]!.action, 'allow')
  await post('/v1/events', [follow('v-1', 'viewer-1', 'acct-0200')])
  assert.equal((await ask(['acct-0201'], 'viewer-1')).verdicts[0]!.action, 'drop')
  assert.equal((await ask(['acct-0202'], 'viewer-1')).verdicts[0]!.action, 'allow')
})

test('without the scope explain, a labelled, an unknown and an odd subject look alike but for the verdict', async () => {
  await post('/v1/labels', label('acct-0300'))
  const plain = await ask(['acct-0300', 'never-seen', '__proto__', 'constructor'])
  for (const verdict of plain.verdicts) assert.deepEqual(Object.keys(verdict), ['action', 'reason'])
  const explained = await ask(['acct-0300'], undefined, await scene.key('verdicts', 'explain'))
  assert.match(JSON.stringify(explained), /member-not-amplified/)
  assert.ok(!JSON.stringify(plain).includes('member-not'))
})

test('every surface answers, in the order asked, for up to a thousand subjects', async () => {
  const subjects = Array.from({ length: 1_000 }, (_, i) => ({ type: 'account', id: `acct-${i}` }))
  for (const surface of SURFACES) {
    const answer = await post('/v1/verdicts', { surface, subjects })
    assert.equal((answer.json() as Verdicts).verdicts.length, 1_000)
  }
})

test('questions that make no sense are refused with the field at fault, and nothing of them is repeated', async () => {
  const subject = { type: 'account', id: 'seashell' }
  const bad: object[] = [
    { surface: 'seashell', subjects: [subject] },
    { surface: '__proto__', subjects: [subject] },
    { surface: 'search', subjects: [] },
    { surface: 'search', subjects: [{ type: 'account' }] },
    { surface: 'search', subjects: Array.from({ length: 10_000 }, () => subject) },
    { surface: 'search', subjects: [subject], extra: 'seashell' },
    { surface: 'search', subjects: [subject], viewer: { id: 7 } },
    [],
  ]
  for (const body of bad) {
    const answer = await post('/v1/verdicts', body)
    assert.equal(answer.statusCode, 400, JSON.stringify(body).slice(0, 80))
    assert.match(String(answer.headers['content-type']), /^application\/problem\+json/)
    assert.equal(code(answer), 'input/invalid')
    assert.ok(!answer.body.includes('seashell'), answer.body)
  }
})

test('hostile bodies end in a problem with a request id: malformed, huge, poisoned, of a foreign type', async () => {
  const send = (payload: string, type = 'application/json') =>
    scene.app.inject({ method: 'POST', url: '/v1/verdicts', headers: { ...platform, 'content-type': type }, payload })
  const cases: [Promise<Answer>, number, string][] = [
    [send('{"surface":'), 400, 'http/body'],
    [send('{"__proto__":{"admin":true},"surface":"search","subjects":[]}'), 400, 'http/body'],
    [send('{"constructor":{"prototype":{}},"surface":"search","subjects":[]}'), 400, 'http/body'],
    [send(`{"surface":"${'x'.repeat(1_100_000)}"}`), 413, 'http/too-large'],
    [send('surface=search', 'text/xml'), 415, 'http/media-type'],
    [send('', 'application/json'), 400, 'http/body'],
  ]
  for (const [waiting, status, expected] of cases) {
    const answer = await waiting
    assert.deepEqual([answer.statusCode, code(answer)], [status, expected])
    assert.match(String(answer.headers['x-request-id']), /^[0-9a-f]{16}$/)
    assert.equal((JSON.parse(answer.body) as { requestId: string }).requestId, answer.headers['x-request-id'])
  }
  assert.equal(({} as Record<string, unknown>).admin, undefined)
})

test('a request id sent from outside is not taken over, so that nobody writes into the log through it', async () => {
  const answer = await scene.app.inject({ url: '/health', headers: { 'x-request-id': 'evil\r\nset-cookie: a=b' } })
  assert.match(String(answer.headers['x-request-id']), /^[0-9a-f]{16}$/)
})

test('every answer carries the protecting headers, refusals and unknown addresses too', async () => {
  for (const url of ['/health', '/nowhere', '/v1/me', '/sign-in', '/%2e%2e/%2e%2e/etc/passwd']) {
    const { headers } = await scene.app.inject({ url })
    assert.match(String(headers['content-security-policy']), /default-src 'none'.*frame-ancestors 'none'/)
    assert.equal(headers['x-content-type-options'], 'nosniff')
    assert.equal(headers['cache-control'], 'no-store')
  }
})

test('a fault inside shows its code and request id, and nothing else', async () => {
  const { ledger } = scene.instance
  const real = ledger.counts.bind(ledger)
  ledger.counts = () => Promise.reject(new Error('the secret path is lantern'))
  const answer = await scene.app.inject({ url: '/v1/status', headers: investigator })
  ledger.counts = real
  assert.equal(answer.statusCode, 500)
  assert.equal(code(answer), 'internal/fault')
  assert.ok(!answer.body.includes('lantern'))
  assert.equal(scene.faults.length, 1)
  scene.faults.length = 0
})

test('the description is OpenAPI 3.1 and names every route', async () => {
  const spec = (await scene.app.inject({ url: '/openapi.json', headers: investigator })).json() as {
    openapi: string
    paths: Record<string, Record<string, unknown>>
  }
  assert.match(spec.openapi, /^3\.1/)
  for (const { method, url } of scene.app.routeEntries) {
    if (url === '/openapi.json') continue
    const path = url.replaceAll(/:(\w+)/g, '{$1}')
    assert.ok(spec.paths[path]?.[method.toLowerCase()], `${method} ${url}`)
  }
})

test('the switch and the threshold hold at once, and stay for the next start', async () => {
  await post('/v1/labels', label('acct-0400', { probability: 0.6 }))
  const set = (payload: object) => scene.app.inject({ method: 'PUT', url: '/v1/guard', headers: investigator, payload })
  assert.equal((await ask(['acct-0400'])).verdicts[0]!.action, 'drop')
  await set({ on: true, threshold: 0.7 })
  assert.equal((await ask(['acct-0400'])).verdicts[0]!.action, 'allow')
  await set({ on: false, threshold: 0.5 })
  assert.equal((await ask(['acct-0400'])).verdicts[0]!.action, 'allow')
  assert.equal((await scene.instance.guardSettings.read()).on, false)
  await set({ on: true, threshold: 0.5 })
  assert.equal((await ask(['acct-0400'])).verdicts[0]!.action, 'drop')
  assert.equal((await set({ on: true, threshold: 2 })).statusCode, 400)
})

const importer = async (payload: string | Buffer, query: string, type = 'text/csv') => {
  const headers = { ...investigator, 'content-type': type }
  const answer = await scene.app.inject({ method: 'POST', url: `/v1/imports?${query}`, headers, payload })
  if (answer.statusCode !== 202) return { answer, state: null }
  const { id } = answer.json() as { id: string }
  await scene.instance.imports.settled()
  const state = (await scene.app.inject({ url: `/v1/imports/${id}`, headers: investigator })).json()
  return { answer, state: state as Record<string, unknown> }
}

test('an edge list is streamed in, plain or compressed, every line accounted for; a second time it changes nothing', async () => {
  const csv = `source,target\n${Array.from({ length: 300 }, (_, i) => `left-${i},right-${i % 7}`).join('\n')}\nlonely\n`
  const first = await importer(csv, 'name=follows.csv')
  assert.deepEqual(
    [first.state!.accepted, first.state!.badTotal, first.state!.finished],
    [300, 1, true],
    JSON.stringify(first.state),
  )
  const second = await importer(gzipSync(csv), 'name=follows.csv.gz&relation=follow', 'application/gzip')
  assert.deepEqual([second.state!.accepted, second.state!.duplicates], [0, 300])
})

test('an upload that is no edge list says so without naming where it was kept', async () => {
  const { state } = await importer('lonely\nalone\n', 'name=notes.txt', 'text/plain')
  assert.match(JSON.stringify(state!.error), /notes\.txt/)
  assert.ok(!JSON.stringify(state).includes('uploads'))
  assert.equal((await importer('a,b', 'name=..%2F..%2Fetc')).answer.statusCode, 400)
  assert.equal((await importer('a,b', 'name=x&relation=DROP')).answer.statusCode, 400)
})

const settled = async (id: string) => {
  await scene.instance.networks.settled()
  return id
}

test('a network is mapped from seeds, labelled, undone; ids are stand-ins until somebody entitled asks, which is recorded', async () => {
  const ring = Array.from({ length: 12 }, (_, i) => `ring-${i}`)
  const edges = ring.flatMap((from) => ring.filter((to) => to !== from).map((to) => `${from},${to}`))
  const crowd = Array.from({ length: 400 }, (_, i) => `crowd-${i},crowd-${(i * 7 + 1) % 400}`)
  await importer(['source,target', ...edges, ...crowd].join('\n'), 'name=ring.csv')
  const asked = await post('/v1/networks', { seeds: ['ring-0', 'ring-1', 'ring-2'], name: 'Ring' }, investigator)
  assert.equal(asked.statusCode, 202)
  const id = await settled((asked.json() as { id: string }).id)
  const read = (headers: Record<string, string>, query = '') =>
    scene.app.inject({ url: `/v1/networks/${id}${query}`, headers })

  const hidden = await read(investigator)
  const document = hidden.json() as {
    status: string
    pseudonymous: boolean
    map: { accounts: { account: string; member: boolean }[] }
  }
  assert.equal(document.status, 'done', hidden.body)
  assert.equal(document.pseudonymous, true)
  assert.ok(!hidden.body.includes('ring-'), 'no id anywhere in the answer')
  assert.match((await read(investigator, '?reveal=1')).body, /"ring-3"/)
  assert.equal((await read(await scene.signedIn('moderator'), '?reveal=1')).statusCode, 403)
  const reveals = await scene.instance.ledger.audit({ kind: 'reveal', limit: 10 })
  assert.equal(reveals.length, 1)

  const { applied } = (await post(`/v1/networks/${id}/labels`, {}, investigator)).json() as { applied: number }
  assert.ok(applied >= 3)
  assert.equal((await ask(['ring-0'])).verdicts[0]!.action, 'drop')
  const again = (await post(`/v1/networks/${id}/labels`, {}, investigator)).json() as { applied: number }
  assert.equal(again.applied, applied, 'applying twice labels nobody twice')
  assert.equal(((await read(investigator)).json() as { labels: { active: number } }).labels.active, applied)
  const undone = await scene.app.inject({ method: 'DELETE', url: `/v1/networks/${id}/labels`, headers: investigator })
  assert.deepEqual(undone.json(), { retracted: applied })
  assert.equal((await ask(['ring-0'])).verdicts[0]!.action, 'allow')

  const standIn = document.map.accounts[0]!.account
  const marked = await post(`/v1/networks/${id}/marks`, { account: standIn, mark: 'victim' }, investigator)
  assert.equal(marked.statusCode, 202, marked.body)
  await settled(id)
  const after = await read(investigator)
  assert.ok(!after.body.includes(standIn), 'a victim is never listed')
  assert.equal((after.json() as { map: { protectedCount: number } }).map.protectedCount >= 1, true)
  const stranger = await post(`/v1/networks/${id}/marks`, { account: 'crowd-nobody', mark: 'member' }, investigator)
  assert.equal(code(stranger), 'http/not-found')
})

test('a draw of random accounts has a number, and the same number draws the same accounts again', async () => {
  const drawn = async (body: object) => {
    const { id } = (await post('/v1/networks', { randomSeeds: 3, ...body }, investigator)).json() as { id: string }
    await settled(id)
    const { json } = await scene.app.inject({ url: `/v1/networks/${id}`, headers: investigator })
    const { name, draw, map } = json() as { name: string; draw: number; map: { seeds: { account: string }[] } }
    return { name, draw, seeds: map.seeds.map(({ account }) => account) }
  }
  const first = await drawn({})
  assert.equal(first.name, `3 random accounts, draw ${first.draw}`)
  const second = await drawn({})
  assert.notEqual(second.draw, first.draw, 'another one each time')
  assert.deepEqual(await drawn({ draw: first.draw }), first)
})

test('unknown networks, probes and imports are not there; a request for one needs seeds', async () => {
  for (const url of ['/v1/networks/nowhere', '/v1/probes/nowhere', '/v1/imports/nowhere', '/v1/networks/__proto__'])
    assert.equal((await scene.app.inject({ url, headers: investigator })).statusCode, 404, url)
  for (const body of [{}, { seeds: [] }, { seeds: ['a'], randomSeeds: 3 }, { randomSeeds: 0 }])
    assert.equal((await post('/v1/networks', body, investigator)).statusCode, 400)
})

test('an address that is no recommender fails the run with a code, not the server', async () => {
  assert.equal((await post('/v1/probes', {}, investigator)).statusCode, 400)
  assert.equal((await post('/v1/probes', { recommender: 'file:///etc/passwd' }, investigator)).statusCode, 400)
  assert.equal((await post('/v1/probes', { definition: { name: 1 } }, investigator)).statusCode, 400)
  const definition = {
    name: 'nobody there',
    recommender: { url: 'http://127.0.0.1:9/{viewer}', timeoutMs: 500 },
    contact: { network: ['acct-1'], benign: ['acct-2'] },
  }
  const { id } = (await post('/v1/probes', { definition }, investigator)).json() as { id: string }
  for (let i = 0; i < 100; i++) {
    const run = (await scene.app.inject({ url: `/v1/probes/${id}`, headers: investigator })).json() as {
      status: string
      error?: { code: string }
    }
    if (run.status !== 'running') {
      assert.equal(run.status, 'failed')
      assert.equal(run.error?.code.startsWith('probe/'), true, JSON.stringify(run))
      return
    }
    await pause(20)
  }
  assert.fail('the run never ended')
})
