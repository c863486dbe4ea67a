import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '@firebreak/kernel'
import { openLedger, type Principal } from '@firebreak/ledger'
import { secretsFrom } from '../access/secrets.ts'
import { buildApp } from '../http/app.ts'
import { instanceOver } from '../instance/open-instance.ts'
import { ownRunner } from '../probes/own-runner.ts'

/** Harmless placeholders: the suite asks whether surfaces agree, not what is on a list. */
export const PLACEHOLDER_TERMS: readonly string[] = [
  'paper lantern',
  'seashell trade',
  'amber falcon',
  'velvetkettle',
  'copper umbrella club',
  'iron feather',
  'quiet harbour',
  'marbletoad',
]

export interface OwnServer {
  ask(question: object): Promise<{ verdicts: { action: string }[] }>
  close(): Promise<void>
}

const WRITER: Principal = { kind: 'user', id: 'parity-writer' }
const APPROVER: Principal = { kind: 'user', id: 'parity-approver' }

/** A whole server over a store in memory, with placeholder terms in force: this build's own surfaces, asked over its own API. */
export async function openOwnServer(): Promise<OwnServer> {
  const dir = await mkdtemp(join(tmpdir(), 'firebreak-parity-'))
  const secrets = secretsFrom(randomBytes(32))
  const clock = systemClock
  const ledger = await openLedger({ store: { kind: 'embedded', dir: 'memory' }, clock, masterKey: randomBytes(32) })
  const faults: unknown[] = []
  const onFault = (error: unknown): void => void faults.push(error)
  const edge = { key: secrets.identifiers, clock }
  const instance = await instanceOver(
    { ledger, secrets, edge, close: () => ledger.close() },
    { dir, clock, demo: false, own: null, runner: ownRunner, onFault },
  )
  const app = await buildApp({
    mounts: [{ base: '', instance: async () => instance }],
    version: 'parity',
    console: null,
    onFault,
  })
  await putInForce(instance.lexicon.entries)
  await instance.guard.refresh()
  const { token } = await ledger.apiKeys.create({ name: 'parity', scopes: ['verdicts'] }, WRITER)
  return {
    async ask(question) {
      const answer = await app.inject({
        method: 'POST',
        url: '/v1/verdicts',
        headers: { authorization: `Bearer ${token}` },
        payload: question,
      })
      return answer.json()
    },
    async close() {
      await app.close()
      await instance.close()
      await rm(dir, { recursive: true, force: true })
    },
  }
}

async function putInForce(entries: import('@firebreak/signals').Entries): Promise<void> {
  for (const { id } of await entries.add(
    PLACEHOLDER_TERMS.map((text) => ({ text })),
    WRITER,
  )) {
    await entries.test(id!, 1, WRITER)
    await entries.submit(id!, WRITER)
    await entries.approve(id!, APPROVER)
    await entries.publish(id!, WRITER)
  }
}
