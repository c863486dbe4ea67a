import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { FirebreakError } from '@firebreak/kernel'
import { type ConsoleFiles, readConsole } from './http/console.ts'
import type { StageListener } from './instance/progress.ts'

const CONSOLE = join(import.meta.dirname, '../../console')

/** The built console; a checkout that has none yet builds it once (about two seconds). */
export async function openConsole(onProgress: StageListener): Promise<ConsoleFiles> {
  const dist = join(CONSOLE, 'dist')
  if (!existsSync(join(dist, 'index.html'))) {
    const stage = { stage: 'console', text: 'Building the console, once', done: 0, total: 1, finished: false }
    onProgress(stage)
    await build()
    onProgress({ ...stage, text: 'Console built', done: 1, finished: true })
  }
  return readConsole(dist)
}

async function build(): Promise<void> {
  const vite = join(dirname(createRequire(import.meta.url).resolve('vite/package.json')), 'bin/vite.js')
  const child = spawn(process.execPath, [vite, 'build', CONSOLE, '--logLevel', 'error'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-2_000)
  })
  const code = await new Promise<number | null>((resolve, reject) => child.on('error', reject).on('close', resolve))
  if (code !== 0) throw new FirebreakError('internal/fault', [`building the console failed: ${said.trim()}`])
}
