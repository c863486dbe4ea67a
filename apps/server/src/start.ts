import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Clock, FirebreakError, systemClock } from '@firebreak/kernel'
import { openConsole } from './console-build.ts'
import { Demo } from './demo/demo.ts'
import { type App, buildApp } from './http/app.ts'
import { checkBind, isLoopback } from './http/bind.ts'
import type { Instance } from './instance/instance.ts'
import { openInstance } from './instance/open-instance.ts'
import { EVERY_ROLE, type ProcessRole } from './instance/process-role.ts'
import type { Stage, StageListener } from './instance/progress.ts'
import { demoDirectory, removeServerFile, writeServerFile } from './instance/server-file.ts'
import { NO_SETTINGS, type Settings } from './instance/settings.ts'
import { ownRunner } from './probes/own-runner.ts'

export interface StartConfig {
  /** Data directory of the operator's own store; the demo's lies beside it as `demo`. */
  readonly data: string
  readonly demo: boolean
  readonly port: number
  readonly bind?: string | undefined
  /** PostgreSQL for the operator's own store (never for the demo's). */
  readonly databaseUrl?: string | undefined
  readonly clock?: Clock | undefined
  /** What the environment sets, for the operator's own store (never for the demo's). */
  readonly settings?: Settings | undefined
  /** What this process does (default: everything); fewer need a PostgreSQL. */
  readonly roles?: ReadonlySet<ProcessRole> | undefined
  /** Long steps, as they begin, advance and finish. */
  readonly onProgress?: StageListener | undefined
  /** Faults, with the request's id where one was being answered. */
  readonly onFault?: ((error: unknown, requestId?: string) => void) | undefined
  /** Further names under which a proxy asks for this server. */
  readonly names?: readonly string[] | undefined
  /** False serves the API without the console. */
  readonly console?: boolean | undefined
}

export interface RunningServer {
  readonly url: string
  /** Signs the operator of this machine in; usable once, for a quarter of an hour. */
  readonly signInLink: string
  /** Stops listening, finishes what is being written and gives the data directories free. */
  readonly close: () => Promise<void>
}

export { demoDirectory } from './instance/server-file.ts'

/** One process: store, guard, API and console. Throws `ledger/locked`, `access/bind` or `usage/option`. */
export async function startServer(config: StartConfig): Promise<RunningServer> {
  const server = new Server(config)
  try {
    return await server.start()
  } catch (error) {
    await server.close()
    throw error
  }
}

class Server {
  readonly #config: StartConfig
  readonly #clock: Clock
  readonly #roles: ReadonlySet<ProcessRole>
  readonly #directories = new Set<string>()
  #app: App | null = null
  #url = ''
  #main: Instance | null = null
  #own: Promise<Instance> | null = null
  #demo: Demo | null = null
  #closing: Promise<void> | null = null

  constructor(config: StartConfig) {
    this.#config = config
    this.#clock = config.clock ?? systemClock
    this.#roles = config.roles ?? EVERY_ROLE
  }

