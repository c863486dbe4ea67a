import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import test, { after } from 'node:test'
import { seededRandom } from '@firebreak/kernel'
import type { Principal } from '@firebreak/ledger'
import { openTestLedger, TEST_TIME } from '@firebreak/ledger/testing'
import { Lexicon, sealerFrom } from '@firebreak/signals'
import { termListsOver } from '../src/enforcement/term-lists.ts'

const ledger = await openTestLedger()
const lexicon = await Lexicon.open({
  ledger,
  sealer: sealerFrom(new Uint8Array(32)),
  clock: () => TEST_TIME,
  random: seededRandom(1),
  newId: () => randomBytes(6).toString('hex'),
})
after(async () => {
  await lexicon.close()
  await ledger.close()
})
const lists = termListsOver(lexicon.entries)
const user = (id: string): Principal => ({ kind: 'user', id })

test('a term that a decision lists is tried, waits for a second person, and is in force only after them', async () => {
  const text = 'purple seashell trade'
  const proposed = await lists.propose({ kind: 'term', text, list: 'trade' }, user('ada'))
  assert.equal(proposed.why, null)
  const id = proposed.entry!
  const { state, owner } = await lexicon.entries.entry(id)
  assert.deepEqual([state, owner], ['review', 'ada'])
  await assert.rejects(lexicon.entries.approve(id, user('ada')), { code: 'lexicon/second-person' })
  assert.equal(lexicon.match('content', text).length, 0)
  await lexicon.entries.approve(id, user('bo'))
  await lexicon.entries.publish(id, user('bo'))
  assert.deepEqual(
    lexicon.match('content', text).map(({ entry }) => entry),
    [id],
  )
  await lists.withdraw(id, 'the decision was reversed', { kind: 'system', id: 'enforcement' })
  assert.equal(lexicon.match('content', text).length, 0)
})

test('what stands on a list already is no fault; what the lexicon refuses comes back with a code and not the word', async () => {
  const entry = { kind: 'url', text: 'https://lanterns.example/offer', list: 'links' } as const
  assert.equal((await lists.propose(entry, user('ada'))).why, null)
  assert.deepEqual(await lists.propose(entry, user('ada')), { entry: null, why: null })
  const noLink = await lists.propose({ kind: 'url', text: 'not a link', list: 'links' }, user('ada'))
  assert.deepEqual(noLink, { entry: null, why: 'the lexicon refuses it (not-a-link)' })
  const odd = await lists.propose({ kind: 'term', text: 'paper lantern', list: 'No such name!' }, user('ada'))
  assert.match(odd.why!, /input\/invalid/)
})
