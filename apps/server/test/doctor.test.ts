import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import test, { after } from 'node:test'
import { run } from '../src/cli/run.ts'
import type { Check } from '../src/doctor/check.ts'
import { dataDirectory, keyFile, nodeVersion, portState } from '../src/doctor/machine.ts'
import { openStore } from '../src/instance/open-store.ts'
import { startServer } from '../src/start.ts'

const root = mkdtempSync(join(tmpdir(), 'firebreak-doctor-'))
after(() => rmSync(root, { recursive: true, force: true }))

async function doctor(...args: string[]): Promise<{ code: number; checks: Map<string, Check> }> {
  let out = ''
  const write = new Writable({
    write(chunk, _encoding, done) {
      out += chunk
      done()
    },
  })
  const code = await run(['doctor', '--json', ...args], {
    out: write,
    err: new Writable({ write: (_c, _e, done) => done() }),
  })
  const { checks } = JSON.parse(out) as { checks: Check[] }
  return { code, checks: new Map(checks.map((check) => [check.name, check])) }
}

test('a directory without a store is noted, not failed', async () => {
  const { code, checks } = await doctor('--data', join(root, 'fresh'), '--port', '0')
  assert.equal(code, 0, JSON.stringify([...checks.values()]))
  assert.equal(checks.get('store')?.state, 'note')
  assert.equal(checks.get('node')?.state, 'ok')
})

test('a store that is held by a silent process, and one whose key is gone, are failures that say what to do', async () => {
  const dir = join(root, 'held')
  const store = await openStore({ dir, databaseUrl: undefined, clock: Date.now })
  const held = await doctor('--data', dir, '--port', '0')
  await store.close()
  assert.deepEqual([held.code, held.checks.get('lock')?.state], [1, 'fail'])
  const free = await doctor('--data', dir, '--port', '0')
  assert.deepEqual([free.code, free.checks.get('store')?.state, free.checks.get('clock')?.state], [0, 'ok', 'ok'])
  rmSync(join(dir, 'master.key'))
  const lost = await doctor('--data', dir, '--port', '0')
  assert.equal(lost.code, 1)
  assert.match(lost.checks.get('master.key')?.detail ?? '', /backup/)
  assert.equal(lost.checks.get('store')?.state, 'fail')
})

test('through a running server it tells the lock, the guard’s freshness and the clock', async () => {
  const data = join(root, 'served')
  const server = await startServer({ data, demo: false, port: 0, console: false })
  try {
    const { code, checks } = await doctor('--data', data, '--port', new URL(server.url).port)
    assert.equal(code, 0, JSON.stringify([...checks.values()]))
    for (const name of ['lock', 'store', 'guard', 'clock', 'port']) assert.equal(checks.get(name)?.state, 'ok', name)
  } finally {
    await server.close()
  }
})

test('an old Node, open permissions, a cut key and a port in use are failures', async () => {
  assert.equal(nodeVersion('v20.20.2').state, 'fail')
  assert.equal(nodeVersion('v22.18.0').state, 'ok')
  assert.equal(nodeVersion('v24.0.0').state, 'ok')
  const open = mkdtempSync(join(root, 'open-'))
  chmodSync(open, 0o755)
  assert.equal(dataDirectory(open).state, 'fail')
  writeFileSync(join(open, 'edge.key'), new Uint8Array(7), { mode: 0o600 })
  assert.equal(keyFile(open, 'edge.key', true).state, 'fail')
  writeFileSync(join(open, 'edge.key'), new Uint8Array(32))
  assert.equal(keyFile(open, 'edge.key', true).state, 'ok')
  chmodSync(join(open, 'edge.key'), 0o644)
  assert.equal(keyFile(open, 'edge.key', true).state, 'fail')
  const busy = createServer()
  await new Promise<void>((done) => busy.listen(0, '127.0.0.1', done))
  const { port } = busy.address() as { port: number }
  assert.equal((await portState(port, false)).state, 'fail')
  assert.equal((await portState(port, true)).state, 'ok')
  busy.close()
})
