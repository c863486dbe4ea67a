import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import test, { after } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { readServerFile } from '../src/instance/server-file.ts'
import { demoDirectory, type RunningServer, startServer } from '../src/start.ts'

const root = mkdtempSync(join(tmpdir(), 'firebreak-start-'))
after(() => rmSync(root, { recursive: true, force: true }))

/** One directory for all of them: making a new store is what takes the time. */
const dir = join(root, 'main')
const start = (rest: object = {}): Promise<RunningServer> =>
  startServer({ data: dir, demo: false, port: 0, console: false, ...rest })

/** Follows a one-time link like a browser does and keeps the cookie. */
async function enter(link: string): Promise<Record<string, string>> {
  const answer = await fetch(link, { redirect: 'manual' })
  assert.equal(answer.status, 303)
  return { cookie: answer.headers.getSetCookie()[0]!.split(';')[0]! }
}

test('a start prints a link that signs in, writes its address down for the command line, and an open event stream does not keep it from stopping', async () => {
  const server = await start()
  const cookie = await enter(server.signInLink)
  const me = await fetch(`${server.url}/v1/me`, { headers: cookie })
  assert.equal(me.status, 200)

  const file = await readServerFile(dir)
  assert.equal(file?.url, server.url)
  assert.equal(statSync(join(dir, 'server.json')).mode & 0o777, 0o600)
  assert.equal(statSync(join(dir, 'edge.key')).mode & 0o777, 0o600)
  const byToken = await fetch(`${server.url}/v1/status`, { headers: { authorization: `Bearer ${file!.token}` } })
  assert.equal(byToken.status, 200)

  const events = await fetch(`${server.url}/v1/progress`, { headers: cookie })
  await server.close()
  await events.body?.cancel().catch(() => {})
  assert.equal(existsSync(join(dir, 'server.json')), false)
})

