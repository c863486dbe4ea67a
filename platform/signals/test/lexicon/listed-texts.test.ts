import assert from 'node:assert/strict'
import test from 'node:test'
import { setTimeout as wait } from 'node:timers/promises'
import { HOUR } from '@firebreak/kernel'
import { TEST_TIME } from '@firebreak/ledger/testing'
import { LISTED_TEXT, ListedTexts } from '../../src/index.ts'
import { ANNA, openLexiconStage } from './stage.ts'

const WITHIN = 5_000

test('contents whose text is listed carry a label as long as their entries stand', async (t) => {
  const stage = await openLexiconStage()
  const { ledger, lexicon } = stage
  const faults: unknown[] = []
  const listed = ListedTexts.open({
    ledger,
    lexicon,
    clock: () => stage.now,
    pollEvery: 20,
    allowed: (_detector, surface) => surface !== 'message',
    onFault: (error) => faults.push(error),
  })
  t.after(async () => {
    await listed.close()
    await stage.close()
  })
  let posts = 0
  const post = (content: string, text: string, type = 'post.created', surface?: string) =>
    ledger.append(
      [
        {
          id: `p-${++posts}`,
          type,
          at: new Date(TEST_TIME - HOUR).toISOString(),
          actor: { type: 'account', id: 'acct-1' },
          subject: { type: 'content', id: content },
          ...(surface ? { surface } : {}),
          data: { text },
        },
      ],
      ANNA,
    )
  const labelled = async () =>
    (await ledger.labels.active({ value: LISTED_TEXT })).map(({ subject }) => subject.id).sort()
  const settles = async (expected: readonly string[]): Promise<void> => {
    for (const until = Date.now() + WITHIN; Date.now() < until; await wait(20))
      if ((await labelled()).join() === expected.join()) return
    assert.deepEqual(await labelled(), expected)
  }
  await post('c-1', 'a paper lantern')
  await post('c-2', 'a paper boat')
  await post('c-0', 'a paper lantern, at first')
  await post('c-0', 'a paper crane', 'post.updated')
  const lantern = await stage.live('paper lantern')
  await settles(['c-1'])
  await post('c-3', 'p4per l4ntern again, and a seashell trade')
  await post('c-4', 'paper lantern', 'post.created', 'message')
  await settles(['c-1', 'c-3'])
  await post('c-1', 'a paper kite', 'post.updated')
  await settles(['c-3'])
  const trade = await stage.live('seashell trade')
  await lexicon.entries.expire(lantern, 'for the test', ANNA)
  await settles(['c-3'])
  await lexicon.entries.expire(trade, 'for the test', ANNA)
  await settles([])
  await stage.live({ text: 'tin drum band', expiresAt: new Date(TEST_TIME + HOUR).toISOString() })
  await post('c-5', 'the tin drum band')
  await settles(['c-5'])
  await post('c-6', 'a tin drum band too')
  await settles(['c-5', 'c-6'])
  await post('c-6', '', 'post.removed')
  await settles(['c-5'])
  stage.now += HOUR
  await settles([])
  assert.deepEqual(faults, [])
})
