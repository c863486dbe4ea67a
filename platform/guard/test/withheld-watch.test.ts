import assert from 'node:assert/strict'
import test from 'node:test'
import type { ExplainedVerdict } from '@firebreak/policy'
import { type VerdictRequest, WithheldWatch } from '../src/index.ts'

const verdict = (action: 'allow' | 'drop'): ExplainedVerdict => ({
  action,
  reason: 'none',
  rule: null,
  internalReason: '',
})
const about = (account: string): VerdictRequest => ({
  surface: 'recommend_accounts',
  subjects: [{ type: 'account', id: account }],
})

function watched(share: number, times: number, isLabelled = false) {
  const watch = new WithheldWatch()
  let named = 0
  for (let i = 0; i < times; i++) {
    const action = (i / 8) % 1 < 1 && Math.floor(i / 8) % 10 < share * 10 ? 'drop' : 'allow'
    named += watch.look(about('acct-1'), [verdict(action)], () => isLabelled).length
  }
  return { named, list: watch.named() }
}

test('an unlabelled account that most of its viewers do not get to see is named, once', () => {
  const { named, list } = watched(0.8, 2_000)
  assert.equal(named, 1)
  assert.equal(list[0]!.account, 'acct-1')
  assert.ok(list[0]!.withheld > list[0]!.asked / 2)
})

test('an account that a few do not see, one asked about rarely, and a labelled one are not named', () => {
  assert.equal(watched(0.3, 2_000).named, 0)
  assert.equal(watched(1, 300).named, 0)
  assert.equal(watched(1, 2_000, true).named, 0)
})
