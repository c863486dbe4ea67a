import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { seededRandom } from '@firebreak/kernel'
import { withPostgres } from '@firebreak/ledger/testing'
import { assertNothingLost, killRounds } from './kill-rounds.ts'

test('embedded: everything acknowledged before a kill -9 is there afterwards, and the chain holds', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'firebreak-kill-'))
  try {
    assertNothingLost(await killRounds({ kind: 'embedded', dir }, 2, seededRandom(1)))
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})

test('PostgreSQL: the same, with the writer killed, and in the second round the whole server', async (t) => {
  const postgres = await withPostgres({ own: true })
  if (postgres === null) return t.skip('PostgreSQL is not installed')
  try {
    const place = { kind: 'postgres', url: await postgres.database() } as const
    const crash = async (round: number): Promise<void> => (round % 2 === 1 ? postgres.crash() : undefined)
    assertNothingLost(await killRounds(place, 2, seededRandom(2), crash))
  } finally {
    await postgres.stop()
  }
})
