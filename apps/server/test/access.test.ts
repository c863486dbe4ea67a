import assert from 'node:assert/strict'
import test, { after, before, beforeEach } from 'node:test'
import type { Role } from '@firebreak/ledger'
import { codeAt } from '../src/access/codes.ts'
import { PERMISSIONS, type Permission, ROLE_PERMISSIONS, ROLES } from '../src/access/permissions.ts'
import { checkBind } from '../src/http/bind.ts'
import { openScene, type Scene } from './scene.ts'

let scene: Scene
before(async () => {
  scene = await openScene({ own: async () => 'http://127.0.0.1/own/sign-in?token=x' })
})
after(() => scene.close())
beforeEach(() => {
  scene.faults.length = 0
})

const code = (answer: { body: string }) => (JSON.parse(answer.body) as { code: string }).code
const example = (url: string) => url.replaceAll(/:\w+/g, 'x').replace('*', 'x')

test('only health, sign-in, the public notice form, personal links and signed webhooks can be reached without being signed in', async () => {
  const anonymous = scene.app.routeEntries.filter(({ needs }) => needs === 'anonymous')
  assert.deepEqual(anonymous.map(({ method, url }) => `${method} ${url}`).sort(), [
    'GET /appeal',
    'GET /health',
    'GET /notice',
    'GET /receipt',
    'GET /sign-in',
    'GET /v1/receipts/:receipt',
    'POST /appeal',
    'POST /notice',
    'POST /sign-in',
    'POST /v1/hooks/mastodon/:id',
  ])
  for (const { method, url, needs } of scene.app.routeEntries) {
    if (needs === 'anonymous') continue
    const answer = await scene.app.inject({ method: method as 'GET', url: example(url) })
    assert.equal(answer.statusCode, 401, `${method} ${url}`)
    assert.equal(code(answer), 'access/required')
  }
})

test('every role can call exactly the routes its permissions name', async () => {
  for (const role of ROLES) {
    const headers = await scene.signedIn(role)
    for (const { method, url, needs } of scene.app.routeEntries) {
      if (needs === 'anonymous' || url.endsWith('/progress') || url.endsWith('/sign-out')) continue
      const answer = await scene.app.inject({ method: method as 'GET', url: example(url), headers })
      const may = needs === 'signed-in' || ROLE_PERMISSIONS[role].includes(needs)
      assert.equal(answer.statusCode === 403, !may, `${role}: ${method} ${url} answered ${answer.statusCode}`)
      assert.notEqual(answer.statusCode, 401)
    }
  }
  assert.deepEqual(scene.faults, [])
})

test('every permission is needed by some route, and reveal and explain are looked at inside one', () => {
  const needed = new Set<string>(scene.app.routeEntries.map(({ needs }) => needs))
  const inside: Permission[] = ['reveal', 'explain']
  for (const permission of PERMISSIONS) assert.ok(needed.has(permission) || inside.includes(permission), permission)
})

test('an auditor changes nothing, and only an investigator sees who is who', () => {
  assert.deepEqual(ROLE_PERMISSIONS.auditor, ['read', 'audit'])
  const reveals = ROLES.filter((role: Role) => ROLE_PERMISSIONS[role].includes('reveal'))
  assert.deepEqual(reveals, ['investigator'])
})

test('a one-time link signs in once, sets a strict cookie and is then used up', async () => {
  const token = await scene.instance.access.signInToken()
  const first = await scene.app.inject({ url: `/sign-in?token=${token}` })
  assert.equal(first.statusCode, 303)
  const cookie = String(first.headers['set-cookie'])
  assert.match(cookie, /HttpOnly/)
  assert.match(cookie, /SameSite=Strict/)
  assert.match(cookie, /Path=\/;/)
  const me = await scene.app.inject({ url: '/v1/me', headers: { cookie: cookie.split(';')[0]! } })
  assert.deepEqual((me.json() as { user: { roles: string[] } }).user.roles, [...ROLES])
  const second = await scene.app.inject({ url: `/sign-in?token=${token}` })
  assert.equal(second.statusCode, 401)
  assert.equal(second.headers['set-cookie'], undefined)
})

test('a link ends after a quarter of an hour, a session after twelve', async () => {
  const token = await scene.instance.access.signInToken()
  const other = await scene.instance.access.signInToken()
  const signedIn = await scene.app.inject({ url: `/sign-in?token=${other}` })
  const cookie = String(signedIn.headers['set-cookie']).split(';')[0]!
  scene.now += 15 * 60_000 + 1
  assert.equal((await scene.app.inject({ url: `/sign-in?token=${token}` })).statusCode, 401)
  assert.equal((await scene.app.inject({ url: '/v1/me', headers: { cookie } })).statusCode, 200)
  scene.now += 12 * 3_600_000
  assert.equal((await scene.app.inject({ url: '/v1/me', headers: { cookie } })).statusCode, 401)
})

