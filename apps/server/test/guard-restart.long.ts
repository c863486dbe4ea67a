import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'

const ROOT = join(import.meta.dirname, '../../..')
type Surface = 'recommend_accounts' | 'link_open'
interface Client {
  verdicts(request: object): Promise<{ local: boolean; verdicts: readonly { action: string; reason: string }[] }>
}

async function started(dir: string, port: number): Promise<{ child: ChildProcess; url: string; token: string }> {
  const child = spawn(
    process.execPath,
    [join(ROOT, 'apps/server/src/main.ts'), 'start', '--data', dir, '--port', String(port)],
    { stdio: 'ignore' },
  )
  for (let i = 0; i < 600; i++) {
    await pause(100)
    try {
      const { url, token, pid } = JSON.parse(readFileSync(join(dir, 'server.json'), 'utf8')) as {
        url: string
        token: string
        pid: number
      }
      if (pid === child.pid && (await fetch(`${new URL(url).origin}/health`)).ok) return { child, url, token }
    } catch {}
  }
  throw new Error('the server did not start')
}

test('the guard is killed under load and started again: meanwhile the fail mode answers, afterwards the labels count as before', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'firebreak-restart-'))
  const { Firebreak } = (await import(pathToFileURL(join(ROOT, 'sdk/src/index.ts')).href)) as {
    Firebreak: new (options: object) => Client
  }
  const first = await started(dir, 9521)
  t.after(() => first.child.kill('SIGKILL'))
  const call = async (token: string, path: string, body: object) => {
    const response = await fetch(`${first.url}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const text = await response.text()
    assert.ok(response.ok, text)
    return JSON.parse(text) as unknown
  }
  const { token: key } = (await call(first.token, '/v1/api-keys', {
    name: 'platform',
    scopes: ['verdicts', 'labels:write'],
  })) as { token: string }
  await call(key, '/v1/labels', {
    subject: { type: 'account', id: 'acct-1' },
    value: 'network-member',
    reason: 'drill',
    probability: 0.9,
  })
  const client = new Firebreak({ url: first.url, key, timeout: 1_000 })
  const seen: { surface: Surface; local: boolean; answer: string }[] = []
  let running = true
  const load = Promise.all(
    (['recommend_accounts', 'link_open'] as const).flatMap((surface) =>
      Array.from({ length: 4 }, async () => {
        while (running) {
          const { local, verdicts } = await client.verdicts({
            surface,
            subjects: [
              { type: 'account', id: 'acct-1' },
              { type: 'account', id: 'acct-2' },
            ],
          })
          seen.push({ surface, local, answer: verdicts.map(({ action, reason }) => `${action}/${reason}`).join(' ') })
          await pause(5)
        }
      }),
    ),
  )
  await pause(1_000)
  first.child.kill('SIGKILL')
  await pause(1_500)
  const second = await started(dir, 9521)
  t.after(() => second.child.kill('SIGKILL'))
  await pause(2_500)
  running = false
  await load
  second.child.kill('SIGTERM')
  await new Promise((resolve) => second.child.once('exit', resolve))
  rmSync(dir, { recursive: true, force: true })
  const answers = (surface: Surface, local: boolean) =>
    new Set(seen.filter((one) => one.surface === surface && one.local === local).map(({ answer }) => answer))
  assert.deepEqual([...answers('recommend_accounts', false)], ['drop/not-eligible allow/none'])
  assert.deepEqual([...answers('link_open', false)], ['allow/none allow/none'])
  assert.deepEqual([...answers('recommend_accounts', true)], ['drop/not-available drop/not-available'])
  assert.deepEqual([...answers('link_open', true)], ['allow/unchecked allow/unchecked'])
  assert.equal(seen.at(-1)!.local, false, 'it answers again')
})
