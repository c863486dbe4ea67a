/**
 * The contract's answers from made-up data, for work on the screens without a server:
 * `node apps/console/test/mock-server.ts [port]` serves the built console and prints its address.
 */
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { extname, join } from 'node:path'
import { foundNetwork, type MockState, mockState, noNetwork, probeRun } from './mock-state.ts'

const DIST = join(import.meta.dirname, '../dist')
const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

export interface MockServer {
  readonly url: string
  readonly link: string
  close(): Promise<void>
}

/** `preparing`: the demo begins with its stages still running, and the network comes after them. */
export async function startMockServer(options: { port?: number; preparing?: boolean } = {}): Promise<MockServer> {
  const states = new Map([
    ['', mockState(true)],
    ['/own', mockState(false)],
  ])
  if (options.preparing) prepare(states.get('')!)
  const server = createServer((request, response) => {
    void answer(states, request, response).catch((error: unknown) => response.destroy(error as Error))
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`
  return { url, link: `${url}/sign-in?token=made-up`, close: () => stop(server) }
}

function stop(server: Server): Promise<void> {
  server.closeAllConnections()
  return new Promise((resolve) => server.close(() => resolve()))
}

function prepare(state: MockState): void {
  const network = state.networks.get('n-1')!
  state.networks.clear()
  const texts = [
    'Making a platform of 20,000 accounts',
    'Storing what it saw',
    'Mapping from 3 seeds',
    'Sending probes',
  ]
  state.stages = texts.map((text, i) => ({
    stage: `s${i}`,
    text,
    done: i === 0 ? 12_400 : 0,
    total: 20_000,
    finished: false,
  }))
  setTimeout(() => {
    state.stages = state.stages.map((stage) => ({ ...stage, done: stage.total, finished: true }))
    state.networks.set('n-1', network)
  }, 4_000).unref()
}

async function answer(
  states: Map<string, MockState>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const base = url.pathname.startsWith('/own') ? '/own' : ''
  const path = url.pathname.slice(base.length) || '/'
  const body = await read(request)
  if (path === '/sign-in') {
    response.writeHead(302, { location: `${base}/`, 'set-cookie': 'mock=1; Path=/; HttpOnly; SameSite=Strict' }).end()
  } else if (!path.startsWith('/v1/')) {
    file(path, response)
  } else if (!request.headers.cookie?.includes('mock=1')) {
    json(response, 401, { code: 'access/required', detail: 'Sign in, or send an API key.' })
  } else if (path === '/v1/progress') {
    stream(states.get(base)!, response)
  } else {
    const [status, value] = route(states.get(base)!, `${request.method} ${path}`, body, url.searchParams)
    json(response, status, value)
  }
}

type Answer = [status: number, body: unknown]

function route(state: MockState, call: string, body: string, query: URLSearchParams): Answer {
  const [kind = '', id = '', part = ''] = (call.split(' ')[1] ?? '').slice('/v1/'.length).split('/')
  const method = call.split(' ')[0]
  const given = (body.startsWith('{') ? JSON.parse(body) : {}) as Record<string, never>
  const simple: Record<string, () => Answer> = {
    'GET me': () => [200, whoAmI(state)],
    'GET status': () => [200, statusOf(state)],
    'GET guard': () => [200, state.guard],
    'PUT guard': () => [200, Object.assign(state.guard, given)],
    'POST own-data': () => [200, { signIn: '/own/sign-in?token=made-up' }],
    'GET api-keys': () => [200, { keys: state.keys }],
    'POST api-keys': () => [201, makeKey(state, given)],
    'POST imports': () => [202, importFile(state, query)],
    'GET imports': () => [200, { rows: 1_204, accepted: 1_201, bad: BAD, badTotal: 3, finished: true }],
    'GET probes': () =>
      id ? one(state.runs.get(id)) : [200, { runs: [...state.runs.values()].map(({ arms: _, ...run }) => run) }],
    'POST probes': () => [202, startProbe(state, given)],
    'GET networks': () => (id ? one(state.networks.get(id)) : [200, { networks: summaries(state) }]),
    'POST networks': () =>
      part === 'labels' ? label(state, id, true) : part === 'marks' ? mark(state, id, given) : map(state, given),
    'DELETE networks': () => label(state, id, false),
  }
  if (method === 'DELETE' && kind === 'api-keys') {
    state.keys = state.keys.filter((key) => key.id !== id)
    return [200, {}]
  }
  return simple[`${method} ${kind}`]?.() ?? [404, { code: 'http/not-found', detail: 'There is no such address here.' }]
}

const BAD = [
  { line: 17, reason: 'target is empty' },
  { line: 211, reason: 'has 1 column, needs 2' },
  { line: 940, reason: 'weight "many" is not a number' },
]

function one(value: unknown): Answer {
  return value ? [200, value] : [404, { code: 'http/not-found', detail: 'There is no such thing here.' }]
}

function whoAmI(state: MockState) {
  return {
    user: { id: 'user-1', name: 'investigator', roles: ['investigator', 'admin'] },
    instance: {
      demo: state.demo,
      own: state.demo ? '/own' : null,
      store: { kind: 'embedded', durable: 'committed before it is acknowledged' },
      version: '0.1.0',
    },
  }
}

function statusOf(state: MockState) {
  const labels = [...state.networks.values()].reduce((sum, { labels }) => sum + (labels?.active ?? 0), 0)
  return {
    stages: state.stages,
    guard: { on: state.guard.on, labels, snapshotAgeMs: 320, policyVersion: 'default-1', failMode: 'closed' },
    counts: state.counts,
    networks: state.networks.size,
  }
}

function summaries(state: MockState) {
  return [...state.networks.values()].toReversed().map(({ id, name, createdAt, status, map }) => ({
    id,
    name,
    createdAt,
    status,
    isNetwork: map.isNetwork,
    members: map.accounts.filter((account) => account.member).length,
    seeds: map.seeds.length,
  }))
}

function map(state: MockState, given: { seeds?: string[]; randomSeeds?: number; name?: string }): Answer {
  if (given.seeds?.includes('nobody'))
    return [400, { code: 'input/no-seeds', detail: 'No seed of this query is in the graph.' }]
  const id = `n-${state.networks.size + 1}`
  const network = given.randomSeeds ? noNetwork(id) : foundNetwork(id, false)
  state.networks.set(id, { ...network, ...(given.name ? { name: given.name } : {}) })
  return [202, { id }]
}

function label(state: MockState, id: string, apply: boolean): Answer {
  const network = state.networks.get(id)
  if (!network) return one(undefined)
  const members = network.map.accounts.filter((account) => account.member).length
  network.labels = apply ? { active: members, expiresAt: '2026-12-24T09:00:00.000Z' } : null
  return [200, apply ? { applied: members } : { retracted: members }]
}

function mark(state: MockState, id: string, given: { account?: string; mark?: string }): Answer {
  const network = state.networks.get(id)
  if (!network || !given.account || !given.mark) return one(undefined)
  network.marks[given.account] = given.mark
  if (given.mark === 'victim')
    network.map.accounts = network.map.accounts.filter(({ account }) => account !== given.account)
  return [202, network]
}

function startProbe(state: MockState, given: { recommender?: string }) {
  const id = `p-${state.runs.size + 1}`
  const run = { ...probeRun(id, given.recommender ?? 'coFollow'), status: 'running' as 'running' | 'done' }
  state.runs.set(id, run)
  setTimeout(() => state.runs.set(id, { ...run, status: 'done' }), 1_500)
  return { id }
}

function importFile(state: MockState, query: URLSearchParams) {
  state.counts = { accounts: 380, edges: 1_201, events: 1_201 }
  return { id: `i-${query.get('relation')}` }
}

function makeKey(state: MockState, given: { name?: string; scopes?: string[] }) {
  const key = {
    id: `k-${state.keys.length + 1}`,
    name: given.name ?? '',
    scopes: given.scopes ?? [],
    createdAt: '2026-11-24T09:00:00.000Z',
  }
  state.keys.push(key)
  return { key, token: 'fb_made-up-key-for-the-mock' }
}

function stream(state: MockState, response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  const tell = () => {
    for (const stage of state.stages) response.write(`event: progress\ndata: ${JSON.stringify(stage)}\n\n`)
  }
  tell()
  const timer = setInterval(tell, 500).unref()
  response.on('close', () => clearInterval(timer))
}

function file(path: string, response: ServerResponse): void {
  try {
    const name = path === '/' ? '/index.html' : path
    const body = readFileSync(join(DIST, name.replaceAll('..', '')))
    response.writeHead(200, {
      'content-type': TYPES[extname(name)] ?? 'application/octet-stream',
      'content-security-policy': POLICY,
    })
    response.end(body)
  } catch {
    json(response, 404, { code: 'http/not-found', detail: 'There is no such file here.' })
  }
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': status >= 400 ? 'application/problem+json' : 'application/json' })
  response.end(JSON.stringify(body))
}

async function read(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}

if (import.meta.main) {
  const { link } = await startMockServer({
    port: Number(process.argv[2] ?? 15_701),
    preparing: process.argv.includes('--preparing'),
  })
  console.log(link)
}
