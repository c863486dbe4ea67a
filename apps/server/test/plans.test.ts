import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import type { Hand, HandAnswer, Step, Told } from '@firebreak/enforcement'
import { follow, openScene, type Scene } from './scene.ts'

class Platform implements Hand {
  readonly name = 'test platform'
  readonly live = true
  readonly told: { step: Step; told: Told }[] = []
  async act(step: Step, told: Told): Promise<HandAnswer> {
    this.told.push({ step, told })
    return { outcome: 'acknowledged' }
  }
}

const platform = new Platform()
let scene: Scene
let caseId = ''
let author: Record<string, string>
let second: Record<string, string>

before(async () => {
  scene = await openScene({ hand: platform })
  author = await scene.signedIn('investigator')
  second = await scene.signedIn('investigator')
  const names = ['s1', 's2', 'm1', 'm2', 'm3', 'm4']
  const ring = names.flatMap((a) => names.filter((b) => b !== a).map((b) => follow(`${a}-${b}`, a, b)))
  const crowd = Array.from({ length: 60 }, (_, i) => [
    follow(`f${i}`, `c${i}`, `c${(i + 1) % 60}`),
    follow(`g${i}`, `c${i}`, `c${(i * 7 + 3) % 60}`),
  ]).flat()
  const post = { ...follow('p1', 'm1', 'x'), type: 'post.created', subject: { type: 'content', id: 'post-1' } }
  const headers = await scene.key('events:write')
  const stored = await scene.app.inject({
    method: 'POST',
    url: '/v1/events',
    headers,
    payload: [...ring, ...crowd, post],
  })
  assert.equal(stored.statusCode, 200, stored.body)
  const opened = await call('POST', '/v1/cases', author, {
    name: 'paper lanterns',
    policy: 'child-safety/network',
    legalBasis: 'terms of service',
    expiresAt: new Date(scene.now + 20 * 86_400_000).toISOString(),
  })
  assert.equal(opened.status, 201)
  caseId = opened.body.id as string
})
after(() => scene.close())

async function call(method: 'GET' | 'POST', url: string, headers: Record<string, string>, payload?: object) {
  const answer = await scene.app.inject({ method, url, headers, ...(payload ? { payload } : {}) })
  const json = answer.headers['content-type']?.toString().includes('json')
  // biome-ignore lint/suspicious/noExplicitAny: answers are read field by field below
  return { status: answer.statusCode, text: answer.body, body: json ? (JSON.parse(answer.body) as any) : {} }
}

const draft = (accounts: string[]) =>
  call('POST', `/v1/cases/${caseId}/plans`, author, { accounts, sanctions: [{ kind: 'disable' }] })

test('a draft names nobody by their id until it is revealed, and a reveal is logged', async () => {
  const { status, text, body } = await draft(['m1', 'm2'])
  assert.equal(status, 201)
  assert.ok(!text.includes('"m1"') && body.pseudonymous)
  assert.deepEqual(
    body.members.map((member: { grounds: string }) => member.grounds),
    ['conduct', 'association'],
  )
  const revealed = await call('GET', `/v1/plans/${body.id}?reveal=1`, author)
  assert.ok(revealed.text.includes('"m1"'))
  const moderator = await scene.signedIn('moderator')
  assert.equal((await call('GET', `/v1/plans/${body.id}?reveal=1`, moderator)).status, 403)
  const reveals = await scene.instance.ledger.audit({ kind: 'reveal' })
  assert.ok(reveals.some(({ data }) => data.plan === body.id))
})

test('from draft to receipts to undo, with every refusal on the way', async () => {
  const post2 = { ...follow('p2', 'm2', 'x'), type: 'post.created', subject: { type: 'content', id: 'post-2' } }
  await call('POST', '/v1/events', await scene.key('events:write'), [post2])
  const { body: plan } = await draft(['m1', 'm2'])
  const at = `/v1/plans/${plan.id}`
  assert.equal(plan.approvalsNeeded, 1)
  assert.equal((await call('POST', `${at}/execute`, author)).body.code, 'plan/obstacles')
  for (const { account, conduct } of plan.members as { account: string; conduct: { place: number }[] }[])
    for (const { place } of conduct) {
      const looked = await call('POST', `${at}/evidence`, author, { account, place })
      assert.match(looked.body.ref, /^content:post-/)
      assert.equal((await call('POST', `${at}/evidence`, author, { account, place, finding: 'supports' })).status, 200)
    }
  assert.equal((await call('POST', `${at}/rehearse`, author)).body.state, 'rehearsed')
  assert.equal((await call('POST', `${at}/approve`, author)).body.code, 'plan/second-person')
  assert.equal((await call('POST', `${at}/approve`, await scene.signedIn('moderator'))).status, 403)
  assert.equal((await call('POST', `${at}/approve`, second)).body.state, 'approved')
  assert.equal((await call('POST', `${at}/execute`, author)).status, 202)
  scene.now += 60_000
  await scene.instance.enforcement.carrier!.tick()
  const { receipts } = (await call('GET', `${at}/receipts`, author)).body
  assert.deepEqual(
    receipts.map(({ state }: { state: string }) => state),
    ['acknowledged', 'acknowledged'],
  )
  assert.equal((await call('GET', at, author)).body.state, 'done')
  const undone = await call('POST', `${at}/undo`, author, {})
  assert.deepEqual([undone.status, undone.body.reversed], [202, 2])
})

