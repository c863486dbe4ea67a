import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite, type Results, type Transaction } from '@electric-sql/pglite'
import { DurableNodeFS } from './durable-fs.ts'
import { lockDirectory } from './lock.ts'
import type { Opened, PlainError, Reply, Request, WorkerSettings } from './protocol.ts'

const settings = workerData as WorkerSettings
const port = parentPort!
/** A transaction whose client went silent is rolled back after this long, so that one lost caller cannot stop the store. */
const LEASE_MS = 120_000

/** PGlite's own conversion of bytea goes digit by digit, a hundred times slower. Unpooled: a clone takes the whole pool along. */
function fromHex(text: string): Uint8Array {
  const bytes = Buffer.allocUnsafeSlow((text.length - 2) / 2)
  bytes.write(text.slice(2), 'hex')
  return bytes
}

/** int8 and numeric as numbers (exact to 2^53), as on the other store. */
const PARSERS = { 17: fromHex, 20: Number, 1700: Number }
const SERIALIZERS = { 17: (bytes: Uint8Array) => `\\x${Buffer.from(bytes).toString('hex')}` }
const DURABLE_START = PGlite.defaultStartParams.filter((param) => param !== '-F').concat('-c', 'wal_sync_method=fsync')

interface Lease {
  readonly tx: Transaction
  end(commit: boolean): Promise<void>
}

const leases = new Map<number, Lease>()
let nextLease = 1
let lockHandle: unknown

async function open(): Promise<PGlite> {
  if (settings.dir === null) return openMemory(settings.snapshotFile)
  mkdirSync(settings.dir, { recursive: true, mode: 0o700 })
  lockHandle = lockDirectory(settings.dir)
  if (lockHandle === null) throw Object.assign(new Error('locked'), { locked: true })
  const fs = new DurableNodeFS(join(settings.dir, 'pg'))
  const db = await PGlite.create({ fs, parsers: PARSERS, serializers: SERIALIZERS, startParams: DURABLE_START })
  fs.opened()
  return db
}

async function openMemory(snapshotFile: string | null): Promise<PGlite> {
  if (snapshotFile === null) return PGlite.create({ parsers: PARSERS, serializers: SERIALIZERS })
  if (!existsSync(snapshotFile)) await makeSnapshot(snapshotFile)
  return PGlite.create({
    parsers: PARSERS,
    serializers: SERIALIZERS,
    loadDataDir: new Blob([readFileSync(snapshotFile)]),
  })
}

/** An empty database, slimmed to a third: small WAL segments and no template databases. */
async function makeSnapshot(file: string): Promise<void> {
  const db = await PGlite.create({ initDbStartParams: ['--wal-segsize=1', '--no-sync'] })
  await db.exec(`update pg_database set datistemplate = false where datname like 'template%'`)
  await db.exec('drop database template0')
  await db.exec('drop database template1')
  await db.exec('checkpoint')
  const dump = await db.dumpDataDir('none')
  await db.close()
  mkdirSync(dirname(file), { recursive: true })
  const part = `${file}.${process.pid}.part`
  writeFileSync(part, Buffer.from(await dump.arrayBuffer()))
  renameSync(part, file)
}

function begin(db: PGlite): Promise<number> {
  return new Promise((started, failed) => {
    const ended = Promise.withResolvers<boolean>()
    const done = db.transaction(async (tx) => {
      const id = nextLease++
      const timer = setTimeout(() => ended.resolve(false), LEASE_MS)
      leases.set(id, {
        tx,
        end: (commit) => {
          ended.resolve(commit)
          return done
        },
      })
      started(id)
      const commit = await ended.promise
      clearTimeout(timer)
      leases.delete(id)
      if (!commit) await tx.rollback()
    })
    done.catch(failed)
  })
}

function leaseOf(id: number): Lease {
  const lease = leases.get(id)
  if (lease === undefined) throw new Error(`the transaction is over (ended, or idle for ${LEASE_MS / 1000} s)`)
  return lease
}

async function answer(db: PGlite, request: Request): Promise<Reply> {
  const { id } = request
  switch (request.op) {
    case 'query': {
      const runner = request.lease === null ? db : leaseOf(request.lease).tx
      const { rows, affectedRows } = await runner.query(request.text, [...request.params])
      return { id, ok: true, rows, affected: affectedRows ?? 0 }
    }
    case 'script': {
      const rows =
        request.lease === null ? await alone(db, request.text) : await leaseOf(request.lease).tx.exec(request.text)
      return { id, ok: true, rows: rows.flatMap((result) => result.rows) }
    }
    case 'copy': {
      await leaseOf(request.lease).tx.query(request.text, [], { blob: new Blob([request.bytes]) })
      return { id, ok: true }
    }
    case 'begin':
      return { id, ok: true, lease: await begin(db) }
    case 'end': {
      await leaseOf(request.lease).end(request.commit)
      return { id, ok: true }
    }
    case 'close':
      await db.close()
      return { id, ok: true }
  }
}

interface Engine {
  _PostgresMainLoopOnce(): unknown
}

/** What PostgreSQL's own errors are thrown as. */
const LONG_JUMP = 100
let broken: Error | undefined

/**
 * PGlite swallows whatever else is thrown in the middle of a statement (a trap, a failure of its host) and goes on with an engine in an
 * unknown state: a commit might be answered that never was. Such a store must end at once; its files are as after a kill -9.
 */
function endWhenBroken(engine: Engine): void {
  const once = engine._PostgresMainLoopOnce
  engine._PostgresMainLoopOnce = () => {
    try {
      return once()
    } catch (error) {
      if ((error as { status?: unknown }).status !== LONG_JUMP) fail(error)
      throw error
    }
  }
}

function fail(cause: unknown): void {
  if (broken !== undefined) return
  broken = new Error(`the embedded database broke off in the middle of a statement (${String(cause)})`, { cause })
  const error = broken
  queueMicrotask(() => {
    throw error
  })
}

/** A script that begins a transaction and fails must not leave it open on the one connection. */
async function alone(db: PGlite, text: string): Promise<Results[]> {
  try {
    return await db.exec(text)
  } catch (error) {
    await db.exec('rollback')
    throw error
  }
}

/** Errors cross threads as plain objects: cloning would drop their code and constraint. */
function plain(error: unknown): PlainError {
  const { message, code, constraint, detail } = error as PlainError
  return {
    message: String(message),
    ...(code === undefined ? {} : { code }),
    ...(constraint === undefined ? {} : { constraint }),
    ...(detail === undefined ? {} : { detail }),
  }
}

try {
  const db = await open()
  endWhenBroken(db.Module as unknown as Engine)
  port.on('message', (request: Request) => {
    answer(db, request).then(
      (reply) => {
        if (broken !== undefined) return
        port.postMessage(reply)
        if (request.op === 'close') port.close()
      },
      (error: unknown) => port.postMessage({ id: request.id, ok: false, error: plain(error) } satisfies Reply),
    )
  })
  port.postMessage({ opened: true } satisfies Opened)
} catch (error) {
  const { message, locked } = error as { message: string; locked?: boolean }
  port.postMessage({ opened: false, locked: locked === true, message: String(message) } satisfies Opened)
  port.close()
}
