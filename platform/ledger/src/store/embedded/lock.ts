import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/** SQLite's result code for "somebody else holds the lock". */
const BUSY = 5

/**
 * Two processes on one directory lose each other's rows without any error, so a second one is refused. SQLite's exclusive transaction
 * is a kernel lock: gone with the process, never stale, right in containers where every process has the same number. Returns null when
 * another holds it; anything else (no permission, a read-only disk) is thrown. Keep the result referenced; not tried on network file systems.
 */
export function lockDirectory(dir: string): DatabaseSync | null {
  const lock = new DatabaseSync(join(dir, 'ledger.lock'))
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    return lock
  } catch (error) {
    lock.close()
    if ((error as { errcode?: number }).errcode === BUSY) return null
    throw error
  }
}
