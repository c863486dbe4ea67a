import { execFile } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync, statSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { type Check, failed, noted, ok } from './check.ts'

const OLDEST_NODE = [22, 18] as const
const GIB = 1024 ** 3
const LEAST_FREE = 1 * GIB
const COMFORTABLE_FREE = 5 * GIB
const KEY_BYTES = 32

export function nodeVersion(version: string): Check {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  const [oldest, oldestMinor] = OLDEST_NODE
  const enough = major > oldest || (major === oldest && minor >= oldestMinor)
  return enough
    ? ok('node', version)
    : failed('node', `${version}; ${OLDEST_NODE.join('.')} or newer is needed (node_modules/.bin/node)`)
}

export function dataDirectory(dir: string): Check {
  if (!existsSync(dir)) return noted('data directory', `${dir} does not exist yet; the first start makes it`)
  const { mode } = statSync(dir)
  try {
    accessSync(dir, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch {
    return failed('data directory', `${dir} cannot be written by this user`)
  }
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    return failed('data directory', `${dir} is open to other users (mode ${octal(mode)}); chmod 700`)
  return ok('data directory', dir)
}

/** The two keys of a data directory. A store without its key is a store whose payloads are lost. */
export function keyFile(dir: string, file: string, usedHere: boolean): Check {
  const path = join(dir, file)
  if (!existsSync(path))
    return usedHere
      ? failed(file, `${path} is missing, but the store was made with it: put it back from its backup`)
      : noted(file, 'not made yet')
  const { mode } = statSync(path)
  if (process.platform !== 'win32' && (mode & 0o077) !== 0)
    return failed(file, `${path} can be read by other users (mode ${octal(mode)}); chmod 600`)
  const { length } = readFileSync(path)
  return length === KEY_BYTES ? ok(file, 'there, for its owner alone') : failed(file, `${length} bytes instead of 32`)
}

export async function freeDisk(dir: string): Promise<Check> {
  let at = resolve(dir)
  while (!existsSync(at) && at !== dirname(at)) at = dirname(at)
  const { bavail, bsize } = await statfs(at)
  const free = bavail * bsize
  const text = `${(free / GIB).toFixed(1)} GiB free`
  if (free < LEAST_FREE) return failed('disk', `${text}; the store stops writing when it is full`)
  return free < COMFORTABLE_FREE ? noted('disk', text) : ok('disk', text)
}

/** Whether the port is free; `ours` when the running server of this directory has it. */
export async function portState(port: number, ours: boolean): Promise<Check> {
  if (ours) return ok('port', `${port}, by the running server`)
  const free = await new Promise<boolean>((settle) => {
    const server = createServer()
    server.once('error', () => settle(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => settle(true)))
  })
  return free
    ? ok('port', `${port} is free`)
    : failed('port', `${port} is in use by another process; choose one with --port`)
}

/** Programs and native parts that some work needs: without them that work is refused, the rest goes on. */
export async function engines(): Promise<Check[]> {
  const ffmpeg = await promisify(execFile)('ffmpeg', ['-version'], { timeout: 10_000 }).then(
    ({ stdout }) => ok('ffmpeg', stdout.split('\n')[0]?.split(' ').slice(0, 3).join(' ') ?? 'there'),
    () => noted('ffmpeg', 'not found: videos cannot be hashed'),
  )
  const sharp = await import('@firebreak/intake').then(
    () => ok('image decoder', 'loads'),
    (error: Error) => failed('image decoder', `does not load: ${error.message.split('\n')[0]}`),
  )
  return [ffmpeg, sharp]
}

function octal(mode: number): string {
  return (mode & 0o777).toString(8)
}
