import { join } from 'node:path'
import type { Edge } from '@firebreak/intake'
import { type Clock, FirebreakError } from '@firebreak/kernel'
import { type Ledger, openLedger } from '@firebreak/ledger'
import { openSecrets, type Secrets } from '../access/secrets.ts'
import { makeDirectory } from './make-directory.ts'

export interface StoreOptions {
  /** Keys and, without `databaseUrl`, the store itself. */
  readonly dir: string
  readonly databaseUrl?: string | undefined
  readonly clock: Clock
}

/** The store of a data directory with its keys: enough for the command line when no server runs. */
export interface Store {
  readonly ledger: Ledger
  readonly secrets: Secrets
  /** For `canonicalEvent` and `importFile`. */
  readonly edge: Edge
  readonly close: () => Promise<void>
}

/** Throws `ledger/locked` when another process has the directory, `usage/option` when it cannot be written. */
export async function openStore({ dir, databaseUrl, clock }: StoreOptions): Promise<Store> {
  const secrets = await secretsIn(dir)
  const ledger = await openLedger({
    store: databaseUrl ? { kind: 'postgres', url: databaseUrl } : { kind: 'embedded', dir: join(dir, 'store') },
    clock,
    masterKeyFile: join(dir, 'master.key'),
  })
  return { ledger, secrets, edge: { key: secrets.identifiers, clock }, close: () => ledger.close() }
}

async function secretsIn(dir: string): Promise<Secrets> {
  try {
    await makeDirectory(dir)
    return openSecrets(dir)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error
    throw new FirebreakError(
      'usage/option',
      [`the data directory ${dir} cannot be used: ${(error as Error).message}`],
      { cause: error },
    )
  }
}
