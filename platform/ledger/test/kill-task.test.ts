import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { type Ledger, openLedger } from '@firebreak/ledger'
import { testMasterKey, withPostgres } from '@firebreak/ledger/testing'

/** Starts a worker on the store, waits until it is in the middle of a task, and kills it. */
async function killMidTask(kind: string, place: string): Promise<void> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'task-worker.ts'), kind, place], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  assert.equal(String(said).trim(), 'r-1')
  child.kill('SIGKILL')
  await once(child, 'exit')
}

async function secondAttempt(ledger: Ledger): Promise<{ report: unknown; attempt: number }> {
  return new Promise((done) => {
    void ledger.tasks.work('mail', async ({ data, attempt }) => done({ report: data.report, attempt }))
  })
}

test('embedded: a task whose worker was killed in the middle is run again after the next start', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'firebreak-task-'))
  try {
    await killMidTask('embedded', dir)
    const ledger = await openLedger({ store: { kind: 'embedded', dir }, clock: Date.now, masterKey: testMasterKey })
    try {
      assert.deepEqual(await secondAttempt(ledger), { report: 'r-1', attempt: 2 })
    } finally {
      await ledger.close()
    }
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})

test('PostgreSQL: the same by another process, once the heartbeat of the dead one is missed', async (t) => {
  const postgres = await withPostgres()
  if (postgres === null) return t.skip('PostgreSQL is not installed')
  try {
    const url = await postgres.database()
    const ledger = await openLedger({ store: { kind: 'postgres', url }, clock: Date.now, masterKey: testMasterKey })
    try {
      await ledger.tasks.define('mail', { retry: { limit: 1, backoffSeconds: 0 }, heartbeatSeconds: 10 })
      await ledger.tasks.enqueue('mail', { report: 'r-1' })
      await killMidTask('postgres', url)
      assert.deepEqual(await secondAttempt(ledger), { report: 'r-1', attempt: 2 })
    } finally {
      await ledger.close()
    }
  } finally {
    await postgres.stop()
  }
})
