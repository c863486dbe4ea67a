import assert from 'node:assert/strict'
import test from 'node:test'
import type { Principal } from '@firebreak/ledger'
import { openTestLedger } from '@firebreak/ledger/testing'
import { RETURNER, ReturnWatch } from '../src/index.ts'

const platform: Principal = { kind: 'api-key', id: 'platform' }

test('a fault while following is told, and what came with it is looked at again', async () => {
  const ledger = await openTestLedger({ clock: Date.now })
  const faults: unknown[] = []
  const watch = new ReturnWatch({ ledger, clock: Date.now, onFault: (error) => faults.push(error) })
  const look = watch.look.bind(watch)
  let looks = 0
  watch.look = async (events) => {
    if (looks++ === 0) throw new Error('the store hiccuped')
    return look(events)
  }
  watch.start()
  const account = { type: 'account', id: 'acct-1' }
  await ledger.append(
    [{ id: 'e1', type: 'account.created', at: new Date().toISOString(), actor: account, subject: account }],
    platform,
  )
  for (let i = 0; i < 100 && looks < 2; i++) await new Promise((resolve) => setTimeout(resolve, 100))
  await watch.close()
  assert.equal(faults.length, 1)
  assert.ok(looks >= 2)
  assert.deepEqual(await ledger.labels.active({ value: RETURNER }), [])
  await ledger.close()
})
