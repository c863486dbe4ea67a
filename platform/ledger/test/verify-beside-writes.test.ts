import assert from 'node:assert/strict'
import test from 'node:test'
import { sql } from 'kysely'
import { openTestLedger } from '../src/testing/index.ts'
import type { Ledger } from '../src/types.ts'

const BY = { kind: 'system', id: 'test' } as const
const account = (id: string) => ({ type: 'account', id })
const AT = '2026-05-01T00:00:00Z'

async function filled(): Promise<Ledger> {
  const ledger = await openTestLedger()
  const follows = Array.from({ length: 6_000 }, (_, i) => ({
    id: `e-${i}`,
    type: 'follow',
    at: AT,
    actor: account(`acct-${i % 40}`),
    subject: account(`acct-${100 + i}`),
  }))
  await ledger.append(follows, BY)
  return ledger
}

const erase = (id: string) => ({
  id: `erase-${id}`,
  type: 'subject.erased',
  at: AT,
  actor: account(id),
  subject: account(id),
})

test('verify does not cry wolf while accounts are erased and events are appended beside it', async (t) => {
  const ledger = await filled()
  t.after(() => ledger.close())
  let writing = true
  const writes = (async () => {
    for (let i = 0; i < 12; i++) await ledger.append([erase(`acct-${i}`)], BY)
    writing = false
  })()
  do {
    const result = await ledger.verify()
    assert.equal(result.ok, true, result.problem)
  } while (writing)
  await writes
  assert.equal((await ledger.verify()).ok, true)
})

test('a row cannot be hidden behind the erasure of somebody else, nor behind one that never was', async (t) => {
  const ledger = await filled()
  t.after(() => ledger.close())
  await ledger.append([erase('acct-1')], BY)
  const victim = 5_000
  const removal = sql.raw(`insert into gone (seq, by) values (${victim}, (select max(seq) from removal))`)
  await removal.execute(ledger.db)
  assert.equal((await ledger.verify()).problem, 'other rows are gone than this removal covers')
  await sql.raw(`update gone set by = 99999999 where seq = ${victim}`).execute(ledger.db)
  assert.equal((await ledger.verify()).problem, 'rows claim a removal that does not exist')
  await sql.raw(`delete from gone where seq = ${victim}`).execute(ledger.db)
  assert.equal((await ledger.verify()).ok, true)
  await sql.raw(`delete from event where seq = ${victim}`).execute(ledger.db)
  assert.deepEqual((await ledger.verify()).brokenAt, victim)
})
