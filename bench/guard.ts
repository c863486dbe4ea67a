/**
 * What a verdict costs: judgements/s of the guard in memory (default rules, labels on a tenth of the accounts asked for),
 * memory per label, and verdicts over HTTP with 100 candidates beside a bare Fastify that echoes as many bytes, both in
 * processes of their own, asked over 32 connections.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { createInterface } from 'node:readline'
import { setTimeout } from 'node:timers/promises'
import { emptySnapshot, Guard, judgeRequest, LabelTable, type People, type Snapshot } from '@firebreak/guard'
import { seededRandom } from '@firebreak/kernel'
import { type Label, type Ledger, openLedger } from '@firebreak/ledger'
import { openTestLedger, testMasterKey, withPostgres } from '@firebreak/ledger/testing'
import { DEFAULT_POLICY, RULES_VERSION } from '@firebreak/policy'

const NOW = Date.parse('2026-06-01T12:00:00Z')
const CANDIDATES = 100
const BY = { kind: 'system', id: 'bench' } as const

function labelOf(i: number): Label {
  return {
    id: `label-${i}`,
    seq: i + 1,
    neg: false,
    at: new Date(NOW).toISOString(),
    by: { kind: 'system', id: 'bench' },
    subject: { type: 'account', id: `acct-${i}` },
    value: i % 2 === 0 ? 'network-member' : 'network-adjacent',
    source: 'networks',
    reason: 'bench',
    caseId: `network-${i % 100}`,
    probability: (i % 100) / 100,
    expiresAt: new Date(NOW + 30 * 86_400_000).toISOString(),
  }
}

export function filledSnapshot(labels: number): Snapshot {
  const snapshot = emptySnapshot(DEFAULT_POLICY, 30_000)
  for (let i = 0; i < labels; i++) snapshot.labels.take(labelOf(i), NOW)
  for (let i = 0; i < labels / 2; i++) snapshot.contacted.add(`viewer-${i}`)
  snapshot.seenAt = NOW
  return snapshot
}

export function questions(count: number, accounts: number) {
  const random = seededRandom('guard')
  return Array.from({ length: count }, () => ({
    surface: 'recommend_accounts' as const,
    viewer: { id: `viewer-${Math.floor(random() * accounts)}` },
    subjects: Array.from({ length: CANDIDATES }, () => ({
      type: 'account',
      id: `acct-${Math.floor(random() * accounts)}`,
    })),
  }))
}

function measureMemory(): void {
  const { gc } = globalThis as { gc?: () => void }
  gc?.()
  const before = process.memoryUsage().heapUsed
  const table = new LabelTable(DEFAULT_POLICY)
  const started = performance.now()
  for (let i = 0; i < 1_000_000; i++) table.take(labelOf(i), NOW)
  const took = performance.now() - started
  gc?.()
  const bytes = (process.memoryUsage().heapUsed - before) / table.size
  console.log(
    `1 M labels: ${Math.round(bytes)} bytes a label${gc ? '' : ' (run with --expose-gc for an exact figure)'}, taken in ${(took / 1000).toFixed(1)} s`,
  )
}

/** Every tenth account a minor, half of the others adults: then rules about persons are judged too. */
const people: People = {
  ageOf: (account) => {
    const last = account.charCodeAt(account.length - 1) % 10
    return last === 0 ? 'minor' : last < 6 ? 'adult' : 'unknown'
  },
  related: () => false,
  countIn: () => 0,
}

function measureJudgements(known: People | null): void {
  const snapshot = filledSnapshot(100_000)
  if (known) snapshot.people = known
  const asked = questions(2_000, 1_000_000)
  const rates: number[] = []
  let withheld = 0
  for (let round = 0; round < 7; round++) {
    withheld = 0
    // Processor time, so that neighbours on a shared machine do not count.
    const started = process.cpuUsage()
    for (const question of asked)
      for (const { action } of judgeRequest(snapshot, question, NOW)) if (action !== 'allow') withheld++
    rates.push((asked.length * CANDIDATES) / secondsSince(started))
  }
  const rate = median(rates.slice(2))
  console.log(
    `judgements, rules ${RULES_VERSION}, 100 k labels, ${known ? 'ages known' : 'no ages'}: ${(rate / 1e6).toFixed(2)} M a second of processor time (${withheld} of ${asked.length * CANDIDATES} withheld)`,
  )
}

function secondsSince(started: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(started)
  return (user + system) / 1e6
}

interface Load {
  readonly perSecond: number
  readonly p50: number
  readonly p99: number
  readonly p999: number
}

/** `perSecond`: how many questions are begun a second; absent: as many as 32 connections carry. */
async function load(
  port: number,
  path: string,
  headers: Record<string, string>,
  seconds: number,
  perSecond?: number,
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: 32 })
  const bodies = questions(64, 1_000_000).map((one) => JSON.stringify(one))
  const times: number[] = []
  const until = performance.now() + seconds * 1_000
  const begun = performance.now()
  let next = 0
  const worker = async (first: number) => {
    for (let i = first; performance.now() < until; i++) {
      if (perSecond !== undefined) {
        const due = begun + (next++ * 1_000) / perSecond
        const wait = due - performance.now()
        if (wait > 0) await setTimeout(wait)
      }
      const started = performance.now()
      await send(agent, port, path, headers, bodies[i % bodies.length]!)
      times.push(performance.now() - started)
    }
  }
  await Promise.all(Array.from({ length: 32 }, (_, i) => worker(i)))
  agent.destroy()
  times.sort((a, b) => a - b)
  return {
    perSecond: times.length / seconds,
    p50: times[times.length >> 1]!,
    p99: times[Math.floor(times.length * 0.99)]!,
    p999: times[Math.floor(times.length * 0.999)]!,
  }
}

