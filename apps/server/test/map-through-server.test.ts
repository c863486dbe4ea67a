import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import test, { after } from 'node:test'
import { run } from '../src/cli/run.ts'

const root = mkdtempSync(join(tmpdir(), 'firebreak-map-server-'))
after(() => rmSync(root, { recursive: true, force: true }))
const seeds = join(root, 'seeds.txt')
writeFileSync(seeds, 'acct-known\nacct-typo\n')

async function firebreak(...args: string[]): Promise<{ code: number; err: string }> {
  let err = ''
  const sink = (hear: (chunk: unknown) => void) =>
    new Writable({
      write(chunk, _encoding, done) {
        hear(chunk)
        done()
      },
    })
  const code = await run(args, { out: sink(() => {}), err: sink((chunk) => (err += chunk)) })
  return { code, err }
}

/** A data directory that a server has open; `answer` gets every request but that for its health. */
async function openedBy(
  name: string,
  answer: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
): Promise<string> {
  const server = createServer((request, response) => {
    if (request.url === '/health') response.end('{}')
    else void answer(request, response)
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  after(() => server.close())
  const data = join(root, name)
  mkdirSync(data)
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  writeFileSync(join(data, 'server.json'), JSON.stringify({ url, token: 't', pid: process.pid }))
  return data
}

const seed = (account: string, known: boolean) => ({ account, known, fits: known, fit: known ? 1 : 0 })
const answerWith = (known: boolean[]) => ({
  ...{ id: 'n-1', status: 'done', pseudonymous: true, labels: null, marks: {} },
  map: {
    ...{ isNetwork: false, networkProbability: 0, reason: 'Too little.', accounts: [], audienceCount: 0 },
    seeds: known.map((one, i) => seed(`p-stand-in-${i}`, one)),
    cut: { threshold: 1, size: 0, borderline: [] },
  },
})

test('seeds that the server does not know are named as they were typed, and every option reaches it', async () => {
  const asked: unknown[] = []
  const data = await openedBy('typo', async (request, response) => {
    if (request.method === 'POST') asked.push(JSON.parse(await text(request)))
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(request.method === 'POST' ? { id: 'n-1' } : answerWith([true, false])))
  })
  const { code, err } = await firebreak('map', '--seeds', seeds, '--directed', '--data', data)
  assert.equal(code, 0, err)
  assert.match(err, /1 of 2 seeds are not in the graph: acct-typo/)
  assert.deepEqual(asked, [{ seeds: ['acct-known', 'acct-typo'], benign: [], name: 'map 1', directed: true }])
})

test('seeds of which the server knows none are an error, as they are without one', async () => {
  const data = await openedBy('none', async (request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(request.method === 'POST' ? { id: 'n-1' } : answerWith([false, false])))
  })
  const { code, err } = await firebreak('map', '--seeds', seeds, '--data', data)
  assert.equal(code, 2)
  assert.match(err, /input\/no-seeds/)
})

test('a server that goes away under a command is said, and no fault of Firebreak', async () => {
  const data = await openedBy('gone', async (request) => void request.socket.destroy())
  const { code, err } = await firebreak('map', '--seeds', seeds, '--data', data)
  assert.equal(code, 2)
  assert.match(err, /stopped answering.*ledger\/unavailable/)
})