  async start(): Promise<RunningServer> {
    const { demo, port, bind = '127.0.0.1', names = [], databaseUrl } = this.#config
    if (this.#roles.size < EVERY_ROLE.size && (demo || !databaseUrl))
      throw new FirebreakError('usage/option', [
        'Processes with a role of their own share a PostgreSQL: set DATABASE_URL. The embedded store is for one process.',
      ])
    const opening = { stage: 'store', text: 'Opening the store', done: 0, total: 1, finished: false }
    this.#report(opening)
    const main = demo ? await this.#openDemo() : await this.#openOwn()
    this.#main = main
    this.#report({ ...opening, text: 'Store opened', done: 1, finished: true })
    await checkBind(bind, () => main.access.hasSecuredAdmin())
    this.#app = await buildApp({
      mounts: [
        { base: '', instance: async () => main },
        ...(demo
          ? [{ base: '/own' as const, instance: (credentialed: boolean) => this.#ownIfOpened(credentialed) }]
          : []),
      ],
      version: version(),
      roles: this.#roles,
      console: this.#config.console === false || !this.#roles.has('api') ? null : await openConsole(this.#report),
      names: isLoopback(bind) ? names : [...names, bind],
      onFault: (error, requestId) => this.#config.onFault?.(error, requestId),
    })
    await this.#listen(port, bind)
    if (this.#roles.has('api'))
      await this.#writeDown(demo ? demoDirectory(this.#config.data) : this.#config.data, main, '')
    this.#demo?.begin(main)
    return { url: this.#url, signInLink: await this.#linkInto(main, ''), close: () => this.close() }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #listen(port: number, host: string): Promise<void> {
    try {
      await this.#app!.listen({ port, host })
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException
      if (code === 'EADDRINUSE')
        throw new FirebreakError('usage/option', [`Port ${port} is in use; choose another with --port.`])
      if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ERR_SOCKET_BAD_PORT')
        throw new FirebreakError('usage/option', [`Cannot listen on ${host} port ${port} (${code}).`])
      throw error
    }
    const address = this.#app!.server.address()
    const bound = typeof address === 'object' && address !== null ? address.port : port
    const shown = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host
    this.#url = `http://${shown.includes(':') ? `[${shown}]` : shown}:${bound}`
  }

  async #openDemo(): Promise<Instance> {
    const { data } = this.#config
    const fresh = !existsSync(demoDirectory(data))
    this.#demo = new Demo({ clock: this.#clock, onStage: this.#report, onFault: this.#fault, fresh })
    return openInstance({
      dir: demoDirectory(data),
      clock: this.#clock,
      demo: true,
      own: async () => this.#linkInto(await this.#openOwnOnce(), '/own'),
      ...this.#demo.ports(),
      onFault: this.#fault,
    })
  }

  #openOwn(): Promise<Instance> {
    const { data, databaseUrl } = this.#config
    return openInstance({
      dir: data,
      databaseUrl,
      clock: this.#clock,
      demo: false,
      own: null,
      runner: ownRunner,
      settings: this.#config.settings ?? NO_SETTINGS,
      roles: this.#roles,
      onFault: this.#fault,
    })
  }

  /** The visitor's own store opens with the first link into it, or when a session of an earlier start asks for it. */
  async #openOwnOnce(): Promise<Instance> {
    if (this.#closing) throw new FirebreakError('ledger/closed')
    this.#own ??= this.#openOwn().then(async (instance) => {
      await this.#writeDown(this.#config.data, instance, '/own')
      return instance
    })
    try {
      return await this.#own
    } catch (error) {
      this.#own = null
      throw error
    }
  }

  async #ownIfOpened(credentialed: boolean): Promise<Instance | null> {
    if (this.#own || (credentialed && existsSync(join(this.#config.data, 'edge.key')))) return this.#openOwnOnce()
    return null
  }

  async #writeDown(dir: string, instance: Instance, base: string): Promise<void> {
    await writeServerFile(dir, { url: `${this.#url}${base}`, token: instance.access.processToken, pid: process.pid })
    this.#directories.add(dir)
  }

  async #linkInto(instance: Instance, base: string): Promise<string> {
    return `${this.#url}${base}/sign-in?token=${await instance.access.signInToken()}`
  }

  async #close(): Promise<void> {
    this.#app?.server.closeAllConnections()
    await this.#app?.close()
    await this.#demo?.stop()
    for (const dir of this.#directories) await removeServerFile(dir)
    const own = await this.#own?.catch(() => null)
    await Promise.all([this.#main?.close(), own?.close()])
  }

  readonly #report = (stage: Stage): void => this.#config.onProgress?.(stage)
  readonly #fault = (error: unknown): void => this.#config.onFault?.(error)
}

function version(): string {
  const manifest = readFileSync(new URL('../package.json', import.meta.url), 'utf8')
  return (JSON.parse(manifest) as { version: string }).version
}