test('a tampered, foreign or signed-out cookie opens nothing', async () => {
  const { cookie } = (await scene.signedIn('admin')) as { cookie: string }
  const me = (value: string) => scene.app.inject({ url: '/v1/me', headers: { cookie: value } })
  assert.equal((await me(cookie)).statusCode, 200)
  const changed = cookie.endsWith('A') ? `${cookie.slice(0, -1)}B` : `${cookie.slice(0, -1)}A`
  for (const value of [changed, `${cookie}x`, cookie.replace('firebreak', 'other'), `${cookie.split('=')[0]}=`])
    assert.equal((await me(value)).statusCode, 401)
  assert.equal((await scene.app.inject({ method: 'POST', url: '/v1/sign-out', headers: { cookie } })).statusCode, 204)
  assert.equal((await me(cookie)).statusCode, 401)
})

test('a change with a cookie must come from this console; with an API key it may come from anywhere', async () => {
  const cookie = await scene.signedIn('admin')
  const put = (headers: Record<string, string>) =>
    scene.app.inject({ method: 'PUT', url: '/v1/guard', headers, payload: { on: true, threshold: 0.5 } })
  assert.equal((await put({ ...cookie, host: 'localhost:8787', origin: 'http://localhost:8787' })).statusCode, 200)
  assert.equal((await put(cookie)).statusCode, 200)
  for (const foreign of [
    { origin: 'http://localhost:9999', host: 'localhost:8787' },
    { origin: 'https://elsewhere.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'same-site' },
    { 'sec-fetch-site': 'cross-site' },
  ]) {
    const answer = await put({ ...cookie, ...foreign } as Record<string, string>)
    assert.equal(code(answer), 'http/cross-site', JSON.stringify(foreign))
  }
  const key = await scene.key('guard:write')
  assert.equal((await put({ ...key, origin: 'https://elsewhere.example' })).statusCode, 200)
})

test('a name pointed at this machine by somebody else is not served', async () => {
  for (const host of ['elsewhere.example', 'elsewhere.example:8787', '127.0.0.1.elsewhere.example', '[::2]:80']) {
    const answer = await scene.app.inject({ url: '/health', headers: { host } })
    assert.equal(answer.statusCode, 421, host)
  }
  for (const host of ['localhost:8787', '127.0.0.1:8787', '[::1]:8787', 'LOCALHOST'])
    assert.equal((await scene.app.inject({ url: '/health', headers: { host } })).statusCode, 200, host)
})

test('an API key does what its scopes say, is shown once, and nothing after it was revoked or has expired', async () => {
  const admin = await scene.signedIn('admin')
  const made = await scene.app.inject({
    method: 'POST',
    url: '/v1/api-keys',
    headers: admin,
    payload: { name: 'feed', scopes: ['verdicts'], expiresAt: new Date(scene.now + 60_000).toISOString() },
  })
  const { token } = made.json() as { token: string }
  const listed = await scene.app.inject({ url: '/v1/api-keys', headers: admin })
  assert.ok(!listed.body.includes(token))
  const headers = { authorization: `Bearer ${token}` }
  const ask = () =>
    scene.app.inject({
      method: 'POST',
      url: '/v1/verdicts',
      headers,
      payload: { surface: 'search', subjects: [{ type: 'account', id: 'acct-1' }] },
    })
  assert.equal((await ask()).statusCode, 200)
  const beyond = await scene.app.inject({ method: 'POST', url: '/v1/events', headers, payload: [] })
  assert.equal(code(beyond), 'access/denied')
  scene.now += 60_001
  assert.equal((await ask()).statusCode, 401)
  const second = await scene.key('verdicts')
  const all = (await scene.instance.ledger.apiKeys.list()).filter(({ revokedAt }) => revokedAt === null)
  for (const { id } of all)
    assert.equal(
      (await scene.app.inject({ method: 'DELETE', url: `/v1/api-keys/${id}`, headers: admin })).statusCode,
      204,
    )
  const gone = await scene.app.inject({ method: 'POST', url: '/v1/verdicts', headers: second, payload: {} })
  assert.equal(gone.statusCode, 401)
})

test('a key cannot be made to hand out more than its maker may do', async () => {
  const maker = await scene.key('api-keys', 'verdicts')
  const make = (scopes: string[]) =>
    scene.app.inject({ method: 'POST', url: '/v1/api-keys', headers: maker, payload: { name: 'more', scopes } })
  assert.equal((await make(['verdicts'])).statusCode, 201)
  assert.equal(code(await make(['verdicts', 'reveal'])), 'access/denied')
  assert.equal(code(await make(['everything'])), 'input/invalid')
})

test('malformed credentials are refused like missing ones', async () => {
  for (const authorization of [
    'Bearer',
    'Bearer ',
    'Basic YTpi',
    'Bearer a b',
    `Bearer ${'x'.repeat(5_000)}`,
    'bearer __proto__',
  ])
    assert.equal((await scene.app.inject({ url: '/v1/me', headers: { authorization } })).statusCode, 401)
})

test('password and code together sign in; each failure looks the same; a code opens once', async () => {
  const admin = await scene.signedIn('admin')
  const made = await scene.app.inject({
    method: 'POST',
    url: '/v1/users',
    headers: admin,
    payload: { name: 'Mira', password: 'seashell lantern 12', roles: ['admin'] },
  })
  const { user, codeSecret } = made.json() as { user: { id: string }; codeSecret: string }
  const enter = (name: string, password: string, given: string) =>
    scene.app.inject({ method: 'POST', url: '/sign-in', payload: { name, password, code: given } })
  const now = () => codeAt(codeSecret, scene.now)

  assert.equal(
    code(await enter('Mira', 'seashell lantern 12', now())),
    'access/refused',
    'the code is not confirmed yet',
  )
  assert.equal(await scene.instance.access.hasSecuredAdmin(), false)
  await assert.rejects(
    checkBind('0.0.0.0', () => scene.instance.access.hasSecuredAdmin()),
    { code: 'access/bind' },
  )
  const url = `/v1/users/${user.id}/code`
  const confirmed = await scene.app.inject({ method: 'POST', url, headers: admin, payload: { code: now() } })
  assert.equal(confirmed.statusCode, 204)
  assert.equal(await scene.instance.access.hasSecuredAdmin(), true)
  await checkBind('0.0.0.0', () => scene.instance.access.hasSecuredAdmin())

  assert.equal(code(await enter('Mira', 'seashell lantern 12', now())), 'access/refused', 'that code was used')
  scene.now += 30_000
  const wrong = [
    await enter('Mira', 'seashell lantern 13', now()),
    await enter('Nobody', 'seashell lantern 12', now()),
    await enter('Mira', 'seashell lantern 12', '000000'),
  ]
  assert.equal(new Set(wrong.map(({ body }) => JSON.parse(body).title)).size, 1)
  const inside = await enter('Mira', 'seashell lantern 12', now())
  assert.equal(inside.statusCode, 204)
  assert.match(String(inside.headers['set-cookie']), /SameSite=Strict/)
})

test('guessing is slowed down, and a short password is not taken', async () => {
  const enter = () =>
    scene.app.inject({ method: 'POST', url: '/sign-in', payload: { name: 'guessed', password: 'x', code: '000000' } })
  for (let i = 0; i < 5; i++) assert.equal(code(await enter()), 'access/refused')
  assert.equal(code(await enter()), 'access/throttled')
  scene.now += 1_001
  assert.equal(code(await enter()), 'access/refused')
  const short = await scene.app.inject({
    method: 'POST',
    url: '/v1/users',
    headers: await scene.signedIn('admin'),
    payload: { name: 'Short', password: 'lantern', roles: ['auditor'] },
  })
  assert.equal(code(short), 'access/password')
})

test('without an administrator with password and code, only this machine is listened to', async () => {
  const nobody = async () => false
  for (const address of ['127.0.0.1', '127.0.0.7', '::1', 'localhost']) await checkBind(address, nobody)
  for (const address of ['0.0.0.0', '::', '192.168.1.5', 'example.org', '127.0.0.1.example.org'])
    await assert.rejects(checkBind(address, nobody), { code: 'access/bind' })
})

test('sign-ins, refusals and new keys are in the audit log, without passwords or tokens', async () => {
  const auditor = await scene.signedIn('auditor')
  const log = await scene.app.inject({ url: '/v1/audit?limit=1000', headers: auditor })
  const kinds = new Set((log.json() as { entries: { kind: string }[] }).entries.map(({ kind }) => kind))
  for (const kind of ['sign-in', 'sign-in.refused']) assert.ok(kinds.has(kind), `${kind} in ${[...kinds]}`)
  assert.ok(!log.body.includes('seashell lantern'))
  const verified = await scene.app.inject({ url: '/v1/audit/verify', headers: auditor })
  assert.equal((verified.json() as { ok: boolean }).ok, true)
})
