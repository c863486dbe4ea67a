import { join } from 'node:path'
import { FirebreakError } from '@firebreak/kernel'
import type { Store } from '../store/store.ts'
import type { LedgerOptions } from '../types.ts'
import { derive } from './cipher.ts'
import { checked, masterKeyFrom } from './master-key.ts'

/** The master key of a ledger about to open; made only for a store that never saw one. */
export function masterKeyOf(
  { masterKey, masterKeyFile, store }: LedgerOptions,
  randomBytes: (size: number) => Uint8Array,
  isNew: boolean,
): Buffer {
  if (masterKey !== undefined) return checked(masterKey, 'The given key')
  if (masterKeyFile !== undefined) return masterKeyFrom(masterKeyFile, randomBytes, isNew)
  if (store.kind === 'postgres')
    throw new FirebreakError('ledger/unavailable', ['PostgreSQL needs a master key or a file for it'])
  return store.dir === 'memory'
    ? Buffer.from(randomBytes(32))
    : masterKeyFrom(join(store.dir, 'master.key'), randomBytes, isNew)
}

/** A store that has seen a master key needs that one: a new one must not be made beside it. */
export async function hasSeenKey(store: Store): Promise<boolean> {
  const { rows } = await store.query('select 1 from ledger_head where key_check is not null')
  return rows.length > 0
}

/** A wrong key would make payloads unreadable and known events look new: the store remembers which key it was made with. */
export async function checkMasterKey(store: Store, masterKey: Buffer): Promise<void> {
  const mark = derive(masterKey, 'master-key-check')
  await store.query('update ledger_head set key_check = $1 where key_check is null', [mark])
  const { rows } = await store.query<{ key_check: Uint8Array }>('select key_check from ledger_head')
  if (!mark.equals(rows[0]!.key_check))
    throw new FirebreakError('ledger/unavailable', [
      'the master key is not the one this store was made with; put master.key back from its backup',
    ])
}
