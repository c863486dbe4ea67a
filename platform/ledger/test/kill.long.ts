/** Fifty rounds of kill -9 on each store; prints how many events were acknowledged. `npm run test:long` */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { seededRandom } from '@firebreak/kernel'
import { withPostgres } from '@firebreak/ledger/testing'
import { assertNothingLost, killRounds } from './kill-rounds.ts'

const ROUNDS = 50

test(`embedded: ${ROUNDS} rounds of kill -9 lose nothing`, async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'firebreak-kill-'))
  try {
    const result = await killRounds({ kind: 'embedded', dir }, ROUNDS, seededRandom(50))
    t.diagnostic(`${result.acknowledged} acknowledged, ${result.stored} stored, ${result.lost.length} lost`)
    assertNothingLost(result)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})

test(`PostgreSQL: ${ROUNDS} rounds of kill -9, every second one of the server too, lose nothing`, async (t) => {
  const postgres = await withPostgres({ own: true })
  if (postgres === null) return t.skip('PostgreSQL is not installed')
  try {
    const place = { kind: 'postgres', url: await postgres.database() } as const
    const crash = async (round: number): Promise<void> => (round % 2 === 1 ? postgres.crash() : undefined)
    const result = await killRounds(place, ROUNDS, seededRandom(51), crash)
    t.diagnostic(`${result.acknowledged} acknowledged, ${result.stored} stored, ${result.lost.length} lost`)
    assertNothingLost(result)
  } finally {
    await postgres.stop()
  }
})
