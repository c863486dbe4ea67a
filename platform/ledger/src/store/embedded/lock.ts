import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

/**
 * Two processes on one directory lose each other's rows without any error, so a second one is refused. SQLite's exclusive transaction
 * is a kernel lock: gone with the process, never stale, right in containers where every process has the same number. Returns null when
 * another holds it. Keep the result referenced; not tried on network file systems.
 */
export function lockDirectory(dir: string): DatabaseSync | null {
  const lock = new DatabaseSync(join(dir, 'ledger.lock'))
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    return lock
  } catch {
    lock.close()
    return null
  }
}
