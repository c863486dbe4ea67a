/**
 * Lets a probe ask Gorse: its session endpoint wants a list of objects, a probe sends {viewer, history, limit}. Nothing here
 * ranks or filters; the order is Gorse's own.
 *
 *   npx --no-install node examples/gorse/session.ts [--gorse http://127.0.0.1:9510] [--port 9512]
 */
import { createServer } from 'node:http'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: { gorse: { type: 'string', default: 'http://127.0.0.1:9510' }, port: { type: 'string', default: '9512' } },
})

interface Scored {
  readonly Id: string
}

async function ask(url: string, init: RequestInit = {}): Promise<{ id: string }[]> {
  const response = await fetch(`${values.gorse}${url}`, init)
  if (!response.ok) throw new Error(`Gorse answered ${response.status}`)
  return (((await response.json()) as Scored[] | null) ?? []).map(({ Id }) => ({ id: Id }))
}

createServer(async (request, response) => {
  try {
    let text = ''
    for await (const piece of request) text += piece
    const { viewer, history, limit } = JSON.parse(text) as { viewer: string; history: string[]; limit: number }
    const items =
      request.url === '/popular'
        ? await ask(`/api/popular?n=${limit}`)
        : await ask(`/api/session/recommend?n=${limit}`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body: JSON.stringify(
              history.map((ItemId) => ({
                FeedbackType: 'follow',
                UserId: viewer,
                ItemId,
                Timestamp: new Date().toISOString(),
              })),
            ),
          })
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ items }))
  } catch (error) {
    response.writeHead(502).end(String(error))
  }
}).listen(Number(values.port), '127.0.0.1', () =>
  console.log(`asking ${values.gorse} at http://127.0.0.1:${values.port}`),
)
