import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chownSync, existsSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { poolOf } from '../store/postgres/client.ts'

export interface TestPostgres {
  /** Makes an empty database and returns its URL. */
  database(): Promise<string>
  /** kill -9 of the whole server, and a start on the same data. Only for a cluster of our own. */
  crash(): Promise<void>
  stop(): Promise<void>
}

/**
 * PostgreSQL for tests: the server behind DATABASE_URL_TEST, or a temporary cluster from the binaries that Debian installs, on a Unix
 * socket only and fully synced. Null when there is neither; with REQUIRE_ALL=1 that throws instead, so that CI cannot skip it.
 */
export async function withPostgres(options: { own?: boolean } = {}): Promise<TestPostgres | null> {
  const url = process.env.DATABASE_URL_TEST
  if (url !== undefined && url !== '' && options.own !== true) return onServer(url)
  const bin = globSync('/usr/lib/postgresql/*/bin/postgres').sort().at(-1)
  if (bin !== undefined) return ownCluster(join(bin, '..'))
  if (process.env.REQUIRE_ALL === '1')
    throw new Error('PostgreSQL is required (REQUIRE_ALL=1) but neither DATABASE_URL_TEST nor its binaries were found')
  return null
}

function onServer(url: string): TestPostgres {
  const made: string[] = []
  const admin = poolOf(url, 1)
  return {
    database: async () => {
      const name = `firebreak_test_${randomBytes(6).toString('hex')}`
      await admin.unsafe(`create database ${name}`)
      made.push(name)
      const own = new URL(url)
      own.pathname = `/${name}`
      return own.href
    },
    crash: async () => {
      throw new Error('a server of somebody else is not killed')
    },
    stop: async () => {
      for (const name of made) await admin.unsafe(`drop database if exists ${name} with (force)`)
      await admin.end()
    },
  }
}

/** Who may run the server: PostgreSQL refuses to run as root. */
function serverUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  for (const name of ['postgres', 'nobody']) {
    try {
      const number = (flag: string) =>
        Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }))
      return { uid: number('-u'), gid: number('-g') }
    } catch {}
  }
  return undefined
}

async function ownCluster(bin: string): Promise<TestPostgres> {
  const user = serverUser()
  const dir = mkdtempSync(join(tmpdir(), 'fb-pg-'))
  if (user !== undefined) chownSync(dir, user.uid, user.gid)
  const data = join(dir, 'data')
  const as = { ...user, cwd: dir, stdio: 'ignore' as const }
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '--no-sync', '-E', 'UTF8', '--locale=C'],
    as,
  )
  const start = () => startServer(bin, data, dir, as)
  let server = await start()
  const url = (database: string) => `postgres://postgres@${encodeURIComponent(dir)}/${database}`
  const orphans = () => server.kill('SIGKILL')
  process.once('exit', orphans)
  return {
    database: async () => {
      const admin = poolOf(url('postgres'), 1)
      const name = `t_${randomBytes(6).toString('hex')}`
      await admin.unsafe(`create database ${name}`)
      await admin.end()
      return url(name)
    },
    crash: async () => {
      const gone = new Promise((done) => server.once('exit', done))
      // The postmaster's children notice its death and leave by themselves.
      server.kill('SIGKILL')
      await gone
      server = await start()
    },
    stop: async () => {
      process.off('exit', orphans)
      const gone = new Promise((done) => server.once('exit', done))
      server.kill('SIGINT')
      await gone
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

async function startServer(
  bin: string,
  data: string,
  dir: string,
  as: { cwd: string; stdio: 'ignore' },
): Promise<ChildProcess> {
  for (let attempt = 0; ; attempt++) {
    // max_connections small, sizes modest: several clusters may run at once.
    const settings = ['listen_addresses=', 'max_connections=40', 'shared_buffers=128MB', 'log_min_messages=fatal']
    const server = spawn(
      join(bin, 'postgres'),
      ['-D', data, '-k', dir, ...settings.flatMap((setting) => ['-c', setting])],
      as,
    )
    const ended = new Promise<false>((done) => server.once('exit', () => done(false)))
    const ready = await Promise.race([ended, untilReady(dir)])
    if (ready) return server
    // After a kill -9 the old backends may still hold the shared memory for a moment.
    if (attempt > 50) throw new Error('PostgreSQL did not start')
    await new Promise((later) => setTimeout(later, 100))
  }
}

async function untilReady(dir: string): Promise<boolean> {
  for (let attempt = 0; attempt < 600; attempt++) {
    await new Promise((later) => setTimeout(later, 50))
    if (!existsSync(join(dir, '.s.PGSQL.5432'))) continue
    const probe = poolOf(`postgres://postgres@${encodeURIComponent(dir)}/postgres?connect_timeout=2`, 1)
    try {
      await probe`select 1`
      return true
    } catch {
    } finally {
      await probe.end({ timeout: 1 })
    }
  }
  return false
}
