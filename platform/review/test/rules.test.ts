import assert from 'node:assert/strict'
import test from 'node:test'
import { accuracyOf, categoryOf, clusterOf, creditOf, MOST_CREDIT, type RoutingFacts, rankOf } from '@firebreak/intake'
import {
  budgetState,
  clockOf,
  DEFAULT_BUDGETS,
  DEFAULT_ROUTING,
  type DecisionInput,
  decisionProblem,
  dueAfterPause,
  exposureOf,
  mostSeverityFor,
  routerOf,
  statementOf,
  wantsLight,
} from '@firebreak/review'
import fc from 'fast-check'
import { removed } from './stage.ts'

const urgency = fc.record({
  severity: fc.integer({ min: 1, max: 5 }),
  reach: fc.double({ min: 0, max: 1e10, noNaN: true }),
  voices: fc.double({ min: 0.001, max: 1e6, noNaN: true }),
})

test('no job starves: whatever comes, nothing opened more than a week later goes first', () => {
  fc.assert(
    fc.property(urgency, urgency, fc.integer({ min: 1, max: 1e9 }), (weak, strong, later) => {
      const credit = creditOf(strong)
      assert.ok(credit >= 0 && credit <= MOST_CREDIT)
      return rankOf(0, weak) < rankOf(MOST_CREDIT + later, strong)
    }),
  )
})

test('graver, wider or by more reporters is never less urgent', () => {
  fc.assert(
    fc.property(urgency, fc.constantFrom('severity', 'reach', 'voices' as const), (base, what) => {
      const more = { ...base, [what]: what === 'severity' ? Math.min(5, base.severity + 1) : base[what as 'reach'] * 2 }
      return creditOf(more) >= creditOf(base)
    }),
  )
})

test('a reporter is worth what their reports turned out to be; a hotline starts trusted, a newcomer does not', () => {
  assert.equal(accuracyOf('user', 0, 0), 0.25)
  assert.ok(accuracyOf('user', 40, 40) > 0.9 && accuracyOf('user', 0, 40) < 0.03)
  assert.ok(accuracyOf('hotline', 0, 0) >= 0.9 && accuracyOf('hotline', 0, 60) < 0.25)
  const user = { reporterClass: 'user', source: 'web', reporter: 'k' } as const
  assert.equal(clusterOf({ ...user, decided: 0 }), 'newcomers:web')
  assert.equal(clusterOf({ ...user, decided: 1 }), 'reporter:k')
  assert.equal(clusterOf({ ...user, decided: 9, cluster: 'g' }), 'group:g')
  assert.equal(clusterOf({ ...user, reporter: null, decided: 0 }), 'newcomers:web')
})

const facts: RoutingFacts = {
  category: 'fraud',
  severity: 3,
  language: 'de-AT',
  reporterClass: 'user',
  source: 'web',
  lane: 'general',
}

test('routing: the first line that fits; language by its first part; nothing is left without a queue', () => {
  const route = routerOf([
    { queue: 'german', when: { languages: ['de'] }, withinHours: 12 },
    { queue: 'grave', when: { severityFrom: 4 }, withinHours: null },
  ])
  assert.deepEqual(route(facts), { queue: 'german', within: 12 * 3_600_000 })
  assert.equal(route({ ...facts, language: 'den' }).queue, 'general')
  assert.deepEqual(route({ ...facts, language: null, category: 'self-harm', severity: 4 }), {
    queue: 'grave',
    within: null,
  })
  const usual = routerOf(DEFAULT_ROUTING)
  assert.equal(
    usual({ ...facts, category: 'child-safety', lane: 'child-safety', reporterClass: 'hotline' }).queue,
    'child-safety-priority',
  )
  assert.equal(usual({ ...facts, category: 'intimate-image' }).within, categoryOf('intimate-image').within)
})

test('a clock: running, soon, breached, and standing still while paused', () => {
  const job = { due_at: new Date(100 * 3_600_000), paused_at: null, pause_reason: null }
  assert.equal(clockOf(job, 0)!.state, 'running')
  assert.equal(clockOf(job, 97 * 3_600_000)!.state, 'soon')
  assert.equal(clockOf(job, 101 * 3_600_000)!.state, 'breached')
  assert.equal(clockOf({ ...job, paused_at: new Date(0) }, 1e12)!.leftMs, 100 * 3_600_000)
  assert.equal(clockOf({ ...job, due_at: null }, 0), null)
  assert.equal(dueAfterPause(100, 40, 70), 130)
})

test('exposure: seconds weigh with severity; over the hard budget only light work is left; two grave jobs ask for a light one', () => {
  assert.equal(exposureOf(60, 5), 480)
  assert.equal(exposureOf(60, 1), 60)
  assert.equal(exposureOf(1e9, 5), 4_800)
  assert.ok(exposureOf(null, 5) > 0)
  assert.deepEqual(
    [0, 1_800, 3_600].map((points) => budgetState(points, DEFAULT_BUDGETS)),
    ['within', 'soft', 'hard'],
  )
  assert.equal(mostSeverityFor('hard'), 2)
  assert.ok(wantsLight('soft', [5, 4]) && !wantsLight('soft', [5, 2]) && !wantsLight('within', [5, 5]))
})

test('a statement says what, when, on which facts and ground, by whose notice (never who), by machine or not, and how to appeal', () => {
  const decision: DecisionInput = { ...removed, ground: 'legal', policy: 'Lantern Act § 4' }
  const base = { decision, subjectType: 'account', decidedAt: 0, effectiveAt: 0, detectedAutomatically: false }
  const { text } = statementOf({ ...base, noticedBy: ['user', 'trusted-flagger'] }, 'en')
  for (const part of [
    'suspended for 7 days',
    'Three buyers paid',
    'trusted flagger',
    'without automated means',
    'Lantern Act § 4',
    '6 months',
    'court',
  ])
    assert.ok(text.includes(part), part)
  assert.ok(statementOf({ ...base, noticedBy: [] }, 'en').text.includes('on our own initiative'))
  assert.ok(statementOf({ ...base, noticedBy: [] }, 'de').text.includes('7 Tage gesperrt'))
})

test('what a decision lacks is said in words', () => {
  assert.equal(decisionProblem(removed), null)
  assert.match(decisionProblem({ ...removed, facts: ' ' })!, /states the facts/)
  assert.match(decisionProblem({ ...removed, outcome: 'not-enough' })!, /carries no actions/)
})
