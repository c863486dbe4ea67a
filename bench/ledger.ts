/**
 * What a durable write and a read of the ledger cost, on both stores: events/s in batches of 5,000 (the simulator's small
 * platform), with and without folding the adjacency that the first reader of neighbours would otherwise wait for; processor
 * time an event; single appends/s with 1, 32 and 256 in flight; transactions and tasks/s; edges/s read back, entries/s verified.
 * The peer in the same run: the same events as one JSON column of a plain table, one statement a batch, nothing else – no
 * numbering of names, edges, encryption, chain or duplicates. PostgreSQL: the server behind DATABASE_URL_TEST or a temporary
 * cluster of the installed binaries, fsync on. `npm run bench -- ledger [events]`
 */
import type { EventInput, Ledger } from '@firebreak/ledger'
import { onBothStores } from '@firebreak/ledger/testing'
import { generateWorld } from '@firebreak/simulator'
import { sql } from 'kysely'

const BATCH = 5_000
const SECONDS = 4
const limit = Number(process.argv[2] ?? Number.POSITIVE_INFINITY)
const BY = { kind: 'system', id: 'bench' } as const

interface Figures {
  readonly [what: string]: string
}

const events: readonly EventInput[] = [...generateWorld({ scenario: 'small', seed: 1 }).events()].slice(0, limit)

async function measure(ledger: Ledger): Promise<Figures> {
  const plain = await insertPlain(ledger)
  const cpu = process.cpuUsage()
  const began = performance.now()
  const batched = await appendAll(ledger)
  const used = process.cpuUsage(cpu)
  await ledger.neighbours(['acct-0'])
  const folded = events.length / ((performance.now() - began) / 1000)
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
    'the same, adjacency folded as well': rate(folded),
    'peer: rows/s of a plain JSON table': rate(plain),
    'events/s of the peer’s rows/s': `${Math.round((batched.all / plain) * 100)} %`,
    // The server's own time is not in it on PostgreSQL.
    'µs of this process an event': ((used.user + used.system) / events.length).toFixed(1),
    ...singles,
    'transactions/s (row, event, record, task), 32 in flight': rate(await transact(ledger)),
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

async function insertPlain(ledger: Ledger): Promise<number> {
  await sql`create table bench_plain (seq bigint generated always as identity primary key, body jsonb not null)`.execute(
    ledger.db,
  )
  const started = performance.now()
  for (let from = 0; from < events.length; from += BATCH)
    await sql`insert into bench_plain (body) select value from jsonb_array_elements(${JSON.stringify(
      events.slice(from, from + BATCH),
    )}::text::jsonb)`.execute(ledger.db)
  const perSecond = (events.length / (performance.now() - started)) * 1000
  await sql`drop table bench_plain`.execute(ledger.db)
  return perSecond
}

/** What taking a report costs: a row of the layer's own, an event, an audit record and a task in one commit. */
async function transact(ledger: Ledger): Promise<number> {
  await ledger.tasks.define('bench')
  const started = performance.now()
  let done = 0
  const caller = async (name: number) => {
    for (let i = 0; performance.now() - started < SECONDS * 1000; i++) {
      await ledger.transaction(BY, async (tx) => {
        await tx.db
          .insertInto('cursor_position')
          .values({ name: `bench ${name} ${i}`, seq: i })
          .execute()
        await tx.append([follow(`tx-${name}-${i}`, name, i)])
        await tx.record('bench', { i })
        await tx.enqueue('bench', { i })
      })
      done++
    }
  }
  await Promise.all(Array.from({ length: 32 }, (_, name) => caller(name)))
  return (done / (performance.now() - started)) * 1000
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

const { embedded, PostgreSQL } = await onBothStores(measure)
if (PostgreSQL === null) console.log('PostgreSQL is not installed: left out.')
const figures: Record<string, Figures> = { embedded, ...(PostgreSQL === null ? {} : { PostgreSQL }) }
const width = Math.max(...Object.keys(embedded).map((what) => what.length))
const row = (what: string, cells: readonly string[]) =>
  console.log([what.padEnd(width), ...cells.map((cell) => cell.padStart(12))].join('  '))
row('', Object.keys(figures))
for (const what of Object.keys(embedded))
  row(
    what,
    Object.values(figures).map((column) => column[what] ?? ''),
  )
