/** Fifty rounds of kill -9 on each store; prints how many reports were acknowledged, lost and doubled. `npm run test:long` */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { seededRandom } from '@firebreak/kernel'
import { withPostgres } from '@firebreak/ledger/testing'
import { assertNothingLost, type KillResult, killRounds } from './reports/kill-rounds.ts'

const ROUNDS = 50
const said = ({ acknowledged, stored, lost, doubled }: KillResult) =>
  `${ROUNDS} rounds: ${acknowledged} reports acknowledged, ${stored} stored, ${lost.length} lost, ${doubled.length} doubled`

test(`embedded: ${ROUNDS} rounds of kill -9 lose no acknowledged report and double none; the books balance`, async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'firebreak-reports-'))
  try {
    const result = await killRounds({ kind: 'embedded', dir }, ROUNDS, seededRandom(63))
    t.diagnostic(said(result))
    assertNothingLost(result)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})

test(`PostgreSQL: the same over ${ROUNDS} rounds, every second one with the database killed too`, async (t) => {
  const postgres = await withPostgres({ own: true })
  if (postgres === null) return t.skip('PostgreSQL is not installed')
  try {
    const place = { kind: 'postgres', url: await postgres.database() } as const
    const crash = async (round: number): Promise<void> => (round % 2 === 1 ? postgres.crash() : undefined)
    const result = await killRounds(place, ROUNDS, seededRandom(64), crash)
    t.diagnostic(said(result))
    assertNothingLost(result)
  } finally {
    await postgres.stop()
  }
})
