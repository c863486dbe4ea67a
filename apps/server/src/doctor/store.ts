import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Clock, isFirebreakError } from '@firebreak/kernel'
import type { Ledger, TaskCounts } from '@firebreak/ledger'
import type { RunningServer } from '../cli/connection.ts'
import { openStore } from '../instance/open-store.ts'
import { type Check, failed, noted, ok } from './check.ts'

/** Clocks further apart than this put events into the wrong order, and labels end at the wrong time. */
const SKEW_MS = 2_000
const SLOW_MS = 2_000

export interface StorePlace {
  readonly dir: string
  readonly databaseUrl: string | undefined
  readonly clock: Clock
}

/** What only the running server can tell: whether it answers, how fresh the guard is, and what time it has. */
export async function throughServer(server: RunningServer, clock: Clock): Promise<Check[]> {
  const before = clock()
  const response = await server.request('/v1/status')
  const took = clock() - before
  const status = (await response.json()) as {
    counts: { events: number; accounts: number }
    guard: { on: boolean; stale: boolean; snapshotAgeMs: number | null; labels: number }
  }
  const told = Date.parse(response.headers.get('date') ?? '')
  return [
    ok('lock', `held by the running server at ${server.url}`),
    took < SLOW_MS ? ok('server', `answers in ${took} ms`) : noted('server', `took ${took} ms to answer`),
    ok('store', `${status.counts.events} events, ${status.counts.accounts} accounts`),
    clockCheck(Number.isNaN(told) ? null : told - before, 'the server'),
    guardCheck(status.guard),
    tasksCheck((await server.json<{ tasks: TaskCounts[] }>('/v1/tasks')).tasks),
  ]
}

function guardCheck({
  on,
  stale,
  snapshotAgeMs,
  labels,
}: {
  on: boolean
  stale: boolean
  snapshotAgeMs: number | null
  labels: number
}): Check {
  if (!on) return noted('guard', 'switched off: nothing is withheld')
  const age = snapshotAgeMs === null ? 'no snapshot yet' : `snapshot ${(snapshotAgeMs / 1000).toFixed(1)} s old`
  const text = `${age}, ${labels} labels`
  return stale ? failed('guard', `${text}: too old, recommendations fail closed`) : ok('guard', text)
}

/** No server runs: the store itself is opened for a moment. */
export async function throughStore(place: StorePlace): Promise<Check[]> {
  const { dir, databaseUrl, clock } = place
  if (databaseUrl === undefined && !existsSync(join(dir, 'store')))
    return [noted('store', 'none yet; the first start makes it')]
  try {
    const store = await openStore({ dir, databaseUrl, clock })
    try {
      return [ok('lock', 'free'), ...(await lookInside(store.ledger, clock))]
    } finally {
      await store.close()
    }
  } catch (error) {
    if (!isFirebreakError(error)) throw error
    const held = error.code === 'ledger/locked'
    return [
      failed(held ? 'lock' : 'store', held ? 'another process has the store, but no server answers' : error.message),
    ]
  }
}

async function lookInside(ledger: Ledger, clock: Clock): Promise<Check[]> {
  const { events, accounts } = await ledger.counts()
  const before = clock()
  const told = await ledger.db
    .selectNoFrom(({ fn, val }) => [
      fn<Date>('clock_timestamp', []).as('now'),
      fn<string>('current_setting', [val('fsync')]).as('fsync'),
      fn<string>('current_setting', [val('synchronous_commit')]).as('commit'),
    ])
    .executeTakeFirstOrThrow()
  const newest = await ledger.db.selectFrom('event').select('received_at').orderBy('seq', 'desc').limit(1).execute()
  const ahead = (newest[0]?.received_at.getTime() ?? 0) - before
  return [
    ok('store', `${ledger.kind}, ${events} events, ${accounts} accounts`),
    ...(ledger.kind === 'postgres' ? [durability(`${told.fsync} ${told.commit}`)] : []),
    ahead > SKEW_MS
      ? failed(
          'clock',
          `the newest event was received ${Math.round(ahead / 1000)} s in the future: the clock was set back`,
        )
      : clockCheck(told.now.getTime() - before, 'the database'),
    tasksCheck(await ledger.tasks.counts()),
  ]
}

function tasksCheck(tasks: readonly TaskCounts[]): Check {
  const dead = tasks.filter(({ deadLettered }) => deadLettered > 0)
  return dead.length === 0
    ? ok('tasks', 'none failed for good')
    : noted('tasks', dead.map(({ name, deadLettered }) => `${deadLettered} of ${name} failed for good`).join(', '))
}

function durability(sync: string): Check {
  return sync === 'on on' || /^on (remote_|local)/.test(sync)
    ? ok('durability', 'fsync and synchronous_commit are on')
    : failed('durability', `fsync, synchronous_commit = ${sync}: an acknowledged write can be lost`)
}

function clockCheck(skewMs: number | null, whose: string): Check {
  if (skewMs === null) return noted('clock', `${whose} does not tell the time`)
  // A Date header has whole seconds.
  const off = Math.abs(skewMs) < 1_000 ? 0 : Math.round(Math.abs(skewMs) / 1000)
  return Math.abs(skewMs) > SKEW_MS
    ? failed('clock', `${off} s off ${whose}: set both by NTP`)
    : ok('clock', `agrees with ${whose}`)
}
