import assert from 'node:assert/strict'
import type { LookupAddress } from 'node:dns'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import type { Resolve } from '../src/media/guarded-connect.ts'
import { fetchMedia, GuardedClient, type GuardedResult, guardedFetch, isPublicAddress } from '../src/media/index.ts'

let server: Server
let port: number
let seen: { url: string | undefined; secrets: unknown[] }[] = []
let client: GuardedClient

const handlers: Record<string, RequestListener> = {
  '/picture': (_request, response) => response.writeHead(200, { 'content-type': 'image/png' }).end('pixels'),
  '/page': (_request, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
  '/untyped': (_request, response) => response.writeHead(200).end('pixels'),
  '/missing': (_request, response) => response.writeHead(404).end(),
  '/busy': (_request, response) => response.writeHead(503).end(),
  '/announced': (_request, response) => response.writeHead(200, { 'content-length': '5000' }).end('x'.repeat(5000)),
  '/endless': (_request, response) => {
    response.writeHead(200, { 'content-type': 'image/png' })
    const more = setInterval(() => response.write('x'.repeat(500)), 1)
    response.on('close', () => clearInterval(more))
  },
  '/silent': () => {},
  '/to-metadata': (_request, response) => response.writeHead(302, { location: 'http://169.254.169.254/latest/' }).end(),
  '/to-loopback': (_request, response) =>
    response.writeHead(302, { location: `http://127.0.0.2:${port}/picture` }).end(),
  '/to-name': (_request, response) => response.writeHead(307, { location: `http://localhost:${port}/picture` }).end(),
  '/to-file': (_request, response) => response.writeHead(302, { location: 'file:///etc/hostname' }).end(),
  '/round': (_request, response) => response.writeHead(302, { location: '/round' }).end(),
  '/step': (_request, response) => response.writeHead(302, { location: '/picture' }).end(),
  '/hook': (_request, response) => response.writeHead(302, { location: '/picture' }).end(),
}

before(async () => {
  server = createServer((request, response) => {
    const { authorization, 'x-functions-key': key } = request.headers
    seen.push({ url: request.url, secrets: [authorization, key] })
    const handler = handlers[request.url ?? '']
    if (handler) handler(request, response)
    else response.writeHead(404).end()
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  port = (server.address() as AddressInfo).port
  client = new GuardedClient({ allow: [`127.0.0.1:${port}`] })
})

after(async () => {
  await client.close()
  server.closeAllConnections()
  server.close()
})

const at = (path: string) => `http://127.0.0.1:${port}${path}`
const codeOf = (result: GuardedResult | Awaited<ReturnType<typeof fetchMedia>>) => (result.ok ? 'ok' : result.code)

test('private, loopback, link-local, carrier-grade and metadata addresses are not public in any spelling', () => {
  const refused = [
    '0.0.0.0',
    '10.1.2.3',
    '100.64.0.1',
    '100.100.100.200',
    '127.0.0.1',
    '127.255.0.9',
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '192.0.0.192',
    '198.18.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '168.63.129.16',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::ffff:8.8.8.8',
    '::127.0.0.1',
    'fe80::1',
    'fe80::1%eth0',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '64:ff9b::7f00:1',
    '2001::1',
    '2001:db8::1',
    '2002:7f00:1::',
    '3fff::1',
    '',
    'localhost',
    '1.2.3',
  ]
  for (const address of refused) assert.equal(isPublicAddress(address), false, address)
  for (const address of ['8.8.8.8', '172.32.0.1', '100.128.0.1', '192.169.0.1', '2606:4700::1111', '2a00:1450::1'])
    assert.equal(isPublicAddress(address), true, address)
})

test('no text at all is taken for a public address by accident', () => {
  fc.assert(fc.property(fc.string(), (text) => !isPublicAddress(text) || /^[\d.:a-f]+$/i.test(text)))
})

test('unusual spellings of a loopback address are refused before anything is sent', async () => {
  seen = []
  const hosts = [
    '127.0.0.1',
    '2130706433',
    '0x7f.1',
    '017700000001',
    '127.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    'localhost',
    '0',
  ]
  for (const host of hosts)
    assert.equal(codeOf(await guardedFetch(`http://${host}:${port}/picture`)), 'fetch/address', host)
  assert.equal(seen.length, 0)
})

test('a public name that answers with a private address is refused, also when only one of several is private', async () => {
  const answering = (addresses: LookupAddress[]) =>
    ((_host: string, _options: object, done: (error: null, found: LookupAddress[]) => void) =>
      done(null, addresses)) as unknown as Resolve
  for (const addresses of [
    [{ address: '127.0.0.1', family: 4 }],
    [
      { address: '8.8.8.8', family: 4 },
      { address: '10.0.0.1', family: 4 },
    ],
    [{ address: '::ffff:10.0.0.1', family: 6 }],
    [],
  ]) {
    const result = await guardedFetch(`http://media.example:${port}/picture`, {}, { resolve: answering(addresses) })
    assert.equal(codeOf(result), 'fetch/address')
  }
})

test('a redirect to a private address, another scheme or in a circle ends with a code', async () => {
  assert.equal(codeOf(await client.request(at('/to-metadata'))), 'fetch/address')
  assert.equal(codeOf(await client.request(at('/to-loopback'))), 'fetch/address')
  assert.equal(codeOf(await client.request(at('/to-name'))), 'fetch/address')
  assert.equal(codeOf(await client.request(at('/to-file'))), 'fetch/url')
  assert.equal(codeOf(await client.request(at('/round'))), 'fetch/redirects')
  assert.equal(codeOf(await client.request(at('/step'))), 'ok')
})

test('only web addresses without a password are asked', async () => {
  for (const url of [
    'file:///etc/hostname',
    'ftp://8.8.8.8/',
    'gopher://x',
    'data:,x',
    'http://user:word@8.8.8.8/',
    'not an address',
    '',
  ])
    assert.equal(codeOf(await guardedFetch(url)), 'fetch/url', url)
})

test('size and time have limits', async () => {
  assert.equal(codeOf(await client.request(at('/announced'), { maxBytes: 4999 })), 'fetch/too-large')
  assert.equal(codeOf(await client.request(at('/announced'), { maxBytes: 5000 })), 'ok')
  assert.equal(codeOf(await client.request(at('/endless'), { maxBytes: 20_000 })), 'fetch/too-large')
  assert.equal(codeOf(await client.request(at('/endless'), { timeoutMs: 200 })), 'fetch/timeout')
  assert.equal(codeOf(await client.request(at('/silent'), { timeoutMs: 200 })), 'fetch/timeout')
  const stop = new AbortController()
  setTimeout(() => stop.abort(), 50)
  assert.equal(codeOf(await client.request(at('/silent'), { signal: stop.signal })), 'fetch/aborted')
})

test('a medium needs status 200 and a media type; what may succeed later says so', async () => {
  assert.deepEqual(await fetchMedia(client, at('/picture')), {
    ok: true,
    bytes: new Uint8Array(Buffer.from('pixels')),
    type: 'image/png',
    url: at('/picture'),
  })
  assert.equal(codeOf(await fetchMedia(client, at('/untyped'))), 'ok')
  assert.equal(codeOf(await fetchMedia(client, at('/page'))), 'fetch/type')
  const [missing, busy] = [await fetchMedia(client, at('/missing')), await fetchMedia(client, at('/busy'))]
  assert.deepEqual([codeOf(missing), !missing.ok && missing.retry], ['fetch/status', false])
  assert.deepEqual([codeOf(busy), !busy.ok && busy.retry], ['fetch/status', true])
  const unreachable = await guardedFetch('http://127.0.0.1:1/', {}, { allow: ['127.0.0.1'] })
  assert.deepEqual([codeOf(unreachable), !unreachable.ok && unreachable.retry], ['fetch/network', true])
})

test('a sent body never follows a redirect, and a secret never crosses to another host', async () => {
  const posted = await client.request(at('/hook'), { method: 'POST', body: '{}' })
  assert.equal(posted.ok && posted.status, 302)
  seen = []
  const wide = new GuardedClient({ allow: ['127.0.0.1', 'localhost'] })
  await wide.request(at('/to-name'), { headers: { Authorization: 'secret', 'X-Functions-Key': 'key' } })
  await wide.close()
  assert.deepEqual(
    seen.map(({ secrets }) => secrets),
    [
      ['secret', 'key'],
      [undefined, undefined],
    ],
  )
})
