import { existsSync, statSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

/**
 * Makes a directory for its owner alone, with its parents. Parent by parent: the recursive form tries for ever where a
 * file system answers "no such file" to making one, as /proc does. Throws the system's error, also where a file is in the way.
 */
export async function makeDirectory(dir: string): Promise<void> {
  const missing: string[] = []
  for (let at = resolve(dir); !existsSync(at) && at !== dirname(at); at = dirname(at)) missing.push(at)
  for (const path of missing.reverse())
    await mkdir(path, { mode: 0o700 }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  if (!statSync(dir).isDirectory()) throw Object.assign(new Error('it is not a directory'), { code: 'ENOTDIR' })
}
