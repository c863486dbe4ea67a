import assert from 'node:assert/strict'
import test from 'node:test'
import { isFirebreakError } from '@firebreak/kernel'
import { sql } from 'kysely'
import { account, allEvents, BY, follow, type Stage } from './stage.ts'

async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'no error',
    (error: unknown) => (isFirebreakError(error) ? error.code : String(error)),
  )
}

export function transactionTests(stage: Stage): void {
  const label = { subject: account('acct-1'), value: 'v', source: 's', reason: 'r' }

  test('rows, events, labels, documents and records of one transaction are all there afterwards, and chained', async () => {
    const { ledger } = stage
    await ledger.tasks.define('look-again')
    const made = await ledger.transaction(BY, async (tx) => {
      const [event] = await tx.append([follow('tx-1', 'acct-1', 'acct-2')])
      await tx.record('case.opened', { case: 'c-1' })
      const [applied] = await tx.applyLabels([label])
      await tx.putDocument('case', 'c-1', { n: 1 })
      await tx.db.insertInto('cursor_position').values({ name: 'tx', seq: 7 }).execute()
      const task = await tx.enqueue('look-again', { case: 'c-1' })
      const seen = await tx.db.selectFrom('event').select('id').where('id', '=', 'tx-1').execute()
      return { event, applied, task, seen, document: await tx.document<{ n: number }>('case', 'c-1') }
    })
    assert.equal(made.event?.status, 'accepted')
    assert.equal(made.seen.length, 1)
    assert.deepEqual(made.document?.body, { n: 1 })
    assert.ok(made.task)
    assert.equal(await ledger.cursor('tx').get(), 7)
    assert.equal((await ledger.labels.active()).length, 1)
    assert.equal((await ledger.audit({ kind: 'case.opened' })).length, 1)
    assert.equal((await ledger.tasks.counts()).find(({ name }) => name === 'look-again')?.waiting, 1)
    assert.equal((await ledger.neighbours(['acct-1'])).get('acct-1')?.outDegree, 1)
    assert.equal((await ledger.verify()).ok, true)
  })

  test('when the work throws nothing of it stays, and writes beside it are kept and not repeated', async () => {
    const { ledger } = stage
    let runs = 0
    const before = (await ledger.audit()).length
    const failing = ledger.transaction(BY, async (tx) => {
      runs++
      await tx.append([follow('tx-gone', 'acct-new', 'acct-newer')])
      await tx.record('gone', {})
      await tx.applyLabels([{ ...label, subject: account('acct-new') }])
      await tx.enqueue('look-again', { gone: true })
      throw new Error('changed my mind')
    })
    const beside = [
      ledger.append([follow('beside-1', 'acct-1', 'acct-3')], BY),
      ledger.record('beside', { n: 1 }, BY),
      ledger.transaction(BY, (tx) => tx.record('beside', { n: 2 })),
    ]
    await assert.rejects(failing, /changed my mind/)
    await Promise.all(beside)
    assert.equal(runs, 1)
    assert.deepEqual(
      (await allEvents(ledger)).map(({ id }) => id),
      ['tx-1', 'beside-1'],
    )
    assert.equal((await ledger.audit()).length, before + 2)
    assert.equal((await ledger.labels.active()).length, 1)
    assert.equal((await ledger.neighbours(['acct-new'])).size, 0)
    assert.equal((await ledger.tasks.counts()).find(({ name }) => name === 'look-again')?.waiting, 1)
    assert.deepEqual(
      await ledger.append([follow('tx-gone', 'acct-new', 'acct-newer')], BY).then(([r]) => r?.status),
      'accepted',
    )
    assert.equal((await ledger.verify()).ok, true)
  })

  test('a statement that the database refuses undoes the transaction and nothing else', async () => {
    const { ledger } = stage
    const twice = ledger.transaction(BY, async (tx) => {
      await tx.record('twice', {})
      for (const _ of [1, 2]) await tx.db.insertInto('cursor_position').values({ name: 'twice', seq: 1 }).execute()
    })
    const beside = ledger.record('kept', {}, BY)
    await assert.rejects(twice)
    await beside
    assert.deepEqual(
      [(await ledger.audit({ kind: 'twice' })).length, (await ledger.audit({ kind: 'kept' })).length],
      [0, 1],
    )
    assert.equal((await ledger.verify()).ok, true)
  })

  test('an erasure inside a transaction that is undone leaves the person whole', async () => {
    const { ledger } = stage
    const gone = {
      id: 'erase-1',
      type: 'subject.erased',
      at: '2026-05-02T00:00:00Z',
      actor: account('acct-1'),
      subject: account('acct-1'),
    }
    await assert.rejects(
      ledger.transaction(BY, async (tx) => {
        await tx.append([gone])
        throw new Error('not now')
      }),
    )
    assert.equal((await ledger.neighbours(['acct-1'])).get('acct-1')?.outDegree, 2)
    assert.equal((await ledger.verify()).ok, true)
  })

  test('the ledger itself, awaited inside a transaction, and a transaction used after its end are refused', async () => {
    const { ledger } = stage
    const inside: readonly (() => Promise<unknown>)[] = [
      () => ledger.append([follow('nested', 'a', 'b')], BY),
      () => ledger.record('nested', {}, BY),
      () => ledger.labels.apply([label], BY),
      () => ledger.documents.get('case', 'c-1'),
      () => ledger.transaction(BY, async () => {}),
      () => sql`select 1`.execute(ledger.db),
      () => ledger.tasks.counts(),
    ]
    for (const call of inside)
      assert.equal(await codeOf(ledger.transaction(BY, async () => void (await call()))), 'ledger/nested')
    const codes = await ledger.transaction(BY, async (tx) => [
      await codeOf(tx.db.transaction().execute(async () => {})),
      await codeOf(tx.enqueue('never-defined', {})),
    ])
    assert.deepEqual(codes, ['ledger/nested', 'ledger/task-unknown'])
    const kept = await ledger.transaction(BY, async (tx) => tx)
    assert.equal(await codeOf(kept.db.selectFrom('event').select('id').execute()), 'ledger/nested')
    assert.equal(await codeOf(kept.record('late', {})), 'ledger/nested')
    assert.equal((await ledger.verify()).ok, true)
  })
}
