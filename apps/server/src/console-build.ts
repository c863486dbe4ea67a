import { spawn } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { FirebreakError } from '@firebreak/kernel'
import { type ConsoleFiles, readConsole } from './http/console.ts'
import type { StageListener } from './instance/progress.ts'

const CONSOLE = join(import.meta.dirname, '../../console')

/** What a build is made of: after an upgrade these are newer than it. */
const SOURCES = ['src', 'index.html', 'vite.config.ts', 'package.json', '../../packages/drawing/src'].map((path) =>
  join(CONSOLE, path),
)

/** The built console; a checkout that has none, or an older one than its sources, builds it (about two seconds). */
export async function openConsole(onProgress: StageListener): Promise<ConsoleFiles> {
  const dist = join(CONSOLE, 'dist')
  const built = existsSync(join(dist, 'index.html'))
  if (!built || isOlder(join(dist, 'index.html'), SOURCES)) {
    const stage = { stage: 'console', text: 'Building the console, once', done: 0, total: 1, finished: false }
    onProgress(stage)
    await build(dist).catch((error: unknown) => {
      // Where nothing can be written the console that came with it still serves.
      if (!existsSync(join(dist, 'index.html'))) throw error
    })
    onProgress({ ...stage, text: 'Console built', done: 1, finished: true })
  }
  return readConsole(dist)
}

/** Whether anything below `sources` changed after `built`. Cost: one look at each file. */
export function isOlder(built: string, sources: readonly string[]): boolean {
  const since = statSync(built).mtimeMs
  const changed = (path: string): boolean => statSync(path).mtimeMs > since
  return sources
    .filter((source) => existsSync(source))
    .some((source) =>
      statSync(source).isDirectory()
        ? readdirSync(source, { recursive: true, encoding: 'utf8' }).some((name) => changed(join(source, name)))
        : changed(source),
    )
}

/** Built beside its place and moved there whole: another start may be reading, or building the same. */
async function build(dist: string): Promise<void> {
  const beside = `${dist}-${process.pid}`
  try {
    await buildInto(beside)
    await rm(dist, { recursive: true, force: true })
    await rename(beside, dist)
  } finally {
    await rm(beside, { recursive: true, force: true })
  }
}

async function buildInto(dir: string): Promise<void> {
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js')
  const child = spawn(
    process.execPath,
    [vite, 'build', CONSOLE, '--logLevel', 'error', '--outDir', dir, '--emptyOutDir'],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2_000)
  })
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  if (code !== 0) throw new FirebreakError('internal/fault', [`building the console failed: ${said.trim()}`])
}
