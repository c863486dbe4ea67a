import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { FirebreakError, systemClock } from '@firebreak/kernel'
import { openStore, type Store } from '../instance/open-store.ts'

/**
 * For commands that only read. Opening makes what is not there: a mistyped directory must not become an empty store that has
 * nothing to find, whose chain holds and whose books balance. Throws `usage/option`, and what `openStore` throws.
 */
export async function openExistingStore(dir: string): Promise<Store> {
  const databaseUrl = process.env.DATABASE_URL
  if (!databaseUrl && !existsSync(join(dir, 'store')))
    throw new FirebreakError('usage/option', [`--data ${dir}: there is no store`])
  return openStore({ dir, databaseUrl, clock: systemClock })
}
