import assert from 'node:assert/strict'
import test from 'node:test'
import { RETENTION } from '@firebreak/ledger'
import { openTestLedger } from '@firebreak/ledger/testing'
import { KEPT } from '../src/retention/table.ts'
import { dump } from './contract/stage.ts'

test('every class of data is named once, with a period, a ground and what happens then', () => {
  const names = RETENTION.map(({ dataClass }) => dataClass)
  assert.equal(new Set(names).size, names.length)
  for (const { dataClass, days, basis, action, chained, edges, plain } of RETENTION) {
    assert.ok(dataClass.length > 3 && basis.length > 10, dataClass)
    assert.ok(Number.isInteger(days) && days >= 1 && days <= 3_653, dataClass)
    assert.ok(action === 'delete' || action === 'reduce', dataClass)
    assert.equal([chained, edges, plain].filter((statement) => statement !== undefined).length, 1, dataClass)
  }
})

test('every table of the store has a period, or a reason why it has none', async (t) => {
  const ledger = await openTestLedger()
  t.after(() => ledger.close())
  const tables = [...(await dump(ledger)).keys()]
  const dated = new Set(RETENTION.flatMap((rule) => rule.tables))
  assert.deepEqual(
    tables.filter((table) => !dated.has(table) && KEPT[table] === undefined),
    [],
  )
  assert.deepEqual(
    [...dated, ...Object.keys(KEPT)].filter((table) => !tables.includes(table)),
    [],
  )
  assert.deepEqual(
    Object.keys(KEPT).filter((table) => dated.has(table)),
    [],
  )
})
