import { once } from 'node:events'
import { FirebreakError } from '@firebreak/kernel'
import { isProcessRole, type ProcessRole } from '../instance/process-role.ts'
import type { Stage } from '../instance/progress.ts'
import { settingsFrom } from '../instance/settings.ts'
import { type RunningServer, type StartConfig, startServer } from '../start.ts'
import { note, ProgressLine, type Terminal } from './terminal.ts'

export interface StartOptions {
  readonly demo?: boolean
  readonly data: string
  readonly port: number
  readonly bind: string
}

/** `firebreak start`: runs until it is told to stop (Ctrl-C or SIGTERM), then closes the store cleanly. */
export async function start(options: StartOptions, terminal: Terminal): Promise<void> {
  await run({ ...options, demo: options.demo ?? false }, terminal, ({ signInLink }) => {
    note(
      terminal,
      `\nFirebreak${options.demo ? ' (demo: a synthetic platform)' : ''} is running. Sign in once, within 15 minutes:\n`,
    )
    note(terminal, `  ${signInLink}\n`)
  })
}

/** `firebreak serve`: one process of several over a PostgreSQL, with the roles named. */
export async function serve(options: StartOptions & { readonly role: string }, terminal: Terminal): Promise<void> {
  const names = options.role.split(',').map((name) => name.trim())
  const unknown = names.find((name) => !isProcessRole(name))
  if (unknown !== undefined)
    throw new FirebreakError('usage/option', [`${unknown} is no process role; name api, guard or worker, with commas.`])
  const roles = new Set(names as ProcessRole[])
  await run({ ...options, demo: false, roles }, terminal, ({ url, signInLink }) => {
    note(terminal, `\nFirebreak (${[...roles].join(', ')}) answers on ${url}`)
    if (roles.has('api')) note(terminal, `Sign in once, within 15 minutes:\n\n  ${signInLink}\n`)
  })
}

type Shown = Pick<StartConfig, 'data' | 'demo' | 'port' | 'bind' | 'roles'>

async function run(config: Shown, terminal: Terminal, ready: (server: RunningServer) => void): Promise<void> {
  const progress = new ProgressLine(terminal)
  const startedAt = Date.now()
  const server = await startServer({
    ...config,
    databaseUrl: process.env.DATABASE_URL,
    settings: settingsFrom(process.env),
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
  ready(server)
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
