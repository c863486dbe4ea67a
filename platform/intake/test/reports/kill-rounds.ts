import assert from 'node:assert/strict'
import { join } from 'node:path'
import { readBooks, rowsOf } from '@firebreak/intake'
import { openLedger } from '@firebreak/ledger'
import { type KillPlace, linesUntilKilled, testMasterKey } from '@firebreak/ledger/testing'
import { testKeys } from './stage.ts'

const WRITER = join(import.meta.dirname, 'kill-writer.ts')

export interface KillResult {
  readonly acknowledged: number
  readonly stored: number
  /** Acknowledged requests without their report after the restart: must be empty. */
  readonly lost: readonly string[]
  /** Requests that were answered with two different reports, or stand twice: must be empty. */
  readonly doubled: readonly string[]
  readonly problems: readonly string[]
  readonly chainOk: boolean
}

/** Rounds of: take reports under load, kill -9 at a random point (the taker, and what `crash` kills besides). Then look. */
export async function killRounds(
  place: KillPlace,
  rounds: number,
  random: () => number,
  crash?: (round: number) => Promise<void>,
): Promise<KillResult> {
  const answers = new Map<string, string>()
  const doubled: string[] = []
  for (let round = 0; round < rounds; round++) {
    const when = { afterMs: 50 + random() * 700, onceAcknowledged: round % 2 === 1 }
    for (const line of await linesUntilKilled({ script: WRITER, place, round, ...when, crash })) {
      const [key, id] = line.split(' ') as [string, string]
      if ((answers.get(key) ?? id) !== id) doubled.push(key)
      answers.set(key, id)
    }
  }
  return look(place, answers, doubled)
}

async function look(place: KillPlace, answers: ReadonlyMap<string, string>, doubled: string[]): Promise<KillResult> {
  const store = place.kind === 'embedded' ? { kind: place.kind, dir: place.dir } : { kind: place.kind, url: place.url }
  const ledger = await openLedger({ store, clock: Date.now, masterKey: testMasterKey })
  try {
    const rows = await rowsOf<{ id: string; request_key: string }>(ledger.db, 'select id, request_key from report')
    const stored = new Map<string, string>()
    for (const { id, request_key } of rows) {
      if (stored.has(request_key)) doubled.push(request_key)
      stored.set(request_key, id)
    }
    const lost = [...answers].filter(([key, id]) => stored.get(testKeys.request('platform', key)) !== id)
    const { problems } = await readBooks(ledger)
    const { ok } = await ledger.verify()
    return {
      acknowledged: answers.size,
      stored: rows.length,
      lost: lost.map(([key]) => key),
      doubled,
      problems,
      chainOk: ok,
    }
  } finally {
    await ledger.close()
  }
}

export function assertNothingLost({ acknowledged, lost, doubled, problems, chainOk }: KillResult): void {
  assert.ok(acknowledged > 0, 'something was acknowledged')
  assert.deepEqual([lost, doubled, problems], [[], [], []])
  assert.equal(chainOk, true)
}
