import assert from 'node:assert/strict'
import test, { after } from 'node:test'
import { openScene } from './scene.ts'

const DAY = 86_400_000
const scene = await openScene()
after(() => scene.close())

test('what is due goes by itself, is recorded, and the tasks behind it can be seen and tried again', async () => {
  const { instance, app } = scene
  const { ledger } = instance
  const by = { kind: 'system', id: 'test' } as const
  const at = new Date(scene.now).toISOString()
  const viewed = {
    id: 'v-1',
    type: 'view.sampled',
    at,
    actor: { type: 'account', id: 'acct-1' },
    subject: { type: 'content', id: 'p-1' },
  }
  await ledger.append([viewed], by)
  scene.now += 91 * DAY
  await instance.retention.begin()
  for (let tries = 0; tries < 400 && (await ledger.audit({ kind: 'retention.swept' })).length === 0; tries++)
    await new Promise((later) => setTimeout(later, 50))
  const [swept] = await ledger.audit({ kind: 'retention.swept' })
  assert.deepEqual(
    (swept!.data.removed as { removed: number }[]).map(({ removed }) => removed),
    [1],
  )
  assert.equal((await ledger.verify()).ok, true)

  const auditor = await scene.signedIn('auditor')
  const seen = await app.inject({ url: '/v1/tasks', headers: auditor })
  assert.equal(seen.statusCode, 200)
  const { tasks } = seen.json<{ tasks: { name: string; completed: number }[] }>()
  assert.ok(tasks.some(({ name }) => name === 'retention'))
  assert.equal(
    (await app.inject({ method: 'POST', url: '/v1/tasks/replay', headers: auditor, payload: {} })).statusCode,
    403,
  )
  const admin = await scene.signedIn('admin')
  const replayed = await app.inject({
    method: 'POST',
    url: '/v1/tasks/replay',
    headers: admin,
    payload: { name: 'retention' },
  })
  assert.deepEqual(replayed.json(), { replayed: 0 })
  assert.equal((await ledger.audit({ kind: 'tasks.replayed' })).length, 1)
})
