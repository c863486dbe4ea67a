import assert from 'node:assert/strict'
import test, { after } from 'node:test'
import { seededRandom } from '@firebreak/kernel'
import type { Principal, StoredEvent } from '@firebreak/ledger'
import { openTestLedger } from '@firebreak/ledger/testing'
import { markVictim } from '@firebreak/review'
import {
  Carrier,
  DEFAULT_STRIKE_POLICY,
  DecisionFollower,
  EnforcementDesk,
  type Hand,
  planIdOf,
  rehearsalHand,
  type Step,
  strikeStanding,
  strikesOf,
} from '../src/index.ts'

const START = Date.parse('2026-06-01T12:00:00Z')
let now = START
const clock = () => now
const failed = (error: unknown) => assert.fail(String(error))
const ledger = await openTestLedger({ clock })
after(() => ledger.close())
const review: Principal = { kind: 'system', id: 'review' }
const told: Step[] = []
const hand: Hand = {
  name: 'test',
  live: true,
  act: async (step) => {
    told.push(step)
    return { outcome: 'acknowledged' }
  },
}
const shared = {
  ledger,
  clock,
  random: seededRandom(1),
  newId: () => 'x',
  appealKey: new Uint8Array(32),
  appealAddress: null,
}
const desk = new EnforcementDesk({
  ...shared,
  protectedAccounts: () => [],
  networkRows: async () => ({ rows: [], threshold: 1 }),
  rehearsalHand: rehearsalHand(),
})
const carrier = new Carrier({ ...shared, hand, onFault: failed, every: 3_600_000 })
const follower = new DecisionFollower({ ...shared, desk, onFault: failed })

async function decided(
  id: string,
  actions: object[],
  target = { type: 'content', id: 'post-1' },
): Promise<StoredEvent[]> {
  return appended('decision.effective', id, {
    decision: id,
    job: `job-${id}`,
    target,
    outcome: 'violation',
    policy: 'spam',
    ground: 'terms',
    facts: 'The same advertisement was posted forty times.',
    actions,
    category: 'spam',
    severity: 2,
    language: 'en',
    effectiveAt: new Date(START).toISOString(),
  })
}

async function appended(type: string, id: string, data: Record<string, unknown>): Promise<StoredEvent[]> {
  const before = await ledger.head()
  const subject = { type: 'account', id: 'acct-7' }
  const object = { type: 'decision', id }
  const event = {
    id: `${type}-${id}`,
    type,
    at: new Date(START).toISOString(),
    actor: { type: 'job', id: `job-${id}` },
    subject,
    object,
    data,
  }
  const [result] = await ledger.append([event], review)
  assert.equal(result?.status, 'accepted', JSON.stringify(result))
  return ledger.events({ afterSeq: before })
}

test('a moderator’s decision is carried out once, with receipts, and counts as one strike', async () => {
  const events = await decided('d1', [
    { kind: 'remove-content' },
    { kind: 'suspend', days: 7 },
    { kind: 'notice', target: 'account' },
  ])
  await follower.take(events)
  await follower.take(events)
  now += 1_000
  await carrier.tick()
  const receipts = await desk.receipts(planIdOf('d1'))
  assert.deepEqual(receipts.map(({ action, state }) => [action.kind, state]).sort(), [
    ['notice', 'acknowledged'],
    ['remove-content', 'acknowledged'],
    ['suspend', 'acknowledged'],
  ])
  assert.equal((await desk.plan(planIdOf('d1'))).state, 'done')
  const { total } = strikeStanding(await strikesOf(ledger, 'acct-7'), DEFAULT_STRIKE_POLICY, now)
  assert.equal(total, 1)
})

test('a reversed decision is taken back in all its parts, strike included', async () => {
  const events = await decided('d2', [{ kind: 'disable' }])
  await follower.take(events)
  await carrier.tick()
  await follower.take(await appended('decision.reversed', 'd2', { decision: 'd2', reason: 'mistaken' }))
  await carrier.tick()
  const receipts = await desk.receipts(planIdOf('d2'))
  assert.deepEqual(receipts.map(({ direction }) => direction).sort(), ['act', 'reverse'])
  const strikes = await strikesOf(ledger, 'acct-7')
  assert.ok(strikes.find(({ id }) => id.startsWith(planIdOf('d2')))?.reversedAt)
})

test('a decision that only labels asks nothing of the platform, and its reversal is no fault', async () => {
  const before = told.length
  await follower.take(await decided('d3', [{ kind: 'label', target: 'account', value: 'spam-suspect' }]))
  await follower.take(await appended('decision.reversed', 'd3', { decision: 'd3', reason: 'mistaken' }))
  await carrier.tick()
  assert.equal(told.length, before)
  const labels = await ledger.labels.active({ value: 'spam-suspect' })
  assert.deepEqual(
    labels.map(({ subject, source }) => [subject.id, source]),
    [['acct-7', 'decision:d3']],
  )
})

test('a person marked as a victim is not sanctioned by any decision; that it was refused stays on record', async () => {
  const before = told.length
  await markVictim(ledger, 'acct-7', true, { id: 'lin', lanes: ['general', 'child-safety'], manages: false })
  await follower.take(await decided('d4', [{ kind: 'disable' }]))
  await carrier.tick()
  assert.equal(told.length, before)
  const refused = await ledger.audit({ kind: 'plan.refused' })
  assert.deepEqual(
    refused.map(({ data }) => data.decision),
    ['d4'],
  )
})
