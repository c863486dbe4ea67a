import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { isFirebreakError, systemClock } from '@firebreak/kernel'
import { type Check, failed } from '../doctor/check.ts'
import { dataDirectory, engines, freeDisk, keyFile, nodeVersion, portState } from '../doctor/machine.ts'
import { throughServer, throughStore } from '../doctor/store.ts'
import { readServerFile } from '../instance/server-file.ts'
import { runningServer } from './connection.ts'
import type { Terminal } from './terminal.ts'

export interface DoctorOptions {
  readonly data: string
  readonly port: number
  readonly json?: boolean
}

const MARK = { ok: 'ok  ', note: 'note', fail: 'FAIL' } as const

/** `firebreak doctor`: looks at everything an installation stands on. Returns 1 when something must be mended. */
export async function doctor({ data, port, json }: DoctorOptions, terminal: Terminal): Promise<number> {
  const checks = await look(data, port)
  if (json) terminal.out.write(`${JSON.stringify({ ok: checks.every(({ state }) => state !== 'fail'), checks })}\n`)
  else {
    const width = Math.max(...checks.map(({ name }) => name.length))
    for (const { name, state, detail } of checks)
      terminal.out.write(`${MARK[state]}  ${name.padEnd(width)}  ${detail}\n`)
  }
  return checks.some(({ state }) => state === 'fail') ? 1 : 0
}

async function look(data: string, port: number): Promise<Check[]> {
  const databaseUrl = process.env.DATABASE_URL || undefined
  const server = await runningServer(data)
  const written = server ? await readServerFile(data) : null
  const hasStore = databaseUrl === undefined && existsSync(join(data, 'store'))
  return [
    nodeVersion(process.version),
    dataDirectory(data),
    keyFile(data, 'master.key', hasStore),
    keyFile(data, 'edge.key', hasStore),
    await freeDisk(data),
    await portState(port, written !== null && Number(new URL(written.url).port) === port),
    ...(await engines()),
    ...(await inside(() =>
      server ? throughServer(server, systemClock) : throughStore({ dir: data, databaseUrl, clock: systemClock }),
    )),
  ]
}

/** A store that cannot be looked into is itself the finding. */
async function inside(checks: () => Promise<Check[]>): Promise<Check[]> {
  try {
    return await checks()
  } catch (error) {
    if (isFirebreakError(error)) return [failed('store', error.message)]
    throw error
  }
}
