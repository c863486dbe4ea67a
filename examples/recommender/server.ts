/**
 * A small recommender as many platforms have one: "accounts followed by people like you", from a follows.csv, as JSON over HTTP.
 * With --guard it asks Firebreak before it answers: that is all the code an integration needs (see `guarded`).
 *
 *   npx --no-install node examples/recommender/server.ts --follows follows.csv [--port 9100] [--guard http://127.0.0.1:8787/own --key fbk_…]
 *   POST /popular the same question, answered without looking at the viewer
 *   POST /recommend {"viewer": "acct-1", "history": ["acct-7"], "limit": 20}  →  {"items": [{"id": "acct-9"}, …]}
 */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { parseArgs } from 'node:util'

interface Question {
  readonly viewer: string
  readonly history: readonly string[]
  readonly limit: number
}

const { values } = parseArgs({
  options: {
    follows: { type: 'string' },
    port: { type: 'string', default: '9100' },
    guard: { type: 'string' },
    key: { type: 'string' },
  },
})
if (values.follows === undefined) throw new Error('give --follows FILE (source,target a line)')
const { followedBy, followersOf } = readFollows(values.follows)

function readFollows(file: string): Record<'followedBy' | 'followersOf', Map<string, string[]>> {
  const followedBy = new Map<string, string[]>()
  const followersOf = new Map<string, string[]>()
  const push = (map: Map<string, string[]>, key: string, value: string): void => {
    const list = map.get(key)
    if (list) list.push(value)
    else map.set(key, [value])
  }
  for (const line of readFileSync(file, 'utf8').split('\n')) {
    const [source, target] = line.trim().split(',')
    if (!source || !target || source === 'source') continue
    push(followedBy, source, target)
    push(followersOf, target, source)
  }
  return { followedBy, followersOf }
}

/** Accounts followed by those who follow what the viewer follows, rarer company counting more. */
function recommend({ viewer, history, limit }: Question): string[] {
  const own = new Set([...(followedBy.get(viewer) ?? []), ...history])
  const scores = new Map<string, number>()
  for (const followed of own) {
    const company = (followersOf.get(followed) ?? []).slice(-500)
    for (const peer of company) {
      const theirs = followedBy.get(peer) ?? []
      for (const candidate of theirs) {
        if (own.has(candidate) || candidate === viewer) continue
        scores.set(candidate, (scores.get(candidate) ?? 0) + 1 / Math.sqrt(company.length * theirs.length))
      }
    }
  }
  const popularity = (id: string): number => followersOf.get(id)?.length ?? 0
  return [...scores]
    .sort((a, b) => b[1] / Math.sqrt(popularity(b[0]) + 1) - a[1] / Math.sqrt(popularity(a[0]) + 1))
    .slice(0, limit)
    .map(([id]) => id)
}

const popular = [...followersOf].sort((a, b) => b[1].length - a[1].length).map(([id]) => id)

/** A list that leads almost only into a network is withheld whole: what is popular takes its place, guarded too. */
async function filled(question: Question): Promise<readonly string[]> {
  // More candidates than slots, so that a withheld one leaves no gap.
  const shown = (await guarded(question, recommend({ ...question, limit: question.limit * 3 }))).slice(
    0,
    question.limit,
  )
  if (values.guard === undefined || shown.length === question.limit) return shown
  const known = new Set([...shown, ...question.history, question.viewer])
  const others = popular.filter((id) => !known.has(id)).slice(0, question.limit * 3)
  return [...shown, ...(await guarded(question, others))].slice(0, question.limit)
}

/** Asks the guard about every candidate; without an answer nothing is recommended (recommendations fail closed). */
async function guarded({ viewer, history }: Question, candidates: readonly string[]): Promise<readonly string[]> {
  if (values.guard === undefined || candidates.length === 0) return candidates
  const response = await fetch(`${values.guard}/v1/verdicts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${values.key}` },
    body: JSON.stringify({
      surface: 'recommend_accounts',
      viewer: { id: viewer, recent: history },
      subjects: candidates.map((id) => ({ type: 'account', id })),
    }),
    signal: AbortSignal.timeout(1_000),
  }).catch(() => null)
  if (!response?.ok) return []
  const { verdicts } = (await response.json()) as { verdicts: { action: string }[] }
  const withheld = new Set(['drop', 'hold', 'interstitial', undefined])
  return candidates.filter((_, i) => !withheld.has(verdicts[i]?.action))
}

async function read(request: IncomingMessage): Promise<Question> {
  let text = ''
  for await (const chunk of request) text += chunk
  const { viewer = '', history = [], limit = 20 } = JSON.parse(text) as Partial<Question>
  return { viewer, history, limit }
}

const server = createServer(async (request, response) => {
  const answer = (status: number, body: unknown): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  }
  try {
    const question = await read(request)
    const items = request.url === '/popular' ? popular.slice(0, question.limit) : await filled(question)
    answer(200, { items: items.map((id) => ({ id })) })
  } catch (error) {
    answer(400, { error: (error as Error).message })
  }
})
server.listen(Number(values.port), '127.0.0.1', () => {
  console.log(`recommending from ${values.follows} at http://127.0.0.1:${values.port}/recommend`)
})
