/**
 * A search page's backend as many platforms have one, guarded: GET /search?q=&viewer= and GET /suggest?q=.
 *
 *   npx --no-install node examples/search/server.ts --engine opensearch --engine-url http://127.0.0.1:9200 --index posts \
 *     --firebreak http://127.0.0.1:8787 --key fbk_… [--port 9410]
 *   --engine meilisearch --engine-key KEY --queries queries   for Meilisearch
 */
import { createServer } from 'node:http'
import { parseArgs } from 'node:util'
import { type Guard, guardedSearch, guardedSuggest, type SearchEngine } from './guarded-search.ts'
import { MeilisearchEngine } from './meilisearch.ts'
import { OpenSearchEngine } from './opensearch.ts'

const { values } = parseArgs({
  options: {
    engine: { type: 'string', default: 'opensearch' },
    'engine-url': { type: 'string', default: 'http://127.0.0.1:9200' },
    'engine-key': { type: 'string', default: '' },
    index: { type: 'string', default: 'posts' },
    queries: { type: 'string', default: 'queries' },
    firebreak: { type: 'string', default: 'http://127.0.0.1:8787' },
    key: { type: 'string', default: '' },
    port: { type: 'string', default: '9410' },
  },
})
const engine: SearchEngine =
  values.engine === 'meilisearch'
    ? new MeilisearchEngine(values['engine-url'], values['engine-key'], values.index, values.queries)
    : new OpenSearchEngine(values['engine-url'], values.index)
/** The SDK's client does this too, with retries and fail modes; here it stands in full, because it is all there is to it. */
const guard: Guard = {
  async verdicts(question) {
    const answer = await fetch(`${values.firebreak}/v1/verdicts`, {
      method: 'POST',
      headers: { authorization: `Bearer ${values.key}`, 'content-type': 'application/json' },
      body: JSON.stringify(question),
      signal: AbortSignal.timeout(500),
    })
    if (!answer.ok) throw new Error(`Firebreak answered ${answer.status}`)
    return (await answer.json()) as Awaited<ReturnType<Guard['verdicts']>>
  },
}

createServer(async (request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
  const q = searchParams.get('q') ?? ''
  const viewer = searchParams.get('viewer')
  response.setHeader('content-type', 'application/json')
  try {
    if (pathname === '/search')
      response.end(JSON.stringify(await guardedSearch(engine, guard, q, viewer === null ? {} : { viewer })))
    else if (pathname === '/suggest')
      response.end(JSON.stringify({ suggestions: await guardedSuggest(engine, guard, q) }))
    else response.writeHead(404).end('{}')
  } catch (error) {
    // Suggestions are proposals: without Firebreak there are none. What was asked for fails visibly rather than unguarded.
    console.error(error instanceof Error ? error.message : error)
    if (pathname === '/suggest') response.end('{"suggestions":[]}')
    else response.writeHead(503).end('{"error":"search is not available now"}')
  }
}).listen(Number(values.port), '127.0.0.1', () => console.log(`http://127.0.0.1:${values.port}/search?q=…`))
