import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after, before, describe } from 'node:test'
import { isFirebreakError } from '@firebreak/kernel'
import { withPostgres } from '@firebreak/ledger/testing'
import type { ProcessRole } from '../src/instance/process-role.ts'
import { settingsFrom } from '../src/instance/settings.ts'
import { type RunningServer, startServer } from '../src/start.ts'

const dir = mkdtempSync(join(tmpdir(), 'firebreak-serve-'))
after(() => rmSync(dir, { recursive: true, force: true }))

const postgres = await withPostgres()

const refusal = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
    return 'accepted'
  } catch (error) {
    return isFirebreakError(error) ? error.code : String(error)
  }
}
const settingCode = (env: Record<string, string>) => refusal(Promise.resolve().then(() => settingsFrom(env)))

test('a setting that makes no sense is refused by its name; empty ones count as absent', async () => {
  assert.equal(
    await settingCode({ FIREBREAK_ACTIONS_URL: 'ftp://x', FIREBREAK_ACTIONS_SECRET: 'whsec_x' }),
    'usage/option',
  )
  assert.equal(await settingCode({ FIREBREAK_ACTIONS_URL: 'https://platform.example' }), 'usage/option')
  assert.equal(await settingCode({ FIREBREAK_PAGE_MAIL: 'nobody' }), 'usage/option')
  assert.equal(await settingCode({ FIREBREAK_ACTIONS_URL: '', FIREBREAK_PAGE_MAIL: '' }), 'accepted')
  assert.deepEqual(settingsFrom({ FIREBREAK_PRIVATE_HOSTS: 'a:1, b' }).privateHosts, ['a:1', 'b'])
})

test('a process with a role of its own needs a PostgreSQL', async () => {
  const config = { data: join(dir, 'embedded'), demo: false, port: 0, roles: new Set<ProcessRole>(['guard']) }
  assert.equal(await refusal(startServer(config)), 'usage/option')
})

describe('over one PostgreSQL, api, guard and worker run apart', {
  skip: postgres === null ? 'no PostgreSQL here' : false,
}, () => {
  const servers = new Map<ProcessRole, RunningServer>()
  before(async () => {
    const databaseUrl = await postgres!.database()
    for (const role of ['api', 'guard', 'worker'] as const) {
      const config = {
        data: join(dir, 'pg'),
        demo: false,
        port: 0,
        databaseUrl,
        roles: new Set([role]),
        console: false,
      }
      servers.set(role, await startServer(config))
    }
  })
  after(async () => {
    await Promise.all([...servers.values()].map((server) => server.close()))
    await postgres!.stop()
  })

  const at = (role: ProcessRole, path: string) => `${servers.get(role)!.url}${path}`

  test('a label written through the API is in the guard’s answer within a second', async () => {
    const link = await fetch(servers.get('api')!.signInLink, { redirect: 'manual' })
    const cookie = link.headers.get('set-cookie')!.split(';')[0]!
    const json = { cookie, 'content-type': 'application/json' }
    const keyed = await fetch(at('api', '/v1/api-keys'), {
      method: 'POST',
      headers: json,
      body: JSON.stringify({ name: 'platform', scopes: ['labels:write', 'verdicts'] }),
    })
    const { token } = (await keyed.json()) as { token: string }
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const subject = { type: 'account', id: 'acct-1' }
    const label = { subject, value: 'network-member', reason: 'test', probability: 1 }
    const ask = async () => {
      const body = JSON.stringify({ surface: 'recommend_accounts', viewer: 'acct-9', subjects: [subject] })
      const answer = await fetch(at('guard', '/v1/verdicts'), { method: 'POST', headers, body })
      return ((await answer.json()) as { verdicts: { action: string }[] }).verdicts[0]?.action
    }
    assert.equal(await ask(), 'allow')
    const written = await fetch(at('api', '/v1/labels'), { method: 'POST', headers, body: JSON.stringify(label) })
    assert.equal(written.status, 201)
    const until = Date.now() + 1_000
    while ((await ask()) === 'allow' && Date.now() < until) await new Promise((resolve) => setTimeout(resolve, 20))
    assert.equal(await ask(), 'drop')
  })

  test('guard and worker answer how they are and nothing of the API', async () => {
    for (const role of ['guard', 'worker'] as const) {
      assert.equal((await fetch(at(role, '/health'))).status, 200)
      assert.equal((await fetch(at(role, '/v1/networks'))).status, 404)
      assert.equal((await fetch(at(role, '/sign-in'))).status, 404)
    }
    assert.equal((await fetch(at('worker', '/v1/verdicts'), { method: 'POST' })).status, 404)
  })
})
