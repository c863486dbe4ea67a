import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { readBooks, rowsOf } from '@firebreak/intake'
import { openLedger } from '@firebreak/ledger'
import { testMasterKey } from '@firebreak/ledger/testing'
import { testKeys } from './stage.ts'

export type Place =
  | { readonly kind: 'embedded'; readonly dir: string }
  | { readonly kind: 'postgres'; readonly url: string }

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
  place: Place,
  rounds: number,
  random: () => number,
  crash?: (round: number) => Promise<void>,
): Promise<KillResult> {
  const answers = new Map<string, string>()
  const doubled: string[] = []
  for (let round = 0; round < rounds; round++)
    for (const line of await killOnce(place, round, 50 + random() * 700, crash)) {
      const [key, id] = line.split(' ') as [string, string]
      if ((answers.get(key) ?? id) !== id) doubled.push(key)
      answers.set(key, id)
    }
  return look(place, answers, doubled)
}

async function look(place: Place, answers: ReadonlyMap<string, string>, doubled: string[]): Promise<KillResult> {
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
    // Every other round only once something was acknowledged: on a slow machine the first transaction would be all that is ever hit.
    if (round % 2 === 1 && said.indexOf('\n') === said.length - 1) return
    timer ??= setTimeout(() => {
      crashed = crash?.(round)
      void Promise.resolve(crashed).finally(() => child.kill('SIGKILL'))
    }, afterMs)
  })
  await closed
  clearTimeout(timer)
  // A taker whose store died ends at once, while the server is still starting again.
  await crashed
  const lines = said.split('\n')
  if (lines[0] !== 'open') throw new Error(`the taker of round ${round} never opened its store`)
  // The last line may be cut in the middle: nobody has read it as an acknowledgement.
  return lines.slice(1, -1)
}

export function assertNothingLost({ acknowledged, lost, doubled, problems, chainOk }: KillResult): void {
  assert.ok(acknowledged > 0, 'something was acknowledged')
  assert.deepEqual([lost, doubled, problems], [[], [], []])
  assert.equal(chainOk, true)
}