test('a restart keeps data, sessions and the keys of identifiers; the link of the last start is void', async () => {
  const first = await start()
  const cookie = await enter(first.signInLink)
  const file = await readServerFile(dir)
  const headers = { authorization: `Bearer ${file!.token}`, 'content-type': 'application/json' }
  const seen = (id: string) => ({
    id,
    type: 'identifier.seen',
    at: '2026-01-01T00:00:00Z',
    actor: { type: 'account', id: 'acct-1' },
    subject: { type: 'account', id: 'acct-1' },
    data: { kind: 'device', value: 'paper-lantern' },
  })
  const send = async (url: string, id: string, token: string) =>
    fetch(`${url}/v1/events`, {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${token}` },
      body: JSON.stringify([seen(id)]),
    })
  assert.equal((await send(first.url, 'e-1', file!.token)).status, 200)
  await first.close()
  const second = await start()
  try {
    assert.equal((await fetch(`${second.url}/v1/me`, { headers: cookie })).status, 200)
    assert.equal((await send(second.url, 'e-2', file!.token)).status, 401, 'the process token ended with its process')
    const token = (await readServerFile(dir))!.token
    assert.equal((await send(second.url, 'e-2', token)).status, 200)
    const { counts } = (await (await fetch(`${second.url}/v1/status`, { headers: cookie })).json()) as {
      counts: { events: number; edges: number }
    }
    assert.deepEqual([counts.events, counts.edges], [2, 1], 'both events name the same keyed identifier')
  } finally {
    await second.close()
  }
})

test('a second start on the same data is refused, and so is every address but this machine', async () => {
  const server = await start()
  try {
    await assert.rejects(start(), { code: 'ledger/locked' })
    assert.notEqual(await readServerFile(dir), null, 'the first one stays reachable')
  } finally {
    await server.close()
  }
  await assert.rejects(start({ bind: '0.0.0.0' }), { code: 'access/bind' })
  const taken = createServer().listen(0, '127.0.0.1')
  await once(taken, 'listening')
  await assert.rejects(start({ port: (taken.address() as AddressInfo).port }), { code: 'usage/option' })
  taken.close()
})

test('what a visitor imports into their own store never enters the store of the demo, nor one sign-in the other', async () => {
  const server = await start({ demo: true, data: join(root, 'visit', 'main') })
  let visitor = ''
  try {
    const demo = { ...(await enter(server.signInLink)), origin: server.url }
    assert.equal((await fetch(`${server.url}/own/v1/me`, { headers: demo })).status, 401, 'nobody is in there yet')
    const opened = await fetch(`${server.url}/v1/own-data`, { method: 'POST', headers: demo })
    const { signIn } = (await opened.json()) as { signIn: string }
    const answer = await fetch(signIn, { redirect: 'manual' })
    const setCookie = answer.headers.getSetCookie()[0]!
    assert.match(setCookie, /Path=\/own\//)
    assert.equal(answer.headers.get('location'), '/own/')
    visitor = setCookie.split(';')[0]!
    const own = { cookie: visitor, origin: server.url }
    assert.equal((await fetch(`${server.url}/own/v1/me`, { headers: demo })).status, 401)
    assert.equal((await fetch(`${server.url}/v1/me`, { headers: own })).status, 401)

    const imported = await fetch(`${server.url}/own/v1/imports?name=mine.csv`, {
      method: 'POST',
      headers: { ...own, 'content-type': 'text/csv' },
      body: 'source,target\nvisitor-a,visitor-b\nvisitor-b,visitor-c\n',
    })
    const { id } = (await imported.json()) as { id: string }
    for (let finished = false; !finished; await pause(50)) {
      const state = await fetch(`${server.url}/own/v1/imports/${id}`, { headers: own })
      finished = ((await state.json()) as { finished: boolean }).finished
    }
    const status = async (base: string, headers: Record<string, string>) =>
      (await (await fetch(`${server.url}${base}/v1/status`, { headers })).json()) as { counts: { edges: number } }
    assert.equal((await status('/own', own)).counts.edges, 2)
    assert.equal((await fetch(`${server.url}/v1/imports/${id}`, { headers: demo })).status, 404)
    const who = async (base: string, headers: Record<string, string>) =>
      (await (await fetch(`${server.url}${base}/v1/me`, { headers })).json()) as { instance: { demo: boolean } }
    assert.equal((await who('', demo)).instance.demo, true)
    assert.equal((await who('/own', own)).instance.demo, false)
    const demoToken = (await readServerFile(demoDirectory(join(root, 'visit', 'main'))))!.token
    const foreign = await fetch(`${server.url}/own/v1/status`, { headers: { authorization: `Bearer ${demoToken}` } })
    assert.equal(foreign.status, 401)
  } finally {
    await server.close()
  }
  const again = await start({ demo: true, data: join(root, 'visit', 'main') })
  try {
    assert.equal((await fetch(`${again.url}/own/v1/me`)).status, 401)
    const back = await fetch(`${again.url}/own/v1/status`, { headers: { cookie: visitor } })
    assert.equal(
      ((await back.json()) as { counts: { edges: number } }).counts.edges,
      2,
      'the visit goes on after a restart',
    )
  } finally {
    await again.close()
  }
  for (const text of storeTexts(demoDirectory(join(root, 'visit', 'main'))))
    assert.ok(!text.includes('visitor-a'), 'no trace in the files of the demo')
})

/** Every file below a directory as text; the ledger's own files included. */
function storeTexts(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
}

test('half-sent, malformed and endless requests end without harm on a real socket', async () => {
  const server = await start()
  const port = Number(new URL(server.url).port)
  const talk = async (text: string): Promise<string> => {
    const socket = connect(port, '127.0.0.1')
    let heard = ''
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      heard += chunk
      socket.end()
    })
    socket.on('error', () => {})
    socket.write(text)
    await once(socket, 'close')
    return heard
  }
  try {
    assert.match(await talk('GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n'), /^HTTP\/1\.1 421/)
    assert.match(await talk('GET /health HTTP/1.1\r\n\r\n'), /^HTTP\/1\.1 400/)
    assert.match(await talk('nonsense\r\n\r\n'), /^HTTP\/1\.1 400/)
    assert.match(
      await talk(`GET /health HTTP/1.1\r\nHost: localhost\r\nX: ${'y'.repeat(40_000)}\r\n\r\n`),
      /^HTTP\/1\.1 431/,
    )
    const link = `GET /sign-in?token=a%0d%0aset-cookie:%20x=y HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n`
    const answer = await talk(link)
    assert.match(answer, /^HTTP\/1\.1 401/)
    assert.ok(!/set-cookie/i.test(answer.split('\r\n\r\n')[0]!))
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write('POST /v1/events HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"half')
    socket.destroy()
    assert.equal((await fetch(`${server.url}/health`)).status, 200)
  } finally {
    await server.close()
  }
})

test('SIGTERM closes the process cleanly, and it starts again on the same data', async () => {
  const module = new URL('../src/start.ts', import.meta.url).href
  const code = `
    import { startServer } from ${JSON.stringify(module)}
    const server = await startServer({ data: ${JSON.stringify(dir)}, demo: false, port: 0, console: false })
    process.on('SIGTERM', () => server.close().then(() => process.exit(0)))
    console.log(server.url)`
  for (const _round of [1, 2]) {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [url] = (await once(createInterface(child.stdout), 'line')) as [string]
    assert.equal((await fetch(`${url}/health`)).status, 200)
    child.kill('SIGTERM')
    const [exit] = (await once(child, 'exit')) as [number]
    assert.equal(exit, 0)
    assert.equal(existsSync(join(dir, 'server.json')), false)
  }
})
