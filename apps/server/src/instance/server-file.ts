import { readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** How the command line finds the running server of a data directory. */
export interface ServerFile {
  readonly url: string
  readonly token: string
  readonly pid: number
}

const NAME = 'server.json'

/** Where the demo of a data directory keeps its own, separate store. */
export function demoDirectory(data: string): string {
  return join(dirname(data), 'demo')
}

/** Written whole or not at all, readable by its owner alone. */
export async function writeServerFile(dir: string, content: ServerFile): Promise<void> {
  const path = join(dir, NAME)
  await rm(`${path}.new`, { force: true })
  await writeFile(`${path}.new`, `${JSON.stringify(content)}\n`, { mode: 0o600, flag: 'wx' })
  await rename(`${path}.new`, path)
}

/** The running server of a data directory; null when none has written itself down. */
export async function readServerFile(dir: string): Promise<ServerFile | null> {
  try {
    const given = JSON.parse(await readFile(join(dir, NAME), 'utf8')) as Partial<ServerFile>
    const { url, token, pid } = given
    if (typeof url !== 'string' || typeof token !== 'string' || typeof pid !== 'number') return null
    return { url, token, pid }
  } catch {
    return null
  }
}

/** Removes the file if it is still this process's. */
export async function removeServerFile(dir: string): Promise<void> {
  const known = await readServerFile(dir)
  if (known?.pid === process.pid) await rm(join(dir, NAME), { force: true })
}
