/**
 * What a durable write and a read of the ledger cost, on both stores: events/s in batches of 5,000 (the simulator's small
 * platform), single appends/s with 1, 32 and 256 in flight, edges/s read back, entries/s verified. PostgreSQL: the server
 * behind DATABASE_URL_TEST or a temporary cluster of the installed binaries. `npm run bench -- ledger [events]`
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@firebreak/kernel'
import { type EventInput, type Ledger, type LedgerOptions, openLedger } from '@firebreak/ledger'
import { testMasterKey, withPostgres } from '@firebreak/ledger/testing'
import { generateWorld } from '@firebreak/simulator'

const BATCH = 5_000
const SECONDS = 4
const limit = Number(process.argv[2] ?? Number.POSITIVE_INFINITY)
const BY = { kind: 'system', id: 'bench' } as const

interface Figures {
  readonly [what: string]: string
}

const events: readonly EventInput[] = [...generateWorld({ scenario: 'small', seed: 1 }).events()].slice(0, limit)

async function measure(ledger: Ledger): Promise<Figures> {
  const batched = await appendAll(ledger)
  const singles: Record<string, string> = {}
  for (const inFlight of [1, 32, 256])
    singles[`single appends/s, ${inFlight} in flight`] = rate(await appendSingly(ledger, inFlight))
  const edges = await readEdges(ledger)
  const started = performance.now()
  const { ok, entries } = await ledger.verify()
  if (!ok) throw new Error('the chain does not verify')
  return {
    [`events/s in batches of ${BATCH}`]: rate(batched.all),
    'of these the median batch': rate(batched.median),
    ...singles,
    'edges/s read back': rate(edges.perSecond),
    'entries/s verified': rate((entries / (performance.now() - started)) * 1000),
  }
}

async function appendAll(ledger: Ledger): Promise<{ all: number; median: number }> {
  const started = performance.now()
  const rates: number[] = []
  for (let from = 0; from < events.length; from += BATCH) {
    const batch = events.slice(from, from + BATCH)
    const before = performance.now()
    const results = await ledger.append(batch, BY)
    rates.push((batch.length / (performance.now() - before)) * 1000)
    const refused = results.find(({ status }) => status !== 'accepted')
    if (refused !== undefined) throw new Error(`not accepted: ${JSON.stringify(refused)}`)
  }
  return { all: (events.length / (performance.now() - started)) * 1000, median: median(rates) }
}

async function appendSingly(ledger: Ledger, inFlight: number): Promise<number> {
  const started = performance.now()
  let done = 0
  const caller = async (name: number) => {
    for (let i = 0; performance.now() - started < SECONDS * 1000; i++) {
      await ledger.append([follow(`single-${inFlight}-${name}-${i}`, name, i)], BY)
      done++
    }
  }
  await Promise.all(Array.from({ length: inFlight }, (_, name) => caller(name)))
  return (done / (performance.now() - started)) * 1000
}

function follow(id: string, from: number, to: number): EventInput {
  const account = (number: number) => ({ type: 'account', id: `acct-${number}` })
  return { id, type: 'follow', at: '2026-05-01T00:00:00Z', actor: account(from), subject: account(1_000 + to) }
}

async function readEdges(ledger: Ledger): Promise<{ count: number; perSecond: number }> {
  const rates: number[] = []
  let count = 0
  for (let round = 0; round < 3; round++) {
    count = 0
    const started = performance.now()
    for await (const batch of ledger.edges()) count += batch.length
    rates.push((count / (performance.now() - started)) * 1000)
  }
  return { count, perSecond: median(rates) }
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}

function rate(perSecond: number): string {
  return Math.round(perSecond).toLocaleString('en-US')
}

async function on(store: LedgerOptions['store']): Promise<Figures> {
  const ledger = await openLedger({ store, clock: systemClock, masterKey: testMasterKey })
  try {
    return await measure(ledger)
  } finally {
    await ledger.close()
  }
}

const figures: Record<string, Figures> = {}
const dir = mkdtempSync(join(tmpdir(), 'firebreak-bench-'))
try {
  figures.embedded = await on({ kind: 'embedded', dir })
} finally {
  rmSync(dir, { recursive: true, force: true })
}
const postgres = await withPostgres()
if (postgres === null) console.log('PostgreSQL is not installed: left out.')
else {
  try {
    figures.PostgreSQL = await on({ kind: 'postgres', url: await postgres.database() })
  } finally {
    await postgres.stop()
  }
}
const width = Math.max(...Object.keys(figures.embedded!).map((what) => what.length))
const row = (what: string, cells: readonly string[]) =>
  console.log([what.padEnd(width), ...cells.map((cell) => cell.padStart(12))].join('  '))
row('', Object.keys(figures))
for (const what of Object.keys(figures.embedded!))
  row(
    what,
    Object.values(figures).map((column) => column[what] ?? ''),
  )
