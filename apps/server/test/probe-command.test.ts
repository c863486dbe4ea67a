import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import test, { after } from 'node:test'
import { run } from '../src/cli/run.ts'

const root = mkdtempSync(join(tmpdir(), 'firebreak-probe-'))
after(() => rmSync(root, { recursive: true, force: true }))

async function firebreak(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const said = { out: '', err: '' }
  const stream = (name: 'out' | 'err') =>
    new Writable({
      write(chunk, _encoding, done) {
        said[name] += chunk
        done()
      },
    })
  const code = await run(args, { out: stream('out'), err: stream('err') })
  return { code, ...said }
}

/** A server that has a data directory open and answers every probe with one run. */
async function serverOf(data: string, answer: object): Promise<Server> {
  const server = createServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    if (request.method === 'POST') response.end(JSON.stringify({ id: 'p-1' }))
    else response.end(JSON.stringify(request.url === '/health' ? {} : { id: 'p-1', ...answer }))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  after(() => server.close())
  mkdirSync(data, { recursive: true })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  writeFileSync(join(data, 'server.json'), JSON.stringify({ url, token: 't', pid: process.pid }))
  return server
}

const total = { share: 0, low: 0, high: 0.0005, slots: 100 }
const arm = (name: string, guarded: boolean) => ({ name, guarded, points: [], total, filled: 1 })
const measured = {
  ...{ status: 'done', recommender: 'mine', surface: 'recommend_accounts', replicates: 30, refreshes: 10, top: 20 },
  arms: [arm('contact', false), arm('contact', true), arm('benign', false), arm('benign', true)],
  benignWithheld: null,
  benignWithheldAfterContact: null,
}
const definition = join(root, 'probe.json')
writeFileSync(
  definition,
  JSON.stringify({ recommender: { url: 'http://127.0.0.1:9/' }, contact: { network: ['a', 'b'], benign: ['c'] } }),
)

test('a recommender that is down keeps its own code, told once', async () => {
  const data = join(root, 'down', 'main')
  const detail = 'The recommender cannot be reached: connect ECONNREFUSED 127.0.0.1:9.'
  await serverOf(data, { status: 'failed', error: { code: 'probe/unreachable', detail } })
  const { code, err } = await firebreak('probe', '--definition', definition, '--data', data)
  assert.equal(code, 2)
  assert.equal(err.trim(), `firebreak: ${detail} [probe/unreachable]`)
})

test('down a pipe the curve comes with a sentence, and contacts nobody knows are named', async () => {
  const data = join(root, 'some', 'main')
  const contacts = { network: { asked: 2, unheard: ['b'] }, benign: { asked: 1, unheard: [] } }
  await serverOf(data, { ...measured, contacts })
  const { code, out, err } = await firebreak('probe', '--definition', definition, '--data', data, '--gate')
  assert.equal(code, 0)
  assert.match(out, /^arm,guarded,refresh/)
  assert.match(err, /0\.00 % before, 0\.00 % \[0\.00 %, 0\.05 %\] guarded/)
  assert.match(err, /does not know 1 of 2 network contacts tried: b/)
  assert.match(err, /pass: network share/)
})

test('a probe that only touched strangers says so, and its gate fails as nothing measured', async () => {
  const data = join(root, 'none', 'main')
  const contacts = { network: { asked: 2, unheard: ['a', 'b'] }, benign: { asked: 1, unheard: [] } }
  await serverOf(data, { ...measured, contacts })
  const gated = await firebreak('probe', '--definition', definition, '--data', data, '--gate')
  assert.equal(gated.code, 1)
  assert.match(gated.err, /FAIL: nothing measured/)
  const plain = await firebreak('probe', '--definition', definition, '--data', data)
  assert.deepEqual([plain.code, /nothing measured/.test(plain.err)], [0, true])
})

test('without a definition the running demo is meant, even when the visitor’s own store is open', async () => {
  const data = join(root, 'both', 'main')
  await serverOf(data, { status: 'failed', error: { code: 'input/invalid', detail: 'Name the address' } })
  await serverOf(join(root, 'both', 'demo'), measured)
  const { code, err } = await firebreak('probe', '--data', data)
  assert.equal(code, 0, err)
  assert.match(err, /network share of recommendations/)
})
