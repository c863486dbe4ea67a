import assert from 'node:assert/strict'
import test from 'node:test'
import { openTestLedger, TEST_TIME } from '@firebreak/ledger/testing'
import { DEFAULT_POLICY, defaultRuleSet } from '@firebreak/policy'
import { Recorder, Statements } from '../src/index.ts'

const BY = { kind: 'system', id: 'test' } as const
const rules = defaultRuleSet(DEFAULT_POLICY)
const owed = {
  type: 'account',
  id: 'acct-1',
  rule: 'member-not-amplified',
  label: 'label-1',
  surface: 'recommend_accounts',
}

test('a statement owed survives a store that is away, and an account that the ledger does not know yet', async () => {
  const ledger = await openTestLedger({ clock: () => TEST_TIME })
  let away = true
  const db = new Proxy(ledger.db, {
    get(target, name, receiver) {
      if (away && (name === 'selectFrom' || name === 'insertInto')) throw new Error('the store is away')
      const value: unknown = Reflect.get(target, name, receiver)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
  const recorder = new Recorder(db)
  const waiting = () => new Statements(ledger).waiting()
  recorder.owe(owed, TEST_TIME)
  await assert.rejects(recorder.flush(rules, TEST_TIME))
  away = false
  await recorder.flush(rules, TEST_TIME)
  assert.deepEqual(await waiting(), [], 'nobody by that name yet')
  const account = { type: 'account', id: 'acct-1' }
  const at = new Date(TEST_TIME - 1_000).toISOString()
  await ledger.append([{ id: 'e-1', type: 'account.created', at, actor: account, subject: account }], BY)
  recorder.owe(owed, TEST_TIME)
  recorder.owe(owed, TEST_TIME)
  await recorder.flush(rules, TEST_TIME)
  assert.deepEqual(
    (await waiting()).map(({ subject }) => subject.id),
    ['acct-1'],
  )
  await ledger.close()
})

test('one subject in so many is sampled as set, none at 0, and a busy time is not written down without end', () => {
  const db = {} as ConstructorParameters<typeof Recorder>[0]
  const verdict = { action: 'allow', reason: 'none', rule: null, internalReason: '' } as const
  const facts = { surface: 'search', at: TEST_TIME, subject: { labels: [] } } as const
  const sampled = (sampleEvery: number, questions: number) => {
    const recorder = new Recorder(db, { sampleEvery })
    let kept = 0
    for (let i = 0; i < questions; i++)
      if (recorder.asked('search', 10)) {
        recorder.sample(TEST_TIME, 'v', verdict, facts)
        kept++
      }
    return kept
  }
  assert.equal(sampled(100, 50), 5)
  assert.equal(sampled(0, 50), 0)
  assert.equal(sampled(10, 5_000), 100)
})
