import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import test from 'node:test'
import { guardProxy, type Mapping, MappingError, readMapping } from '../src/proxy/proxy.ts'

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
const json =
  (body: unknown): RequestListener =>
  (_request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(body))
  }

interface Scene {
  get(path: string, headers?: Record<string, string>): Promise<{ status: number; body: unknown; note: string | null }>
  fetch(path: string, headers?: Record<string, string>): Promise<Response>
  readonly asked: { viewer?: string; subjects: { id: string }[] }[]
  readonly upstreamPaths: string[]
}

/** A recommender, Firebreak that withholds whoever is called bad-…, and the proxy between them and the test. */
async function guarded(
  routes: Mapping['routes'],
  upstream: RequestListener,
  work: (scene: Scene) => Promise<void>,
  away = false,
): Promise<void> {
  const asked: Scene['asked'] = []
  const upstreamPaths: string[] = []
  const recommender = createServer((request, response) => {
    upstreamPaths.push(request.url!)
    upstream(request, response)
  })
  const firebreak = createServer(async (request, response) => {
    if (away) return response.destroy()
    let text = ''
    for await (const piece of request) text += piece
    const body = JSON.parse(text) as Scene['asked'][number]
    asked.push(body)
    const verdicts = body.subjects.map(({ id }) =>
      id.startsWith('bad') ? { action: 'drop', reason: 'not-eligible' } : { action: 'allow', reason: 'none' },
    )
    json({ policyVersion: 'p', snapshot: '1', verdicts })(request, response as never)
  })
  const mapping: Mapping = {
    upstream: await listening(recommender),
    firebreak: { url: await listening(firebreak) },
    routes,
  }
  const proxy = guardProxy(mapping, 'key')
  const base = await listening(proxy)
  try {
    await work({
      asked,
      upstreamPaths,
      fetch: (path, headers = {}) => fetch(base + path, { headers }),
      get: async (path, headers = {}) => {
        const response = await fetch(base + path, { headers })
        const text = await response.text()
        return {
          status: response.status,
          body: text === '' ? null : (JSON.parse(text) as unknown),
          note: response.headers.get('x-firebreak'),
        }
      },
    })
  } finally {
    for (const server of [proxy, firebreak, recommender]) {
      server.closeAllConnections()
      server.close()
    }
  }
}

const plainList: Mapping['routes'] = [
  {
    path: '/api/recommend/:user',
    surface: 'recommend_accounts',
    viewer: 'path:user',
    items: '',
    item: { type: 'account', id: '' },
    overfetch: { query: 'n', factor: 2, default: 3 },
  },
]

test('a mapped list passes the guard; more is asked for, so that withheld places are filled', () =>
  guarded(plainList, json(['a', 'bad-1', 'b', 'bad-2', 'c', 'd']), async ({ get, asked, upstreamPaths }) => {
    const { body, note } = await get('/api/recommend/acct%201?n=3&category=x')
    assert.deepEqual(body, ['a', 'b', 'c'])
    assert.equal(note, 'withheld=2')
    assert.equal(asked[0]!.viewer, 'acct 1')
    assert.equal(upstreamPaths[0], '/api/recommend/acct%201?n=6&category=x')
  }))

test('another spelling of a mapped path is the mapped path; one that can be read in two ways is refused', () =>
  guarded(plainList, json(['a', 'bad-1']), async ({ get, upstreamPaths }) => {
    for (const path of [
      '/api/recommend/u1/',
      '//api/recommend/u1',
      '/api//recommend/u1',
      '/%61pi/%72ecommend/u1',
      '/API/Recommend/u1',
      '/api/./recommend/u1',
    ]) {
      assert.deepEqual((await get(path)).body, ['a'], path)
      assert.match(upstreamPaths.at(-1)!, /^\/api\/recommend\/u1\?/i)
    }
    for (const path of ['/api/recommend%2Fu1', '/api/x/..%2frecommend/u1', '/api/recommend/%zz'])
      assert.equal((await get(path)).status, 400, path)
  }))

