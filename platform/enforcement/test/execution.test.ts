import assert from 'node:assert/strict'
import test from 'node:test'
import { seededRandom } from '@firebreak/kernel'
import fc from 'fast-check'
import {
  type Action,
  afterAnswer,
  appealObstacle,
  appealUntil,
  DEFAULT_STRIKE_POLICY,
  dueTimes,
  isRebuilt,
  MOST_ATTEMPTS,
  replayed,
  returnTies,
  type StandingSanction,
  type Step,
  type Strike,
  strikeStanding,
  undoOf,
} from '../src/index.ts'

const NOW = Date.parse('2026-06-01T12:00:00Z')
const at = (ms: number) => new Date(ms).toISOString()

function step(given: Partial<Step> = {}): Step {
  return {
    id: 's1',
    planId: 'plan-1',
    batch: 'b1',
    account: 'acct-1',
    direction: 'act',
    reverses: null,
    action: { kind: 'disable' },
    dueAt: NOW,
    state: 'waiting',
    attempts: 0,
    nextAt: NOW,
    answer: null,
    ...given,
  }
}

function standing(given: Partial<StandingSanction> = {}): StandingSanction {
  return { stepId: 's1', account: 'acct-1', action: { kind: 'disable' }, since: NOW, until: null, ...given }
}

test('a takedown at once keeps to the rate limit', () => {
  const due = dueTimes(405, { mode: 'at-once', from: at(NOW), perMinute: 120 }, seededRandom(1))
  assert.equal(due.length, 405)
  assert.equal(due[0], NOW)
  assert.ok(due.every((time, i) => i === 0 || time - due[i - 1]! >= 500))
})

test('a randomised window stays in order, keeps the rate, and begins no step before it', () => {
  fc.assert(
    fc.property(
      fc.nat(60),
      fc.nat(3_600_000),
      fc.integer({ min: 1, max: 1_000 }),
      fc.nat(),
      (n, width, perMinute, seed) => {
        const due = dueTimes(n, { mode: 'window', from: at(NOW), to: at(NOW + width), perMinute }, seededRandom(seed))
        assert.equal(due.length, n)
        assert.ok(due.every((time) => time >= NOW))
        assert.ok(due.every((time, i) => i === 0 || time - due[i - 1]! >= Math.floor(60_000 / perMinute) - 1))
      },
    ),
  )
})

test('a platform that does not answer is asked again, ever more rarely, and then the step is dead-lettered', () => {
  let one = step()
  const waits: number[] = []
  for (let i = 0; i < MOST_ATTEMPTS; i++) {
    one = afterAnswer(one, { outcome: 'failed', detail: 'HTTP 503' }, NOW)
    if (one.state === 'waiting') waits.push(one.nextAt - NOW)
  }
  assert.equal(one.state, 'dead')
  assert.equal(one.answer, 'HTTP 503')
  assert.deepEqual(
    waits,
    [...waits].sort((a, b) => a - b),
  )
  assert.deepEqual(replayed(one, NOW), { ...one, state: 'waiting', attempts: 0, nextAt: NOW })
})

test('a refusal is final; an acknowledgement too', () => {
  assert.equal(afterAnswer(step(), { outcome: 'refused', detail: 'unknown account' }, NOW).state, 'refused')
  assert.equal(afterAnswer(step(), { outcome: 'acknowledged' }, NOW).state, 'acknowledged')
})

test('undo takes back what still stands as written and leaves what somebody changed since', () => {
  const suspend: Action = { kind: 'suspend', days: 7 }
  const batch = [
    step({ id: 'kept', account: 'a', state: 'acknowledged' }),
    step({ id: 'changed', account: 'b', state: 'acknowledged' }),
    step({ id: 'over', account: 'c', state: 'acknowledged' }),
    step({ id: 'waiting', account: 'd' }),
    step({ id: 'dead', account: 'e', state: 'dead' }),
  ]
  const now = [standing({ stepId: 'kept', account: 'a' }), standing({ stepId: 'later', account: 'b', action: suspend })]
  const { reverse, cancel, left } = undoOf(batch, now)
  assert.deepEqual(
    reverse.map(({ id }) => id),
    ['kept'],
  )
  assert.deepEqual(
    cancel.map(({ id }) => id),
    ['waiting'],
  )
  assert.deepEqual(
    left.map(({ step: { id }, why }) => [id, why]),
    [
      ['changed', 'changed-since'],
      ['over', 'ended'],
      ['dead', 'never-done'],
    ],
  )
})

