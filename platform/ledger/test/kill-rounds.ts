import assert from 'node:assert/strict'
import { join } from 'node:path'
import { type Ledger, openLedger } from '@firebreak/ledger'
import { type KillPlace, linesUntilKilled, testMasterKey } from '@firebreak/ledger/testing'

const WRITER = join(import.meta.dirname, 'kill-writer.ts')

export interface KillResult {
  readonly acknowledged: number
  readonly stored: number
  /** Acknowledged, but not there after the restart: must be empty. */
  readonly lost: readonly string[]
  readonly chainOk: boolean
}

/** Rounds of: start a writer, let it write a while, kill -9 (the writer, and what `crash` kills besides). Then look. */
export async function killRounds(
  place: KillPlace,
  rounds: number,
  random: () => number,
  crash?: (round: number) => Promise<void>,
): Promise<KillResult> {
  const acknowledged = new Set<string>()
  for (let round = 0; round < rounds; round++) {
    const afterMs = 100 + random() * 900
    for (const id of await linesUntilKilled({ script: WRITER, place, round, afterMs, crash })) acknowledged.add(id)
  }
  const store = place.kind === 'embedded' ? { kind: place.kind, dir: place.dir } : { kind: place.kind, url: place.url }
  const ledger = await openLedger({ store, clock: Date.now, masterKey: testMasterKey })
  try {
    const stored = await storedIds(ledger)
    const { ok } = await ledger.verify()
    return {
      acknowledged: acknowledged.size,
      stored: stored.size,
      lost: [...acknowledged].filter((id) => !stored.has(id)),
      chainOk: ok,
    }
  } finally {
    await ledger.close()
  }
}

async function storedIds(ledger: Ledger): Promise<Set<string>> {
  const ids = new Set<string>()
  for (let afterSeq = 0; ; ) {
    const events = await ledger.events({ afterSeq, limit: 5_000 })
    if (events.length === 0) return ids
    for (const { id } of events) ids.add(id)
    afterSeq = events.at(-1)!.seq
  }
}

export function assertNothingLost({ acknowledged, lost, chainOk }: KillResult): void {
  assert.ok(acknowledged > 0, 'something was acknowledged')
  assert.deepEqual(lost, [])
  assert.equal(chainOk, true)
}
