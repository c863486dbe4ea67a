/** One of the two servers that bench/guard.ts compares; says its port, and stops when its input ends. */

import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openTestLedger } from '@firebreak/ledger/testing'
import { secretsFrom } from '../../apps/server/src/access/secrets.ts'
import { buildApp } from '../../apps/server/src/http/app.ts'
import { instanceOver } from '../../apps/server/src/instance/open-instance.ts'
import { ownRunner } from '../../apps/server/src/probes/own-runner.ts'

const kind = process.argv[2]
const stop = kind === 'bare' ? await serveBare() : await serveFirebreak()
const since = process.cpuUsage()
const threadSince = process.threadCpuUsage()
process.stdin.resume().on('end', async () => {
  const { user, system } = process.cpuUsage(since)
  const own = process.threadCpuUsage(threadSince)
  console.log(JSON.stringify({ cpu: (user + system) / 1e6, thread: (own.user + own.system) / 1e6 }))
  await stop()
  process.exit(0)
})

function ready(address: unknown, headers: Record<string, string>): void {
  console.log(JSON.stringify({ port: (address as { port: number }).port, headers }))
}

/** Parses the question and answers as many verdicts, without looking at anything. */
async function serveBare(): Promise<() => Promise<void>> {
  const requireFrom = createRequire(new URL('../../apps/server/src/start.ts', import.meta.url))
  const { fastify } = requireFrom('fastify') as typeof import('fastify')
  const app = fastify()
  app.post<{ Body: { subjects: unknown[] } }>('/v1/verdicts', (request) => ({
    policyVersion: 'default-1/t0.5/a0.01/c0.02/d0.2',
    snapshot: '0',
    verdicts: request.body.subjects.map(() => ({ action: 'allow', reason: 'none' })),
  }))
  await app.listen({ port: 0, host: '127.0.0.1' })
  ready(app.server.address(), {})
  return () => app.close()
}

async function serveFirebreak(): Promise<() => Promise<void>> {
  const dir = mkdtempSync(join(tmpdir(), 'firebreak-bench-'))
  const secrets = secretsFrom(new Uint8Array(32).fill(1))
  const clock = Date.now
  const ledger = await openTestLedger({ clock })
  const by = { kind: 'system', id: 'bench' } as const
  await ledger.labels.apply(
    Array.from({ length: 20_000 }, (_, i) => ({
      subject: { type: 'account', id: `acct-${i * 50}` },
      value: i % 2 === 0 ? 'network-member' : 'network-adjacent',
      source: 'bench',
      reason: 'bench',
      probability: (i % 100) / 100,
    })),
    by,
  )
  const edge = { key: secrets.identifiers, clock }
  const instance = await instanceOver(
    { ledger, secrets, edge, close: () => ledger.close() },
    { dir, clock, demo: false, own: null, runner: ownRunner, onFault: console.error },
  )
  const { token } = await ledger.apiKeys.create({ name: 'bench', scopes: ['verdicts'] }, by)
  const app = await buildApp({
    mounts: [{ base: '', instance: async () => instance }],
    version: 'bench',
    console: null,
  })
  await app.listen({ port: 0, host: '127.0.0.1' })
  ready(app.server.address(), { authorization: `Bearer ${token}` })
  const changing = kind === 'changing' ? setInterval(() => void change(ledger).catch(console.error), 100) : undefined
  return async () => {
    clearInterval(changing)
    await app.close()
    await instance.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Twenty labels come and go. */
async function change(ledger: Awaited<ReturnType<typeof openTestLedger>>): Promise<void> {
  const by = { kind: 'system', id: 'bench' } as const
  const made = await ledger.labels.apply(
    Array.from({ length: 10 }, (_, i) => ({
      subject: { type: 'account', id: `acct-${i * 7 + 1}` },
      value: 'network-member',
      source: 'bench',
      reason: 'bench',
    })),
    by,
  )
  await ledger.labels.retract(
    made.map(({ id }) => id),
    by,
    'bench',
  )
}