function send(agent: Agent, port: number, path: string, headers: Record<string, string>, body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const given = { ...headers, 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }
    const asked = request({ agent, port, host: '127.0.0.1', method: 'POST', path, headers: given }, (answer) => {
      if (answer.statusCode !== 200) reject(new Error(`status ${answer.statusCode}`))
      answer.resume().on('end', resolve)
    })
    asked.on('error', reject).end(body)
  })
}

async function measureHttp(): Promise<void> {
  const rows: Record<string, (Load & { cpu: number })[]> = { bare: [], firebreak: [] }
  for (let round = 0; round < 3; round++) {
    for (const kind of ['bare', 'firebreak'] as const) {
      const child = spawn(process.execPath, [new URL('./serve/guard-server.ts', import.meta.url).pathname, kind], {
        stdio: ['pipe', 'pipe', 'inherit'],
      })
      const lines = createInterface(child.stdout)
      const [line] = (await once(lines, 'line')) as [string]
      const { port, headers } = JSON.parse(line) as { port: number; headers: Record<string, string> }
      const warm = await load(port, '/v1/verdicts', headers, 1)
      const measured = await load(port, '/v1/verdicts', headers, 4)
      const said = once(lines, 'line') as Promise<[string]>
      child.stdin.end()
      const { cpu } = JSON.parse((await said)[0]) as { cpu: number }
      rows[kind]!.push({ ...measured, cpu: cpu / (warm.perSecond + measured.perSecond * 4) })
      await once(child, 'exit')
    }
  }
  const middle = (kind: string, field: keyof Load | 'cpu') => median(rows[kind]!.map((row) => row[field]))
  for (const kind of ['bare', 'firebreak'])
    console.log(
      `${kind.padEnd(9)} ${Math.round(middle(kind, 'perSecond'))} requests/s of 100 candidates, p50 ${middle(kind, 'p50').toFixed(1)} ms, p99 ${middle(kind, 'p99').toFixed(1)} ms`,
    )
  await measureChanging(middle('firebreak', 'perSecond') / 2)
  const share = middle('firebreak', 'perSecond') / middle('bare', 'perSecond')
  const work = middle('bare', 'cpu') / middle('firebreak', 'cpu')
  console.log(
    `firebreak answers ${(share * 100).toFixed(0)} % of the bare server's requests (median of 3 rounds), ${(work * 100).toFixed(0)} % for the same processor time (${(middle('firebreak', 'cpu') * 1e6).toFixed(0)} µs a request)`,
  )
}

/** Half load on one core, labels written and taken back all the while. */
async function measureChanging(perSecond: number): Promise<void> {
  const child = spawn(process.execPath, [new URL('./serve/guard-server.ts', import.meta.url).pathname, 'changing'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  const { port, headers } = JSON.parse(line) as { port: number; headers: Record<string, string> }
  await load(port, '/v1/verdicts', headers, 1)
  const { p50, p99, p999, perSecond: answered } = await load(port, '/v1/verdicts', headers, 10, perSecond)
  child.stdin.end()
  await once(child, 'exit')
  console.log(
    `half load (${Math.round(answered)} requests/s) while 200 labels a second change: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, p999 ${p999.toFixed(1)} ms`,
  )
}

/** From the call that writes a label (or takes it back) to the first verdict that counts it, the guard left to itself. */
async function measureFollowing(name: string, writer: Ledger, reader: Ledger): Promise<void> {
  const guard = await Guard.open({ source: reader, clock: Date.now })
  const times: number[] = []
  for (let i = 0; i < 40; i++) {
    const id = `fresh-${i}`
    const withheld = () =>
      guard.judge({ surface: 'recommend_accounts', subjects: [{ type: 'account', id }] })[0]!.action === 'drop'
    const subject = { type: 'account', id }
    for (const on of [true, false]) {
      const started = performance.now()
      if (on) await writer.labels.apply([{ subject, value: 'network-member', source: 'bench', reason: 'bench' }], BY)
      else
        await writer.labels.retract(
          (await writer.labels.active({ subject })).map((label) => label.id),
          BY,
          'bench',
        )
      while (withheld() !== on) await setTimeout(1)
      times.push(performance.now() - started)
    }
  }
  await guard.close()
  times.sort((a, b) => a - b)
  console.log(
    `label written or taken back → answered, ${name}: median ${median(times).toFixed(0)} ms, slowest of ${times.length} ${times.at(-1)!.toFixed(0)} ms`,
  )
}

async function measureFollowingOnBoth(): Promise<void> {
  const embedded = await openTestLedger({ clock: Date.now })
  await measureFollowing('embedded store, same process', embedded, embedded)
  await embedded.close()
  const postgres = await withPostgres()
  if (!postgres) return console.log('PostgreSQL is not installed: across connections not measured')
  const url = await postgres.database()
  const open = () => openLedger({ store: { kind: 'postgres', url }, clock: Date.now, masterKey: testMasterKey })
  const [writer, reader] = [await open(), await open()]
  await measureFollowing('PostgreSQL, writer and guard on connections of their own', writer, reader)
  await Promise.all([writer.close(), reader.close()])
  await postgres.stop()
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1]!
}

measureJudgements(null)
measureJudgements(people)
measureMemory()
await measureFollowingOnBoth()
await measureHttp()
