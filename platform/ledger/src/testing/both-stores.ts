import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openLedger } from '../ledger.ts'
import type { Ledger, LedgerOptions } from '../types.ts'
import { testMasterKey } from './open-test-ledger.ts'
import { withPostgres } from './postgres-cluster.ts'

/**
 * For benchmarks: the same work over an empty ledger on each store, embedded on disk first, then PostgreSQL (`withPostgres`), null where
 * that is not installed. Runs on the real clock and cleans up after itself.
 */
export async function onBothStores<T>(
  work: (ledger: Ledger) => Promise<T>,
): Promise<{ readonly embedded: T; readonly PostgreSQL: T | null }> {
  const dir = mkdtempSync(join(tmpdir(), 'firebreak-bench-'))
  let embedded: T
  try {
    embedded = await over({ kind: 'embedded', dir }, work)
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
  const postgres = await withPostgres()
  if (postgres === null) return { embedded, PostgreSQL: null }
  try {
    return { embedded, PostgreSQL: await over({ kind: 'postgres', url: await postgres.database() }, work) }
  } finally {
    await postgres.stop()
  }
}

async function over<T>(store: LedgerOptions['store'], work: (ledger: Ledger) => Promise<T>): Promise<T> {
  const ledger = await openLedger({ store, clock: Date.now, masterKey: testMasterKey })
  try {
    return await work(ledger)
  } finally {
    await ledger.close()
  }
}
