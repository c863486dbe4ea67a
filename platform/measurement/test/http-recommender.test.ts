import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import test, { after, before } from 'node:test'
import { isFirebreakError } from '@firebreak/kernel'
import { httpRecommender, parseProbeDefinition, readProbeDefinition } from '../src/index.ts'

const PORT = 15_510
const base = `http://127.0.0.1:${PORT}`
let server: Server
let last: { method: string; url: string; body: string; header: string | undefined }

async function read(request: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of request) text += chunk
  return text
}

/** A recommender with every fault a real one has, by path. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = request.url!
  const body = await read(request)
  last = { method: request.method!, url, body, header: request.headers['x-key'] as string | undefined }
  const send = (status: number, text: string) => response.writeHead(status).end(text)
  const path = url.split('?')[0]
  if (path === '/plain') send(200, '["a","b",3]')
  else if (path === '/nested') send(200, '{"data":{"items":[{"user":"a","by":"x"},{"user":7,"by":"y"}]}}')
  else if (path === '/broken') send(200, '{"data":[')
  else if (path === '/noid') send(200, '{"data":{"items":[{"user":"a"},{"other":1}]}}')
  else if (path === '/error') send(503, 'busy')
  else if (path === '/moved') response.writeHead(302, { location: `${base}/plain` }).end()
  else if (path === '/huge') send(200, `["${'x'.repeat(5_000_000)}"]`)
  else if (path === '/cut') {
    response.writeHead(200, { 'content-length': '1000' }).write('["a"')
    setTimeout(() => response.destroy(), 20)
  } else if (path !== '/slow') send(404, '')
}

before(async () => {
  server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(PORT, '127.0.0.1', resolve))
})
after(() => {
  server.closeAllConnections()
  server.close()
})

function recommender(changes: Record<string, unknown>) {
  return httpRecommender(
    parseProbeDefinition({
      name: 'test',
      recommender: { url: `${base}/plain`, ...changes },
      contact: { network: ['n'], benign: ['b'] },
    }),
  )
}

const request = { viewer: 'v 1', history: ['h1', 'h/2'], limit: 20 }

function hasCode(code: string) {
  return (error: unknown) => isFirebreakError(error) && error.code === code
}

test('a plain list of ids, asked by GET with filled-in address', async () => {
  const found = await recommender({ url: `${base}/plain?for={viewer}&seen={history}&n={limit}` }).recommend(request)
  assert.deepEqual(
    found.map(({ id }) => id),
    ['a', 'b', '3'],
  )
  assert.equal(last.method, 'GET')
  assert.equal(last.url, '/plain?for=v%201&seen=h1,h%2F2&n=20')
})

test('objects inside a nested answer, asked by POST with a body of its own form and a key', async () => {
  const found = await recommender({
    url: `${base}/nested`,
    headers: { 'x-key': 'k' },
    body: { user: '{viewer}', recent: '{history}', count: '{limit}', note: 'top {limit}', fixed: [true, null] },
    items: 'data.items',
    id: 'user',
    owner: 'by',
  }).recommend(request)
  assert.deepEqual(found, [
    { id: 'a', owner: 'x' },
    { id: '7', owner: 'y' },
  ])
  assert.equal(last.header, 'k')
  assert.deepEqual(JSON.parse(last.body), {
    user: 'v 1',
    recent: ['h1', 'h/2'],
    count: 20,
    note: 'top 20',
    fixed: [true, null],
  })
})

test('no more than the limit is taken', async () => {
  assert.equal((await recommender({}).recommend({ ...request, limit: 2 })).length, 2)
})

const FAULTS: [string, Record<string, unknown>, string][] = [
  ['an answer that is not JSON', { url: `${base}/broken` }, 'probe/malformed'],
  ['no list at the path', { url: `${base}/nested`, items: 'data.rows' }, 'probe/malformed'],
  ['an item without id', { url: `${base}/noid`, items: 'data.items', id: 'user' }, 'probe/malformed'],
  [
    'an item without owner',
    { url: `${base}/nested`, items: 'data.items', id: 'user', owner: 'who' },
    'probe/malformed',
  ],
  ['an endless answer', { url: `${base}/huge` }, 'probe/malformed'],
  ['an error of the recommender', { url: `${base}/error` }, 'probe/status'],
  ['a redirect', { url: `${base}/moved` }, 'probe/status'],
  ['a wrong path', { url: `${base}/nowhere` }, 'probe/status'],
  ['no answer in time', { url: `${base}/slow`, timeoutMs: 80 }, 'probe/timeout'],
  ['a connection cut in the middle', { url: `${base}/cut` }, 'probe/unreachable'],
  ['nobody listening', { url: 'http://127.0.0.1:15599/' }, 'probe/unreachable'],
]
for (const [what, changes, code] of FAULTS)
  test(`${what} is reported as ${code}`, async () => {
    await assert.rejects(recommender(changes).recommend(request), hasCode(code))
  })

test('a definition at fault is refused with the field named', () => {
  const good = { recommender: { url: base }, contact: { network: ['n'], benign: ['b'] } }
  const defaults = parseProbeDefinition(good)
  assert.deepEqual([defaults.top, defaults.refreshes, defaults.probes, defaults.flagged], [20, 10, 30, 'labels'])
  const bad: [string, unknown, RegExp][] = [
    ['no contact', { recommender: { url: base } }, /contact/],
    ['empty contacts', { ...good, contact: { network: [], benign: ['b'] } }, /contact\.network/],
    ['another protocol', { ...good, recommender: { url: 'file:///etc/hosts' } }, /recommender\.url/],
    ['a misspelt field', { ...good, refresh: 3 }, /refresh/],
    ['a list', [], /definition/],
  ]
  for (const [, json, field] of bad)
    assert.throws(
      () => parseProbeDefinition(json),
      (error) => hasCode('probe/definition')(error) && field.test((error as Error).message),
    )
  assert.throws(() => readProbeDefinition('{'), hasCode('probe/definition'))
})
