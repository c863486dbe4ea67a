import assert from 'node:assert/strict'
import test from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { type Ledger, openLedger } from '@firebreak/ledger'
import { openTestLedger, testMasterKey, withPostgres } from '@firebreak/ledger/testing'
import { Guard } from '../src/index.ts'

const BY = { kind: 'system', id: 'test' } as const
const LABEL = {
  subject: { type: 'account', id: 'acct-1' },
  value: 'network-member',
  source: 'test',
  reason: 'two short paths to a seed',
  probability: 0.9,
}
const verdict = (guard: Guard, id = 'acct-1', viewer = 'acct-9') =>
  guard.judge({ surface: 'recommend_accounts', viewer: { id: viewer }, subjects: [{ type: 'account', id }] })[0]!.action

/** Waits for the guard to come round by itself; the test's own time limit is the only one. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(5)
}

/** Writes with one ledger, judges with a guard on another (or the same), and never asks the guard to look. */
async function follow(writer: Ledger, reader: Ledger): Promise<void> {
  await writer.append(
    [
      {
        id: 'e-1',
        type: 'follow',
        at: '2026-01-01T00:00:00Z',
        actor: { type: 'account', id: 'acct-9' },
        subject: { type: 'account', id: 'acct-1' },
      },
    ],
    BY,
  )
  const guard = await Guard.open({ source: reader, clock: Date.now })
  try {
    assert.equal(verdict(guard), 'allow')
    const near = { ...LABEL, subject: { type: 'account', id: 'acct-2' }, value: 'network-adjacent', probability: 0.02 }
    const [label] = await writer.labels.apply([LABEL, near], BY)
    await until(() => verdict(guard) === 'drop')
    await until(() => verdict(guard, 'acct-2') === 'drop')
    assert.equal(verdict(guard, 'acct-2', 'acct-8'), 'allow')
    await writer.labels.retract([label!.id], BY, 'taken back')
    await until(() => verdict(guard) === 'allow')
  } finally {
    await guard.close()
  }
}

test('a guard follows labels written and taken back in its own process', async () => {
  const ledger = await openTestLedger({ clock: Date.now })
  try {
    await follow(ledger, ledger)
  } finally {
    await ledger.close()
  }
})

test('a guard follows labels that another process writes into the same PostgreSQL', async (t) => {
  const postgres = await withPostgres()
  if (!postgres) return t.skip('PostgreSQL is not installed')
  const url = await postgres.database()
  const open = () => openLedger({ store: { kind: 'postgres', url }, clock: Date.now, masterKey: testMasterKey })
  const writer = await open()
  const reader = await open()
  try {
    await follow(writer, reader)
  } finally {
    await writer.close()
    await reader.close()
    await postgres.stop()
  }
})
