import { once } from 'node:events'
import type { Stage } from '../instance/progress.ts'
import { startServer } from '../start.ts'
import { note, ProgressLine, type Terminal } from './terminal.ts'

export interface StartOptions {
  readonly demo?: boolean
  readonly data: string
  readonly port: number
  readonly bind: string
}

/** `firebreak start`: runs until it is told to stop (Ctrl-C or SIGTERM), then closes the store cleanly. */
export async function start(options: StartOptions, terminal: Terminal): Promise<void> {
  const progress = new ProgressLine(terminal)
  const startedAt = Date.now()
  const server = await startServer({
    data: options.data,
    demo: options.demo ?? false,
    port: options.port,
    bind: options.bind,
    databaseUrl: process.env.DATABASE_URL,
    onProgress: (stage) => showStage(stage, progress, terminal, startedAt),
    onFault: (error, requestId) => {
      progress.clear()
      note(
        terminal,
        `fault${requestId ? ` in request ${requestId}` : ''}: ${error instanceof Error ? error.stack : String(error)}`,
      )
    },
  })
  progress.clear()
  note(
    terminal,
    `\nFirebreak${options.demo ? ' (demo: a synthetic platform)' : ''} is running. Sign in once, within 15 minutes:\n`,
  )
  note(terminal, `  ${server.signInLink}\n`)
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  progress.clear()
  note(terminal, 'stopping …')
  await server.close()
}

function showStage(stage: Stage, progress: ProgressLine, terminal: Terminal, startedAt: number): void {
  if (!stage.finished) return progress.update(stage.text, stage.done, stage.total)
  progress.clear()
  note(terminal, `${((Date.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${stage.text}`)
}
