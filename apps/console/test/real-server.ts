import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const MAIN = join(import.meta.dirname, '../../server/src/main.ts')

export interface RealServer {
  readonly url: string
  readonly link: string
  stop(): Promise<void>
}

/** `firebreak start --demo` as a process of its own over an empty data directory, until its sign-in link is printed. */
export async function startRealServer(): Promise<RealServer> {
  const dir = mkdtempSync(join(tmpdir(), 'firebreak-console-'))
  const child = spawn(process.execPath, [MAIN, 'start', '--demo', '--port', '0', '--data', join(dir, 'main')], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const stop = async () => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await Promise.race([gone, new Promise((resolve) => setTimeout(resolve, 10_000).unref())])
      child.kill('SIGKILL')
    }
    rmSync(dir, { recursive: true, force: true })
  }
  try {
    const link = await printedLink(child)
    return { url: new URL(link).origin, link, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

function printedLink(child: ReturnType<typeof spawn>): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const hear = (chunk: Buffer) => {
      said += chunk.toString()
      const link = /https?:\/\/\S+\/sign-in\?token=\S+/.exec(said)?.[0]
      if (link) resolve(link)
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('exit', (code) => reject(new Error(`the server ended with ${code} before it printed a link:\n${said}`)))
  })
}
