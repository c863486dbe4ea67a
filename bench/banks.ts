/**
 * Banks at scale: `npm run bench -- banks [entries, default 10000000]`. Entries are written as an exchange would (sealed chunks), then a
 * server is started on the same data directory: its load time and memory, the time of a match, and how soon an added hash is matched,
 * in that process and, where PostgreSQL is installed, in another one. Needs about 110 bytes of memory and 50 of disk for each entry.
 */
import { spawn } from 'node:child_process'
import { randomFillSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { openLedger } from '@firebreak/ledger'
import { testMasterKey, withPostgres } from '@firebreak/ledger/testing'
import { Banks, hexOf, type NewEntry, sealerFrom } from '@firebreak/signals'
import { openStore } from '../apps/server/src/instance/open-store.ts'

const BY = { kind: 'system', id: 'bench' } as const
const CHUNK = 65_536
const PORT = 9207
const count = Number(process.argv[2] ?? 10_000_000)
const dir = mkdtempSync(join(tmpdir(), 'firebreak-banks-'))

try {
  const { token, known } = await fill()
  await serve(token, known)
  await acrossProcesses()
} finally {
  rmSync(dir, { recursive: true, force: true })
}

/** Uniform hashes: nothing is known of their neighbours, as of most real ones. */
function part(size: number): NewEntry[] {
  const bytes = randomFillSync(new Uint8Array(size * 32))
  const opinions = [{ owner: 'bench', category: 'POSITIVE_CLASS' } as const]
  return Array.from({ length: size }, (_, i) => ({ hash: bytes.subarray(i * 32, (i + 1) * 32), opinions }))
}

async function fill(): Promise<{ token: string; known: string }> {
  const store = await openStore({ dir, clock: Date.now })
  const { ledger, secrets } = store
  const banks = await Banks.open({ ledger, sealer: sealerFrom(secrets.banks), clock: Date.now })
  await banks.create('LARGE', {}, BY)
  const known = hexOf(part(1)[0]!.hash)
  await banks.add(
    'LARGE',
    'pdq',
    [{ hash: Buffer.from(known, 'hex'), opinions: [{ owner: 'bench', category: 'POSITIVE_CLASS' }] }],
    BY,
  )
  const bank = banks.bank('LARGE')
  const began = performance.now()
  for (let left = count; left > 0; left -= CHUNK) {
    const parts = banks.store.sealed(bank.id, 'pdq', part(Math.min(left, CHUNK)))
    await ledger.transaction(BY, (tx) => banks.store.addIn(tx, bank, parts))
  }
  row(`${count.toLocaleString('en')} entries sealed and stored`, seconds(began))
  const { token } = await ledger.apiKeys.create({ name: 'bench', scopes: ['read', 'match', 'banks:write'] }, BY)
  await banks.close()
  await store.close()
  return { token, known }
}

async function serve(token: string, known: string): Promise<void> {
  const main = join(import.meta.dirname, '../apps/server/src/main.ts')
  const began = performance.now()
  const server = spawn(process.execPath, [main, 'start', '--data', dir, '--port', String(PORT)], {
    stdio: 'ignore',
    env: { ...process.env, FIREBREAK_MATCH_PER_MINUTE: '10000000' },
  })
  try {
    await untilUp()
    row('server answers after', seconds(began))
    const { banks } = (await call('GET', '/v1/signals/status', token)) as { banks: { entries: number; loadMs: number } }
    row(
      'of which banks (read, unseal, index)',
      `${(banks.loadMs / 1000).toFixed(1)} s for ${banks.entries.toLocaleString('en')}`,
    )
    row('processor time of the server so far', processorTime(server.pid!))
    row('memory of the server (resident; peak)', `${memory(server.pid!, 'VmRSS')}; ${memory(server.pid!, 'VmHWM')}`)
    await matches(token, known)
    const late: number[] = []
    for (let i = 0; i < 20; i++) late.push(await lateness(token))
    late.sort((a, b) => a - b)
    row('hash added over HTTP → matched (median; longest of 20)', `${late[10]!.toFixed(0)}; ${late[19]!.toFixed(0)} ms`)
    row('memory afterwards', memory(server.pid!, 'VmRSS'))
  } finally {
    server.kill('SIGTERM')
    await new Promise((done) => server.once('exit', done))
  }
}

async function matches(token: string, known: string): Promise<void> {
  const found = (await ask(token, [known])) as { results: { result: string }[] }
  if (found.results[0]?.result !== 'held') throw new Error('a known hash was not found')
  const times: number[] = []
  for (let i = 0; i < 60; i++) {
    const hashes = part(64).map(({ hash }) => hexOf(hash))
    const began = performance.now()
    await ask(token, hashes)
    times.push((performance.now() - began) / 64)
  }
  times.sort((a, b) => a - b)
  row('a hash matched over HTTP, 64 a request (median; p95)', `${times[30]!.toFixed(2)}; ${times[57]!.toFixed(2)} ms`)
}

async function lateness(token: string): Promise<number> {
  const hash = hexOf(part(1)[0]!.hash)
  const began = performance.now()
  await call('POST', '/v1/banks/LARGE/entries', token, { entries: [{ kind: 'pdq', hash }] })
  for (;;) {
    const { results } = (await ask(token, [hash])) as { results: { result: string }[] }
    if (results[0]?.result === 'held') return performance.now() - began
  }
}

/** Two processes' worth of banks over one PostgreSQL: what one adds, the other finds. */
async function acrossProcesses(): Promise<void> {
  const postgres = await withPostgres()
  if (postgres === null) return row('hash added → matched in another process', 'PostgreSQL is not installed')
  try {
    const url = await postgres.database()
    const open = async () => {
      const ledger = await openLedger({ store: { kind: 'postgres', url }, clock: Date.now, masterKey: testMasterKey })
      return { ledger, banks: await Banks.open({ ledger, sealer: sealerFrom(testMasterKey), clock: Date.now }) }
    }
    const [one, two] = [await open(), await open()]
    await one.banks.create('B', {}, BY)
    const times: number[] = []
    for (let i = 0; i < 50; i++) {
      const [entry] = part(1)
      const began = performance.now()
      const added = one.banks.add('B', 'pdq', [entry!], BY)
      while (two.banks.match({ kind: 'pdq', hash: entry!.hash }).length === 0) await setTimeout(1)
      times.push(performance.now() - began)
      await added
    }
    times.sort((a, b) => a - b)
    row(
      'hash added → matched in another process (median; longest of 50)',
      `${times[25]!.toFixed(0)}; ${times[49]!.toFixed(0)} ms`,
    )
    for (const { banks, ledger } of [one, two]) {
      await banks.close()
      await ledger.close()
    }
  } finally {
    await postgres.stop()
  }
}

async function untilUp(): Promise<void> {
  for (;;) {
    const up = await fetch(`http://127.0.0.1:${PORT}/health`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (up) return
    await setTimeout(50)
  }
}

function ask(token: string, hashes: readonly string[]): Promise<unknown> {
  return call('POST', '/v1/match', token, { hashes: hashes.map((hash) => ({ kind: 'pdq', hash })) })
}

async function call(method: string, path: string, token: string, body?: object): Promise<unknown> {
  const answer = await fetch(`http://127.0.0.1:${PORT}${path}`, {
    ...{ method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' } },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
  return answer.json()
}

function memory(pid: number, field: 'VmRSS' | 'VmHWM'): string {
  const kb = Number(new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  return `${(kb / 1_048_576).toFixed(2)} GiB`
}

/** Of all its threads: what remains true on a busy machine. */
function processorTime(pid: number): string {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')
  return `${((Number(fields[11]) + Number(fields[12])) / 100).toFixed(1)} s`
}

function seconds(began: number): string {
  return `${((performance.now() - began) / 1000).toFixed(1)} s`
}

function row(what: string, figure: string): void {
  console.log(`${what.padEnd(66)} ${figure}`)
}