test('undoing an empty batch does nothing', () => {
  assert.deepEqual(undoOf([], [standing()]), { reverse: [], cancel: [], left: [] })
})

test('strikes end after a year, reversed ones do not count, and thresholds only suggest', () => {
  const day = 86_400_000
  const strike = (id: string, ago: number, given: Partial<Strike> = {}): Strike => ({
    id,
    account: 'acct-1',
    policy: 'spam',
    weight: 1,
    at: NOW - ago * day,
    reversedAt: null,
    ...given,
  })
  const one = strikeStanding(
    [strike('old', 366), strike('s1', 10), strike('s2', 5, { weight: 2 }), strike('s3', 1, { reversedAt: NOW })],
    DEFAULT_STRIKE_POLICY,
    NOW,
  )
  assert.equal(one.total, 3)
  assert.deepEqual(one.suggest, { kind: 'suspend', days: 7 })
  assert.equal(one.nextEndsAt, NOW + 355 * day)
  assert.deepEqual(strikeStanding([], DEFAULT_STRIKE_POLICY, NOW), {
    total: 0,
    active: [],
    nextEndsAt: null,
    suggest: null,
  })
})

test('an appeal is open for six calendar months, also from the end of August', () => {
  assert.equal(at(appealUntil(Date.parse('2026-03-15T10:00:00Z'))), '2026-09-15T10:00:00.000Z')
  assert.equal(at(appealUntil(Date.parse('2026-08-31T10:00:00Z'))), '2027-02-28T10:00:00.000Z')
})

test('whoever had a part in the decision cannot decide the appeal; a victim route needs the child-safety role', () => {
  const appeal = {
    id: 'a',
    account: 'x',
    planId: 'p',
    route: 'sanction',
    openedAt: NOW,
    state: 'open',
    decidedBy: null,
    reason: null,
  } as const
  const involved = new Set(['ada', 'grace'])
  assert.equal(appealObstacle(appeal, { id: 'ada', childSafety: true }, involved), 'same-person')
  assert.equal(appealObstacle(appeal, { id: 'mary', childSafety: false }, involved), null)
  assert.equal(
    appealObstacle({ ...appeal, route: 'victim' }, { id: 'mary', childSafety: false }, involved),
    'needs-child-safety-role',
  )
  assert.equal(
    appealObstacle({ ...appeal, state: 'upheld' }, { id: 'mary', childSafety: false }, involved),
    'decided-already',
  )
})

test('a new account on the device of a removed one is tied to it; a shared device, an address, or one shared before ties nobody', () => {
  const removed = new Map([['old', NOW]])
  const tied = (accounts: string[], identifier = 'identifier:device:k1', at = NOW + 1) =>
    returnTies(
      {
        account: 'new',
        signs: [{ kind: 'identifier', identifier, at }],
        holders: new Map([[identifier, accounts]]),
        namedBy: new Set(),
      },
      removed,
    )
  assert.deepEqual(tied(['new', 'old']), [{ kind: 'identifier', identifier: 'identifier:device:k1', removed: 'old' }])
  assert.deepEqual(tied(['new', 'old', 'a', 'b', 'c']), [])
  assert.deepEqual(tied(['new', 'old'], 'identifier:ip:k1'), [])
  assert.deepEqual(tied(['new', 'old'], 'identifier:device:k1', NOW - 1), [])
})

test('a backup claim ties only when both sides make it, so that nobody can be framed', () => {
  const removed = new Map([['old', NOW]])
  const tied = (names: string[], namedBy: string[]) =>
    returnTies(
      {
        account: 'new',
        signs: names.map((name) => ({ kind: 'backup', names: name, at: NOW + 1 })),
        holders: new Map(),
        namedBy: new Set(namedBy),
      },
      removed,
    )
  assert.deepEqual(tied(['old'], []), [])
  assert.deepEqual(tied([], ['old']), [])
  assert.deepEqual(tied(['old'], ['old']), [{ kind: 'backup', removed: 'old' }])
})

test('a network counts as rebuilt when a tenth of it, and at least three, are back', () => {
  assert.equal(isRebuilt(2, 10), false)
  assert.equal(isRebuilt(3, 10), true)
  assert.equal(isRebuilt(30, 405), false)
  assert.equal(isRebuilt(41, 405), true)
})
