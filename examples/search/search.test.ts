import assert from 'node:assert/strict'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as textOf } from 'node:stream/consumers'
import test, { after, before } from 'node:test'
import { type OwnServer, openOwnServer } from '../../apps/server/src/parity/own-server.ts'
import { type Found, type Guard, guardedSearch, guardedSuggest, type SearchEngine } from './guarded-search.ts'
import { MeilisearchEngine } from './meilisearch.ts'
import { OpenSearchEngine } from './opensearch.ts'

/** A server of Firebreak in memory with "paper lantern" and "seashell trade" among the terms in force. */
let firebreak: OwnServer
let guard: Guard
before(async () => {
  firebreak = await openOwnServer()
  guard = { verdicts: (question) => firebreak.ask(question) as ReturnType<Guard['verdicts']> }
})
after(() => firebreak.close())

/** The index still calls the third eligible: it was written before the term was listed. */
const DOCUMENTS: readonly (Found & { eligible: boolean })[] = [
  { id: 'c-1', author: 'acct-1', text: 'paper boat folding', eligible: true },
  { id: 'c-2', author: 'acct-2', text: 'paper kite in the park', eligible: true },
  { id: 'c-3', author: 'acct-3', text: 'paper lantern p4per l4ntern', eligible: true },
  { id: 'c-4', author: 'acct-4', text: 'paper mill museum', eligible: false },
]

async function holds(engine: SearchEngine): Promise<void> {
  const asked: string[] = []
  const watched: SearchEngine = {
    search: (query, limit) => {
      asked.push(query)
      return engine.search(query, limit)
    },
    suggest: (prefix, limit) => {
      asked.push(prefix)
      return engine.suggest(prefix, limit)
    },
  }
  const paper = await guardedSearch(watched, guard, 'paper')
  assert.deepEqual(paper.results.map(({ id }) => id).sort(), ['c-1', 'c-2'])
  const blocked = await guardedSearch(watched, guard, 'p.a.p.e.r lantern')
  assert.deepEqual(blocked, { results: [], blocked: true })
  const suggested = await guardedSuggest(watched, guard, 'pap')
  assert.deepEqual(suggested.toSorted(), ['paper boat folding', 'paper kite in the park'])
  assert.deepEqual(await guardedSuggest(watched, guard, 'paper lante'), [])
  assert.deepEqual(asked, ['paper', 'pap'], 'the engine never saw a blocked question')
}

const OPENSEARCH = process.env.OPENSEARCH_URL
test('a real OpenSearch finds nothing for a blocked query and shows nothing that is listed', {
  skip: OPENSEARCH === undefined ? 'no engine: set OPENSEARCH_URL (see README.md)' : false,
}, async () => {
  const engine = new OpenSearchEngine(OPENSEARCH!, `guarded-${process.pid}`)
  await engine.create()
  try {
    await engine.add(DOCUMENTS)
    const raw = await engine.search('paper', 10)
    assert.deepEqual(
      raw.map(({ id }) => id).sort(),
      ['c-1', 'c-2', 'c-3'],
      'the engine alone still shows the listed one',
    )
    assert.equal((await engine.suggest('paper', 10)).length, 3)
    await holds(engine)
  } finally {
    await engine.remove()
  }
})

test('Meilisearch by its documented requests and answers', async (t) => {
  const { url, server } = await documentedMeilisearch()
  t.after(() => server.close())
  const engine = new MeilisearchEngine(url, 'key', 'posts', 'queries')
  await engine.prepare()
  await holds(engine)
})

/** Answers `POST /indexes/{uid}/search` and the settings route in the shapes of the Meilisearch API reference (v1); no engine. */
async function documentedMeilisearch(): Promise<{ url: string; server: Server }> {
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await textOf(request)) as {
      q: string
      limit: number
      filter: string
      attributesToRetrieve: string[]
    }
    assert.equal(request.headers.authorization, 'Bearer key')
    if (request.method === 'PUT') {
      response
        .writeHead(202)
        .end(JSON.stringify({ taskUid: 1, indexUid: 'posts', status: 'enqueued', type: 'settingsUpdate' }))
      return
    }
    assert.equal(body.filter, 'eligible = true')
    const words = body.q.toLowerCase().split(' ')
    const found = DOCUMENTS.filter(
      ({ text, eligible }) => eligible && words.every((word) => text.split(' ').some((one) => one.startsWith(word))),
    )
    const hits = found
      .slice(0, body.limit)
      .map((one) => (request.url === '/indexes/queries/search' ? { query: one.text } : one))
    response.end(
      JSON.stringify({
        hits,
        query: body.q,
        limit: body.limit,
        offset: 0,
        estimatedTotalHits: hits.length,
        processingTimeMs: 1,
      }),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
}
