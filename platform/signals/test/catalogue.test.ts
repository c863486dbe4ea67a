import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Catalogue } from '../src/content/catalogue.ts'
import { Judging } from '../src/content/judging.ts'
import { MediaStore } from '../src/content/media-store.ts'
import { entry, openStage, PERSON, randomHash, testSealer } from './stage.ts'

test('an entry that is withdrawn again at once, like a canary, sends nobody through all media; restored, it does', async (t) => {
  const stage = await openStage()
  t.after(() => stage.close())
  const { ledger, banks } = stage
  let pages = 0
  class Counting extends MediaStore {
    override hashedAfter(id: number, most: number) {
      pages++
      return super.hashedAfter(id, most)
    }
  }
  const store = new Counting(ledger, testSealer)
  const judging = new Judging(ledger, banks)
  const catalogue = new Catalogue({ ledger, banks, store, judging, clock: () => stage.now, holder: 'test' })
  const settle = async () => {
    while (await catalogue.step());
    assert.equal((await catalogue.status()).position, banks.seq)
    return pages
  }
  await banks.create('CANARY', {}, PERSON)
  await settle()
  const before = pages
  const first = await banks.add('CANARY', 'sha256', [entry(randomHash())], PERSON)
  await banks.change('CANARY', [{ entry: first, do: 'withdraw' }], 'canary over', PERSON)
  assert.equal(await settle(), before, 'withdrawn before the work began')

  const second = await banks.add('CANARY', 'sha256', [entry(randomHash())], PERSON)
  assert.ok(await catalogue.step(), 'the work begins')
  await banks.change('CANARY', [{ entry: second, do: 'withdraw' }], 'canary over', PERSON)
  assert.equal(await settle(), before, 'withdrawn when the work had begun')

  await banks.change('CANARY', [{ entry: second, do: 'restore' }], 'back', PERSON)
  assert.equal(await settle(), before + 1)
})
