import assert from 'node:assert/strict'
import test from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import type { Ledger, LedgerEdge } from '@firebreak/ledger'
import { NetworkMapper } from '../src/index.ts'

const edge = (source: string, target: string, weight = 1) =>
  ({ source, target, relation: 'follow', weight, at: 0, firstAt: 0 }) as unknown as LedgerEdge

/** As much of a ledger as a mapper reads. */
function ledgerOf(edges: () => AsyncGenerator<LedgerEdge[]>): Ledger {
  return { head: async () => 1, events: async () => [], edges } as unknown as Ledger
}

test('when the thread of the maps ends during a build, the rest of the edges never passes for the whole', async (t) => {
  let fails = true
  const mapper: NetworkMapper = new NetworkMapper(
    ledgerOf(async function* () {
      // A weight that no edge may have ends the thread.
      if (fails) yield [edge('a', 'b', -1)]
      else yield [edge('a', 'b')]
      while (fails && (mapper as unknown as { thread: unknown }).thread !== null) await pause(5)
      yield [edge('b', 'c'), edge('c', 'a')]
    }),
  )
  t.after(() => mapper.close())
  await assert.rejects(mapper.upToDate(), { code: 'internal/fault' })
  fails = false
  assert.deepEqual(await mapper.upToDate(), { nodes: 3, edges: 3 }, 'the next build begins anew')
})

test('a mapper that is closed during a build says so, and starts no other thread', async () => {
  const mapper: NetworkMapper = new NetworkMapper(
    ledgerOf(async function* () {
      yield [edge('a', 'b')]
      await mapper.close()
      yield [edge('b', 'c')]
    }),
  )
  await assert.rejects(mapper.upToDate(), { code: 'ledger/closed' })
  assert.equal((mapper as unknown as { thread: unknown }).thread, null)
})
