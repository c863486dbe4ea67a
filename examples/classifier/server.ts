/**
 * A classifier of unknown media and text as Firebreak asks one (kind `plain`): a toy that shows the contract.
 *
 *   npx --no-install node examples/classifier/server.ts [--port 9210] [--key SECRET]
 *   POST / {"items": [{"text": "…"} | {"media": "<base64>"}]}  →  {"version": "…", "scores": [{"score": 0.93}]}
 */
import { createServer, type IncomingMessage } from 'node:http'
import { parseArgs } from 'node:util'
import { scorePicture, scoreText, VERSION } from './model.ts'

interface Item {
  readonly text?: unknown
  readonly media?: unknown
}

const LARGEST = 48 * 1_048_576

const { values } = parseArgs({ options: { port: { type: 'string', default: '9210' }, key: { type: 'string' } } })

const server = createServer((request, response) => {
  const send = (status: number, body: object) => {
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  }
  if (request.method !== 'POST') return send(405, { error: 'POST only' })
  if (values.key !== undefined && request.headers.authorization !== `Bearer ${values.key}`)
    return send(401, { error: 'a key is needed' })
  answer(request).then(
    (body) => send(200, body),
    (error: unknown) => send(400, { error: error instanceof Error ? error.message : 'cannot be read' }),
  )
})
server.listen(Number(values.port), '127.0.0.1', () =>
  console.log(`classifier ${VERSION} on http://127.0.0.1:${values.port}/`),
)

async function answer(request: IncomingMessage): Promise<object> {
  const { items } = JSON.parse(await textOf(request)) as { items?: readonly Item[] }
  if (!Array.isArray(items) || items.length === 0) throw new Error('items are needed')
  return {
    version: VERSION,
    scores: await Promise.all(items.map(async (item: Item) => ({ score: await scoreOf(item) }))),
  }
}

async function scoreOf({ text, media }: Item): Promise<number> {
  if (typeof text === 'string') return scoreText(text)
  if (typeof media === 'string') return scorePicture(Buffer.from(media, 'base64'))
  throw new Error('an item has a text or a medium')
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of request) {
    size += (part as Uint8Array).length
    if (size > LARGEST) throw new Error('too large')
    parts.push(part as Uint8Array)
  }
  return Buffer.concat(parts).toString('utf8')
}
