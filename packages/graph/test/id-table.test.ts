import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { IdTable } from '../src/graph/id-table.ts'

test('any strings get the numbers that a Map would give them, and come back unchanged', () => {
  const anyId = fc.oneof(fc.string({ unit: 'grapheme', maxLength: 12 }), fc.constantFrom('', 'a', 'aa', '0', '00'))
  fc.assert(
    fc.property(fc.array(anyId, { maxLength: 300 }), (ids) => {
      const table = new IdTable(1)
      const reference = new Map<string, number>()
      for (const id of ids) {
        if (!reference.has(id)) reference.set(id, reference.size)
        assert.equal(table.intern(id), reference.get(id))
      }
      for (const [id, node] of reference) {
        assert.equal(table.idOf(node), id)
        assert.equal(table.find(id), node)
      }
      assert.equal(table.find('never seen'), -1)
      const { bytes, ends } = table.parts()
      const again = IdTable.from(bytes.slice(), ends.slice())
      for (const [id, node] of reference) assert.equal(again.find(id), node)
      assert.equal(again.intern('never seen'), reference.size)
    }),
  )
})

test('a hundred thousand ids that differ only in their digits stay apart', () => {
  const table = new IdTable()
  for (let i = 0; i < 100_000; i++) assert.equal(table.intern(`acct-${i}`), i)
  for (let i = 0; i < 100_000; i += 997) assert.equal(table.find(`acct-${i}`), i)
})

test('bytes and strings of one id are the same id', () => {
  const table = new IdTable()
  const line = new TextEncoder().encode('acct-1,ünï')
  assert.equal(table.internBytes(line, 0, 6), table.intern('acct-1'))
  assert.equal(table.internBytes(line, 7, line.length), table.intern('ünï'))
})
