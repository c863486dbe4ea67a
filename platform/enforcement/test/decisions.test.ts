import assert from 'node:assert/strict'
import test, { after } from 'node:test'
import { seededRandom } from '@firebreak/kernel'
import type { Principal, StoredEvent } from '@firebreak/ledger'
import { openTestLedger } from '@firebreak/ledger/testing'
import { markVictim } from '@firebreak/review'
import {
  Carrier,
  closeReferral,
  DEFAULT_STRIKE_POLICY,
  DecisionFollower,
  EnforcementDesk,
  type Hand,
  type ListedText,
  openReferrals,
  planIdOf,
  rehearsalHand,
  type Step,
  strikeStanding,
  strikesOf,
  type TermLists,
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
/** The lists as a decision sees them: one term is refused there. */
const proposed: [ListedText, Principal][] = []
const withdrawn: string[] = []
const lists: TermLists = {
  propose: async (entry, by) => {
    proposed.push([entry, by])
    return entry.text === 'help'
      ? { entry: null, why: 'refused (protected)' }
      : { entry: `entry-${proposed.length}`, why: null }
  },
  withdraw: async (entry) => void withdrawn.push(entry),
}
const follower = new DecisionFollower({ ...shared, desk, lists, onFault: failed })

async function decided(
  id: string,
  actions: object[],
  target = { type: 'content', id: 'post-1' },
): Promise<StoredEvent[]> {
  return appended('decision.effective', id, { ...basis(id), target, actions })
}

const basis = (id: string) => ({
  decision: id,
  job: `job-${id}`,
  outcome: 'violation',
  policy: 'spam',
  ground: 'terms',
  facts: 'The same advertisement was posted forty times.',
  category: 'spam',
  severity: 2,
  language: 'en',
  effectiveAt: new Date(START).toISOString(),
})

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
  const labels = (await ledger.labels.changesAfter(0)).filter(({ value, neg }) => value === 'spam-suspect' && !neg)
  assert.deepEqual(
    labels.map(({ subject, source }) => [subject.id, source]),
    [['acct-7', 'decision:d3']],
  )
})

test('a decision about a thing whose maker nobody knows still removes the thing; what needs an account is refused aloud', async () => {
  const before = await ledger.head()
  const url = 'https://pictures.example/1'
  const actions = [
    { kind: 'remove-content' },
    { kind: 'suspend', days: 7 },
    { kind: 'report-to-authority', urgent: false },
  ]
  const data = { ...basis('d5'), target: { type: 'url', id: url }, actions }
  const event = {
    id: 'effective-d5',
    type: 'decision.effective',
    at: new Date(START).toISOString(),
    actor: { type: 'job', id: 'job-d5' },
    subject: { type: 'url', id: url },
    object: { type: 'decision', id: 'd5' },
    data,
  }
  await ledger.append([event], review)
  const events = await ledger.events({ afterSeq: before })
  await follower.take(events)
  await follower.take(events)
  now += 1_000
  await carrier.tick()
  const { account, action } = told.at(-1)!
  assert.deepEqual([account, action], ['', { kind: 'remove-content', content: url, type: 'url' }])
  const refused = await ledger.audit({ kind: 'plan.refused' })
  assert.ok(refused.some(({ data: { decision, why } }) => decision === 'd5' && why === 'no-account'))
  const waiting = await openReferrals(ledger)
  assert.deepEqual(
    waiting.map(({ action: { kind } }) => kind),
    ['report-to-authority'],
  )
  await closeReferral(
    ledger,
    waiting[0]!.id,
    'reported by hand',
    { kind: 'user', id: 'ada' },
    new Date(now).toISOString(),
  )
  assert.deepEqual(await openReferrals(ledger), [])
})

test('restricting one post restricts the post, not its author', async () => {
  await follower.take(
    await decided('d6', [{ kind: 'age-restrict' }, { kind: 'restrict', target: 'subject', surface: 'search' }]),
  )
  now += 1_000
  await carrier.tick()
  const receipts = await desk.receipts(planIdOf('d6'))
  assert.deepEqual(
    receipts.map(({ action: { kind } }) => kind),
    ['restrict-content', 'restrict-content'],
  )
})

test('a reversed decision takes its labels back', async () => {
  assert.equal((await ledger.labels.active({ value: 'spam-suspect' })).length, 0)
})

test('a term or link that a decision lists is proposed once, in whose name it was decided; a reversal withdraws it', async () => {
  const events = await decided('d7', [
    { kind: 'block-term', list: 'trade', text: 'seashell trade' },
    { kind: 'block-term', list: 'trade', text: '#paperlantern' },
    { kind: 'block-url', list: 'links', text: 'https://lanterns.example/' },
  ])
  await follower.take(events)
  await follower.take(events)
  assert.deepEqual(
    proposed.map(([{ kind, text, list }]) => [kind, text, list]),
    [
      ['term', 'seashell trade', 'trade'],
      ['hashtag', '#paperlantern', 'trade'],
      ['url', 'https://lanterns.example/', 'links'],
    ],
  )
  assert.deepEqual(await openReferrals(ledger), [])
  await follower.take(await appended('decision.reversed', 'd7', { decision: 'd7', reason: 'mistaken' }))
  assert.deepEqual(withdrawn, ['entry-1', 'entry-2', 'entry-3'])
})

test('what cannot be listed by itself waits for a human, with the reason and without the words', async () => {
  proposed.length = 0
  await follower.take(
    await decided('d8', [
      { kind: 'block-term', list: 'trade', text: 'help' },
      { kind: 'block-url', list: 'links' },
      { kind: 'notice' },
    ]),
  )
  const waiting = (await openReferrals(ledger)).sort((a, b) => a.id.localeCompare(b.id))
  assert.deepEqual(
    waiting.map(({ action, why }) => [action, why]),
    [
      [{ kind: 'block-term', list: 'trade' }, 'refused (protected)'],
      [{ kind: 'block-url', list: 'links' }, 'it does not say which'],
    ],
  )
  for (const { id } of waiting)
    await closeReferral(ledger, id, 'listed by hand', { kind: 'user', id: 'ada' }, new Date(now).toISOString())
  await follower.take(
    await decided('d9', [{ kind: 'block-term', list: 'trade' }], { type: 'hashtag', id: 'paperlantern' }),
  )
  assert.deepEqual(proposed.at(-1)![0], { kind: 'hashtag', text: 'paperlantern', list: 'trade' })
})

test('a person marked as a victim is not sanctioned by any decision; that it was refused stays on record', async () => {
  const before = told.length
  await markVictim(ledger, 'acct-7', true, { id: 'lin', lanes: ['general', 'child-safety'], manages: false })
  await follower.take(await decided('d4', [{ kind: 'disable' }]))
  await carrier.tick()
  assert.equal(told.length, before)
  const refused = await ledger.audit({ kind: 'plan.refused' })
  assert.ok(refused.some(({ data: { decision, why } }) => decision === 'd4' && why === 'protected'))
})
