import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { type Ledger, openLedger } from '@firebreak/ledger'
import { testMasterKey } from '@firebreak/ledger/testing'

export interface KillResult {
  readonly acknowledged: number
  readonly stored: number
  /** Acknowledged, but not there after the restart: must be empty. */
  readonly lost: readonly string[]
  readonly chainOk: boolean
}

export type Place =
  | { readonly kind: 'embedded'; readonly dir: string }
  | { readonly kind: 'postgres'; readonly url: string }

/** Rounds of: start a writer, let it write a while, kill -9 (the writer, and what `crash` kills besides). Then look. */
export async function killRounds(
  place: Place,
  rounds: number,
  random: () => number,
  crash?: (round: number) => Promise<void>,
): Promise<KillResult> {
  const acknowledged = new Set<string>()
  for (let round = 0; round < rounds; round++) {
    for (const id of await killOnce(place, round, 100 + random() * 900, crash)) acknowledged.add(id)
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

async function killOnce(
  place: Place,
  round: number,
  afterMs: number,
  crash?: (round: number) => Promise<void>,
): Promise<string[]> {
  const where = place.kind === 'embedded' ? place.dir : place.url
  const args = [join(import.meta.dirname, 'kill-writer.ts'), place.kind, where, String(round)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] })
  const closed = new Promise<void>((done) => child.once('close', () => done()))
  let said = ''
  let timer: NodeJS.Timeout | undefined
  let crashed: Promise<void> | undefined
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk
    timer ??= setTimeout(() => {
      crashed = crash?.(round)
      void Promise.resolve(crashed).finally(() => child.kill('SIGKILL'))
    }, afterMs)
  })
  await closed
  clearTimeout(timer)
  // A writer whose store died ends at once, while the server is still starting again.
  await crashed
  const lines = said.split('\n')
  if (lines[0] !== 'open') throw new Error(`the writer of round ${round} never opened its store`)
  // The last line may be cut in the middle: nobody has read it as an acknowledgement.
  return lines.slice(1, -1)
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
