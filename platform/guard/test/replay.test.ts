import assert from 'node:assert/strict'
import test from 'node:test'
import { DAY } from '@firebreak/kernel'
import type { LabelInput, StoredEvent } from '@firebreak/ledger'
import { DEFAULT_POLICY } from '@firebreak/policy'
import { DEFAULT_IN_FORCE, type PastCase, policyOnTrial, replay } from '../src/index.ts'

const FROM = Date.parse('2026-03-01T00:00:00Z')
const TO = FROM + 30 * DAY
const members = ['m1', 'm2', 'm3', 'm4', 'm5', 'm6']
const past: PastCase = { id: 'case-1', seeds: ['m1', 'm2'], members: new Set(members), foundAt: FROM + 25 * DAY }
const now = DEFAULT_IN_FORCE(DEFAULT_POLICY)

let seq = 0
const event = (type: string, day: number, rest: Partial<StoredEvent>): StoredEvent =>
  ({
    seq: ++seq,
    id: `e-${seq}`,
    v: 1,
    type,
    at: new Date(FROM + day * DAY).toISOString(),
    receivedAt: '',
    by: { kind: 'system', id: 'test' },
    erased: false,
    ...rest,
  }) as StoredEvent
const account = (id: string) => ({ type: 'account', id })
const shown = (day: number, viewer: string, id: string) =>
  event('recommendation.shown', day, {
    actor: { type: 'system', id: 'recommender' },
    subject: account(viewer),
    object: account(id),
  })
const follow = (day: number, from: string, to: string) =>
  event('follow', day, { actor: account(from), subject: account(to) })

async function* over(events: StoredEvent[]): AsyncIterable<StoredEvent> {
  yield* events
}

/** The network grows to half of its members on day 12; probabilities rise with the days. */
const asked: number[] = []
const mapAt = async (day: number): Promise<LabelInput[] | null> => {
  const age = (day - FROM) / DAY
  asked.push(age)
  if (age < 6) return null
  return members.slice(0, Math.floor(age / 4)).map((id) => ({
    subject: account(id),
    value: 'network-member',
    source: 'networks',
    reason: 'replayed',
    caseId: 'case-1',
    probability: Math.min(0.95, 0.5 + age / 50),
    expiresAt: new Date(day + 30 * DAY).toISOString(),
  }))
}
const run = (policy: string | null, events: StoredEvent[] = []) =>
  replay([past], { ...policyOnTrial(policy, now), from: FROM, to: TO, mapAt, events: () => over(events) })

test('the earliest day on which a past case was findable is found to the day, with few mappings', async () => {
  asked.length = 0
  const { cases, lost } = await run(null)
  assert.equal((cases[0]!.findableAt! - FROM) / DAY, 12)
  assert.equal(cases[0]!.daysEarlier, 13)
  assert.equal(cases[0]!.membersThen, 3)
  assert.deepEqual(lost, [])
  assert.ok(asked.length <= 12, `${asked.length} mappings`)
})

test('a policy that would never have found a past case is named', async () => {
  const { cases, lost } = await run('{"settings": {"threshold": 0.99}}')
  assert.equal(cases[0]!.findableAt, null)
  assert.deepEqual(lost, ['case-1'])
})

test('views of members by outsiders after that day are counted, and how many would have been withheld', async () => {
  const events = [
    shown(11, 'v1', 'm1'),
    shown(13, 'v1', 'm1'),
    shown(14, 'v2', 'm2'),
    shown(15, 'v2', 'm6'),
    shown(16, 'm3', 'm1'),
  ]
  const [one] = (await run(null, events)).cases
  assert.deepEqual([one!.views, one!.viewsPrevented], [3, 2], 'm6 was not yet found on day 12')
  assert.ok(one!.prevented.low < 2 / 3 && one!.prevented.high > 2 / 3)
})

test('accounts in no case that would have been withheld are counted too', async () => {
  const strict =
    '{"rules": [{"id": "nobody", "when": "exposure == \'contact\'", "action": "drop", "reason": "not-eligible"}]}'
  const events = [
    follow(13, 'v1', 'm1'),
    shown(14, 'v1', 'x1'),
    shown(14, 'v2', 'x1'),
    shown(14, 'v2', 'x2'),
    follow(15, 'v3', 'm2'),
  ]
  const report = await run(strict, events)
  assert.deepEqual([report.innocents.shown, report.innocents.touched], [2, 1])
  assert.equal(report.innocents.withheld.value, 1 / 3)
  assert.equal(report.cases[0]!.contactsAfter, 2)
  assert.equal((await run(null, events)).innocents.touched, 0)
})

test('a policy file with a mistake is refused with its place', () => {
  assert.throws(() => policyOnTrial('{', now), { code: 'input/invalid' })
  assert.throws(() => policyOnTrial('{"rules": {}}', now), { code: 'input/invalid' })
  assert.throws(() => policyOnTrial('{"settings": {"threshold": 2}}', now), { code: 'input/invalid' })
  assert.throws(
    () =>
      policyOnTrial('{"rules": [{"id": "x", "when": "surface > 1", "action": "drop", "reason": "not-eligible"}]}', now),
    { code: 'rule/refused' },
  )
})
