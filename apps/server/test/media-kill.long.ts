import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { openStore } from '../src/instance/open-store.ts'
import { noisePicture } from './picture.ts'

const MEDIA = 200
const PORT = 9208
const main = join(import.meta.dirname, '../src/main.ts')

test('hashing processes and the whole server are killed in the middle: every medium is hashed in the end', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'firebreak-media-kill-'))
  const pictures = Array.from({ length: MEDIA }, () => noisePicture(200, 160))
  const platform = createServer((request, response) => {
    const picture = pictures[Number(request.url?.slice(1))]
    if (picture === undefined) return response.writeHead(404).end()
    response.writeHead(200, { 'content-type': 'image/png' })
    response.end(picture)
  })
  await new Promise<void>((listening) => platform.listen(0, '127.0.0.1', listening))
  const host = `127.0.0.1:${(platform.address() as AddressInfo).port}`
  let server: ChildProcess | null = null
  t.after(() => {
    server?.kill('SIGKILL')
    platform.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const store = await openStore({ dir, clock: Date.now })
  const scopes = ['read', 'events:write', 'banks:write', 'media:write']
  const { token } = await store.ledger.apiKeys.create({ name: 'test', scopes }, { kind: 'system', id: 'test' })
  await store.close()
  const call = async (method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const answer = await fetch(`http://127.0.0.1:${PORT}${path}`, {
      method,
      headers,
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    assert.ok(answer.ok, `${path}: ${answer.status}`)
    return answer.status === 204 ? {} : ((await answer.json()) as Record<string, unknown>)
  }
  const start = async () => {
    server = spawn(process.execPath, [main, 'start', '--data', dir, '--port', String(PORT)], {
      ...{ stdio: 'ignore', env: { ...process.env, FIREBREAK_MEDIA_HOSTS: host } },
    })
    while (
      !(await fetch(`http://127.0.0.1:${PORT}/health`).then(
        (a) => a.ok,
        () => false,
      ))
    )
      await setTimeout(100)
  }
  const media = async () => (await call('GET', '/v1/signals/status')).media as Record<string, number>

  await start()
  const at = new Date().toISOString()
  const events = pictures.map((_, i) => ({
    ...{ id: `post-${i}`, type: 'post.created', at, actor: { type: 'account', id: `acct-${i % 9}` } },
    ...{ subject: { type: 'content', id: `content-${i}` }, data: { attachments: [{ url: `http://${host}/${i}` }] } },
  }))
  await call('POST', '/v1/events', events)
  for (let killed = 0; killed < 3; ) {
    await setTimeout(150)
    const children = childrenOf(server!.pid!)
    if (((await media()).hashed ?? 0) < 10 || children.length === 0) continue
    for (const child of children) process.kill(child, 'SIGKILL')
    killed++
  }
  const gone = new Promise((done) => server!.once('exit', done))
  server!.kill('SIGKILL')
  await gone
  await start()
  for (;;) {
    const { pending, hashed, failed } = await media()
    assert.equal(failed, 0)
    if (pending === 0 && hashed === MEDIA) break
    await setTimeout(500)
  }
})

/** Processes that hash for the server: its children that run the hashing worker. */
function childrenOf(pid: number): number[] {
  const listed = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return listed === ''
    ? []
    : listed
        .split(' ')
        .map(Number)
        .filter((child) => readFileSync(`/proc/${child}/cmdline`, 'utf8').includes('hashing-worker'))
}