test('the affected person appeals by their link without signing in; another person decides; it is taken back', async () => {
  const { body: plan } = await draft(['m3'])
  await call('POST', `/v1/plans/${plan.id}/rehearse`, author)
  assert.equal((await call('POST', `/v1/plans/${plan.id}/execute`, author)).status, 202)
  scene.now += 60_000
  await scene.instance.enforcement.carrier!.tick()
  const link = new URL(platform.told.findLast(({ step }) => step.direction === 'act')!.told.appealUrl!)
  const page = await call('GET', link.pathname + link.search, {})
  assert.equal(page.status, 200)
  assert.match(page.text, /<form method="post"/)
  assert.ok(!page.text.includes('m3'))
  const sent = await scene.app.inject({
    method: 'POST',
    url: '/appeal',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    payload: new URLSearchParams({ token: link.searchParams.get('token')!, statement: '<script>"&' }).toString(),
  })
  assert.equal(sent.statusCode, 303)
  const { appeals } = (await call('GET', '/v1/appeals', second)).body
  assert.equal(appeals.length, 1)
  const url = `/v1/appeals/${appeals[0].id}`
  assert.equal((await call('GET', url, second)).body.statement, '<script>"&')
  const decision = { outcome: 'overturned', reason: 'a family computer' }
  assert.equal((await call('POST', `${url}/decision`, author, decision)).body.code, 'appeal/refused')
  assert.equal((await call('POST', `${url}/decision`, second, decision)).body.state, 'overturned')
  await scene.instance.enforcement.carrier!.tick()
  assert.ok(platform.told.some(({ step }) => step.direction === 'reverse' && step.planId === plan.id))
  assert.match((await call('GET', link.pathname + link.search, {})).text, /taken back/)
})

test('a forged link is not found, whatever is wrong with it', async () => {
  for (const token of ['x', `a.0.${'A'.repeat(24)}`, '../..', '%00'])
    assert.equal((await call('GET', `/appeal?token=${encodeURIComponent(token)}`, {})).body.code, 'http/not-found')
  const page = await call('GET', '/appeal?token=x', { accept: 'text/html' })
  assert.deepEqual([page.status, page.text.includes('<h1>Appeal</h1>')], [404, true])
})

test('a child marked by the child-safety role is in no network’s list, picture or labels, whenever it was mapped', async () => {
  const started = await call('POST', '/v1/networks', author, { seeds: ['s1', 's2'] })
  await scene.instance.networks.settled()
  const { map } = await scene.instance.networks.judged(started.body.id)
  const child = map.accounts.find(({ account }) => account.startsWith('m'))!.account
  const guardian = await scene.signedIn('child-safety-moderator')
  const marked = await scene.app.inject({
    method: 'PUT',
    url: '/v1/victims',
    headers: guardian,
    payload: { account: child, marked: true },
  })
  assert.ok(marked.statusCode < 300, marked.body)
  const revealed = await call('GET', `/v1/networks/${started.body.id}?reveal=1`, author)
  assert.ok(!revealed.text.includes(`"${child}"`))
  await call('POST', `/v1/networks/${started.body.id}/labels`, author)
  const labels = await scene.instance.ledger.labels.active({ subject: { type: 'account', id: child } })
  assert.ok(labels.every(({ value }) => value !== 'network-member'))
})

test('nobody but Firebreak’s own detectors writes the labels that rules act on unasked, and none lasts longer than 30 days', async () => {
  const key = await scene.key('labels:write')
  const subject = { type: 'content', id: 'post-1' }
  const label = (rest: object) =>
    call('POST', '/v1/labels', key, { subject, value: 'seashell', reason: 'test', ...rest })
  assert.equal((await label({ value: 'known-media' })).status, 400)
  assert.equal((await label({ source: 'bank:adopted' })).status, 400)
  assert.equal((await label({ expiresAt: new Date(scene.now + 100 * 86_400_000).toISOString() })).status, 400)
  assert.equal((await label({ source: 'platform:trust' })).status, 201)
})
