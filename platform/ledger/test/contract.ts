import { after, before, describe } from 'node:test'
import { TEST_TIME } from '@firebreak/ledger/testing'
import { accessTests } from './contract/access.ts'
import { edgeTests } from './contract/edges.ts'
import { erasureTests } from './contract/erasure.ts'
import { eventTests } from './contract/events.ts'
import { labelTests } from './contract/labels.ts'
import { outboxTests } from './contract/outbox.ts'
import { retentionTests } from './contract/retention.ts'
import type { Stage, StoreUnderTest } from './contract/stage.ts'
import { tamperTests } from './contract/tamper.ts'
import { taskTests } from './contract/tasks.ts'
import { transactionTests } from './contract/transactions.ts'

export type { OpenOptions, StoreUnderTest } from './contract/stage.ts'

/** What every store promises, whatever engine is behind it. Suites that damage or empty the store get one of their own. */
export function ledgerContract(name: string, store: () => StoreUnderTest): void {
  const suite = (title: string, tests: (stage: Stage) => void) =>
    describe(`${name}: ${title}`, () => {
      const stage = { now: TEST_TIME, again: undefined } as Stage
      before(async () => {
        const { open, again } = store()
        const options = { clock: () => stage.now }
        stage.ledger = await open(options)
        stage.again = again === undefined ? undefined : () => again(options)
      })
      after(() => stage.ledger?.close())
      tests(stage)
    })
  suite('events', eventTests)
  suite('edges', edgeTests)
  suite('cursors, outbox, commits', outboxTests)
  suite('labels and documents', labelTests)
  suite('users, keys, sessions, audit, legal holds', accessTests)
  suite('transactions', transactionTests)
  suite('tasks', taskTests)
  suite('erasure', erasureTests)
  suite('tampering', tamperTests)
  suite('retention', retentionTests)
}
