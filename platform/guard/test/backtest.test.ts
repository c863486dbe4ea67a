import assert from 'node:assert/strict'
import test from 'node:test'
import { compileRule, DEFAULT_PACK, DEFAULT_POLICY, type Facts, isProblem, type RuleSource } from '@firebreak/policy'
import { BacktestTally } from '../src/rules/backtest.ts'

const AT = Date.parse('2026-06-01T12:00:00Z')
const member = { value: 'network-member', probability: 0.9, caseId: null, expiresAt: AT + 1_000 }
const facts: Facts = {
  surface: 'recommend_accounts',
  at: AT,
  subjectType: 'account',
  subject: { labels: [member] },
  viewer: { labels: [], contacted: false },
}

function tried(when: string) {
  const source: RuleSource = { ...DEFAULT_PACK[0]!, id: 'tried', when }
  const rule = compileRule(source)
  if (isProblem(rule)) throw new Error(rule.message)
  const tally = new BacktestTally(rule, DEFAULT_POLICY)
  for (let i = 0; i < 20; i++) tally.take({ at: new Date(AT), action: 'allow', facts })
  return tally.result()
}

test('a rule about labels is tried in full on stored facts', () => {
  const { judged, hits, untried } = tried(`subject.standing == 'member'`)
  assert.deepEqual({ judged, hits, untried }, { judged: 20, hits: 20, untried: [] })
})

test('a rule about ages says that stored facts cannot try it, and answers no hits as if there were none', () => {
  for (const when of [
    `ageBand(viewer) == 'adult' && author.age == 'minor'`,
    `author.age != 'adult'`,
    `countIn(viewer, 'outreach.minors', '7d') > 3`,
  ]) {
    const { judged, hits, unknowns, untried, share } = tried(when)
    assert.deepEqual({ judged, hits, unknowns }, { judged: 0, hits: 0, unknowns: 20 }, when)
    assert.ok(untried.includes('ages'), when)
    assert.deepEqual([share.low, share.high], [0, 1], 'nothing is known of its share')
  }
})

test('counts and connections that were not stored leave a rule open, and it says which', () => {
  const { hits, unknowns, untried } = tried(`countIn(viewer, 'contact.started', '1h') > 30 && !related(viewer, author)`)
  assert.deepEqual({ hits, unknowns, untried }, { hits: 0, unknowns: 20, untried: ['counts', 'connections'] })
})

test('every default rule about adults and minors is known to be out of reach of a backtest', () => {
  const outOfReach = DEFAULT_PACK.map((source) => compileRule(source)).flatMap((rule) =>
    !isProblem(rule) && rule.notKept.includes('ages') ? [rule.source.id] : [],
  )
  assert.deepEqual(outOfReach, [
    'adult-to-minor',
    'minor-to-adult',
    'adult-minor-message',
    'minor-connections-hidden',
    'strict-age-unknown',
    'outreach-closed',
    'outreach-not-amplified',
  ])
})