test('a list deep inside an answer is replaced there, and the rest stays', () =>
  guarded(
    [
      {
        path: '/feed',
        surface: 'recommend_content',
        viewer: 'header:x-user',
        items: 'data.items',
        item: { type: 'content', id: 'id', author: 'by.id' },
      },
    ],
    json({
      data: {
        items: [
          { id: 'bad-post', by: { id: 'u' } },
          { id: 'post', by: { id: 'u' } },
        ],
        next: 'cursor',
      },
      took: 4,
    }),
    async ({ get, asked }) => {
      const { body } = await get('/feed', { 'x-user': 'viewer-1' })
      assert.deepEqual(body, { data: { items: [{ id: 'post', by: { id: 'u' } }], next: 'cursor' }, took: 4 })
      assert.deepEqual(asked[0]!.subjects[0], { type: 'content', id: 'bad-post', author: 'u' })
      assert.equal(asked[0]!.viewer, 'viewer-1')
    },
  ))

test('what is not mapped passes as it is', () =>
  guarded(plainList, json({ status: 'fine', list: ['bad-1'] }), async ({ get, asked }) => {
    assert.deepEqual((await get('/api/health')).body, { status: 'fine', list: ['bad-1'] })
    assert.equal(asked.length, 0)
  }))

test('an answer that the mapping does not fit shows nothing where the surface fails closed, and says so', () =>
  guarded(plainList, json({ people: ['a'] }), async ({ get }) => {
    const { status, note } = await get('/api/recommend/u')
    assert.deepEqual([status, note], [502, 'not understood'])
  }))

test('with Firebreak away a recommendation is empty, and marked', () =>
  guarded(
    plainList,
    json(['a', 'b']),
    async ({ get }) => {
      const { body, note } = await get('/api/recommend/u')
      assert.deepEqual([body, note], [[], 'unchecked'])
    },
    true,
  ))

test('a mapping with a mistake is refused with its place', () => {
  const good = { upstream: 'http://127.0.0.1:1', firebreak: { url: 'http://127.0.0.1:2' }, routes: plainList }
  assert.equal(readMapping(JSON.stringify(good)).routes.length, 1)
  for (const [change, message] of [
    [{ upstream: 'x' }, /"upstream" must be a URL/],
    [{ routes: [] }, /at least one route/],
    [{ routes: [{ ...plainList[0], viewer: 'cookie:x' }] }, /routes\[0\]\.viewer/],
    [{ routes: [{ ...plainList[0], item: { type: 'account' } }] }, /needs "id" or "text"/],
  ] as const)
    assert.throws(
      () => readMapping(JSON.stringify({ ...good, ...change })),
      (error: unknown) => error instanceof MappingError && message.test(error.message),
    )
  assert.throws(() => readMapping('{'), MappingError)
})

const PEOPLE: Mapping['routes'] = [
  { path: '/people', surface: 'recommend_accounts', items: '', item: { type: 'account', id: '' } },
]

test('a guarded list is never kept under the recommender’s own validators; every cookie gets through', async () => {
  const upstream: RequestListener = (request, response) => {
    if (request.headers['if-none-match'] === '"1"') return response.writeHead(304).end()
    response.setHeader('etag', '"1"').setHeader('cache-control', 'max-age=3600').setHeader('set-cookie', ['a=1', 'b=2'])
    json(['bad-1', 'acct-1'])(request, response as never)
  }
  await guarded(PEOPLE, upstream, async (scene) => {
    const list = await scene.fetch('/people', { 'if-none-match': '"1"' })
    assert.deepEqual(await list.json(), ['acct-1'], 'asked and judged again')
    assert.equal(list.headers.get('etag'), null)
    assert.equal(list.headers.get('cache-control'), 'no-store')
    assert.deepEqual(list.headers.getSetCookie(), ['a=1', 'b=2'])
    const other = await scene.fetch('/picture', { 'if-none-match': '"1"' })
    assert.equal(other.status, 304, 'what is no list passes as it is')
  })
})

test('an answer that breaks off in the middle ends that answer alone', async () => {
  const upstream: RequestListener = (request, response) => {
    if (request.url === '/people') return json(['acct-1'])(request, response as never)
    response.writeHead(200, { 'content-length': '1000' }).write('half')
    setTimeout(() => response.destroy(), 20)
  }
  await guarded(PEOPLE, upstream, async (scene) => {
    await assert.rejects(scene.fetch('/picture').then((answer) => answer.text()))
    assert.deepEqual((await scene.get('/people')).body, ['acct-1'])
  })
})
