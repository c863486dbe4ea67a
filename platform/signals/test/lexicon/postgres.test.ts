import assert from 'node:assert/strict'
import test from 'node:test'
import { DAY } from '@firebreak/kernel'
import { TEST_TIME, withPostgres } from '@firebreak/ledger/testing'
import { InterstitialOutcomes } from '../../src/index.ts'
import { ANNA, BEN, openLexiconStage } from './stage.ts'

const postgres = await withPostgres()

test('the lexicon, its inbox and the counters work on PostgreSQL too', {
  skip: postgres ? false : 'no PostgreSQL',
}, async (t) => {
  const database = await postgres!.database()
  const stage = await openLexiconStage({ kind: 'postgres', url: database })
  t.after(async () => {
    await stage.close()
    await postgres!.stop()
  })
  const { lexicon } = stage
  const id = await stage.live('paper lantern')
  const judged = () => lexicon.judge('search', 'query', 'p4per lantern', { at: stage.now })
  assert.equal(judged()?.terms[0]?.action, 'drop')
  const added = await lexicon.entries.add([{ text: 'tin drum band' }, { text: 'Paper  Lantern' }], ANNA)
  assert.deepEqual(
    added.map(({ status }) => status),
    ['added', 'duplicate'],
  )
  await lexicon.entries.stepAll('test', [added[0]!.id!], 30, ANNA)
  await lexicon.entries.edit(id, { text: 'paper kite' }, ANNA)
  await lexicon.entries.rollBack(id, 1, 'for the test', BEN)
  assert.equal((await lexicon.entries.entry(id)).liveVersion, 3)
  await stage.ledger.append(
    [
      {
        id: 'e1',
        type: 'post.created',
        at: new Date(TEST_TIME - DAY).toISOString(),
        actor: { type: 'account', id: 'a' },
        subject: { type: 'content', id: 'c' },
        data: { text: 'a tin drum band' },
      },
    ],
    ANNA,
  )
  const { blastRadius: radius } = await lexicon.entries.test(added[0]!.id!, 30, ANNA)
  assert.deepEqual([radius.hits, radius.sample.length], [1, 1])
  await lexicon.inbox.file('reported', [{ text: 'odd', about: 'autocomplete' }], ANNA)
  const [item] = await lexicon.inbox.list('open', stage.now)
  await lexicon.entries.decideInbox(
    item!.id,
    { state: 'snoozed', until: new Date(stage.now + DAY).toISOString() },
    ANNA,
  )
  assert.deepEqual(await lexicon.inbox.list('open', stage.now), [])
  assert.equal((await lexicon.inbox.list('open', stage.now + DAY)).length, 1)
  const outcomes = new InterstitialOutcomes({ ledger: stage.ledger, clock: () => stage.now })
  for (let i = 0; i < 3; i++) {
    outcomes.count({ kind: 'warn', variant: 'harm', locale: 'en', outcome: 'shown' })
    await outcomes.flush()
  }
  assert.equal((await outcomes.report())[0]?.shown, 3)
  await outcomes.close()
  assert.equal((await stage.ledger.verify()).ok, true)
})
