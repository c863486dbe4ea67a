import assert from 'node:assert/strict'
import test, { after, beforeEach } from 'node:test'
import { isFirebreakError, seededRandom } from '@firebreak/kernel'
import type { Ledger, Principal } from '@firebreak/ledger'
import { openTestLedger } from '@firebreak/ledger/testing'
import { markVictim } from '@firebreak/review'
import {
  AppealDesk,
  appealToken,
  Carrier,
  EnforcementDesk,
  type Hand,
  type HandAnswer,
  type NetworkRow,
  ReturnWatch,
  rehearsalHand,
  removedLinks,
  type Step,
  type Told,
} from '../src/index.ts'

const DAY = 86_400_000
const START = Date.parse('2026-06-01T12:00:00Z')
let now = START
const clock = () => now
const failed = (error: unknown) => assert.fail(String(error))
const ledger: Ledger = await openTestLedger({ clock })
after(() => ledger.close())

const ada: Principal = { kind: 'user', id: 'ada' }
const grace: Principal = { kind: 'user', id: 'grace' }
const mary: Principal = { kind: 'user', id: 'mary' }
const platform: Principal = { kind: 'api-key', id: 'platform' }
const appealKey = new Uint8Array(32).fill(7)

/** A platform that does as told and remembers it. */
class Platform implements Hand {
  readonly name = 'test platform'
  readonly live = true
  readonly told: { step: Step; told: Told }[] = []
  answer: (step: Step) => HandAnswer = () => ({ outcome: 'acknowledged' })

  async act(step: Step, told: Told): Promise<HandAnswer> {
    this.told.push({ step, told })
    return this.answer(step)
  }
}

let world = 0
let prefix = ''
let rows: NetworkRow[] = []
let hand = new Platform()
let desk: EnforcementDesk
let carrier: Carrier
let appeals: AppealDesk
let n = 0

function row(name: string, given: Partial<NetworkRow> = {}): NetworkRow {
  return {
    account: `${prefix}${name}`,
    role: 'member',
    probability: 0.9,
    member: true,
    markedVictim: false,
    sentence: 'follows both seeds',
    linkKinds: ['follow', 'identifier'],
    ...given,
  }
}

async function event(
  type: string,
  actor: string,
  subject: { type: string; id: string },
  data?: Record<string, unknown>,
) {
  const at = new Date(now).toISOString()
  const [result] = await ledger.append(
    [{ id: `e${++n}`, type, at, actor: { type: 'account', id: actor }, subject, ...(data ? { data } : {}) }],
    platform,
  )
  assert.equal(result?.status, 'accepted')
}

const posts = (name: string, post: string) =>
  event('post.created', `${prefix}${name}`, { type: 'content', id: `${prefix}${post}` })

beforeEach(async () => {
  now = START
  prefix = `w${++world}-`
  hand = new Platform()
  const shared = { ledger, clock, newId: () => `id${++n}`, appealKey, appealAddress: 'https://safety.example/appeal' }
  rows = [
    row('seller', { role: 'hub' }),
    row('helper'),
    row('quiet', { probability: 0.55 }),
    row('child', { role: 'likely-victim', member: false, probability: 0.7 }),
    row('fan', { role: 'audience', member: false, probability: 0.2 }),
  ]
  desk = new EnforcementDesk({
    ...shared,
    random: seededRandom(1),
    protectedAccounts: () => [],
    networkRows: async () => ({ rows, threshold: 0.5 }),
    rehearsalHand: rehearsalHand(),
  })
  carrier = new Carrier({ ...shared, hand, onFault: failed, every: 3_600_000 })
  appeals = new AppealDesk({ ...shared, desk })
  await posts('seller', 'p1')
  await posts('helper', 'p2')
})

async function draftedPlan() {
  const { id } = await desk.openCase(
    {
      name: 'paper lanterns',
      policy: 'child-safety/network',
      legalBasis: 'terms of service',
      expiresAt: new Date(START + 30 * DAY).toISOString(),
      networkId: 'net',
    },
    ada,
  )
  return desk.draft(id, { sanctions: [{ kind: 'disable' }] }, ada)
}

async function openAll(planId: string, by = ada, finding: 'supports' | 'does-not-support' = 'supports') {
  const plan = await desk.plan(planId)
  for (const member of plan.members)
    if (member.grounds === 'conduct')
      for (const { id } of member.conduct) await desk.open(planId, member.account, id, finding, by)
}

async function executed() {
  const plan = await draftedPlan()
  await openAll(plan.id)
  await desk.rehearse(plan.id, ada)
  await desk.approve(plan.id, grace)
  await desk.execute(plan.id, ada)
  await carrier.tick()
  now += 60_000
  await carrier.tick()
  return desk.plan(plan.id)
}

async function refusedWith(work: Promise<unknown>, code: string) {
  await assert.rejects(work, (error) => isFirebreakError(error) && error.code === code)
}

test('a plan sanctions those with conduct of their own, only limits the others, and leaves victims and audience out', async () => {
  const plan = await draftedPlan()
  assert.deepEqual(
    plan.members.map(({ account, grounds }) => [account.slice(prefix.length), grounds]),
    [
      ['seller', 'conduct'],
      ['helper', 'conduct'],
      ['quiet', 'association'],
    ],
  )
  assert.equal(plan.excluded.victim, 1)
  assert.equal(plan.excluded.audience, 1)
  assert.ok(!JSON.stringify(plan).includes(`${prefix}child`))
})

test('a rehearsal touches nobody, tells what would fail, and approvals need it', async () => {
  const plan = await draftedPlan()
  await openAll(plan.id)
  await refusedWith(desk.approve(plan.id, grace), 'plan/obstacles')
  const rehearsed = await desk.rehearse(plan.id, ada)
  assert.deepEqual(rehearsed.rehearsal?.wouldFail, [])
  assert.equal(rehearsed.rehearsal?.steps, 3)
  assert.equal(hand.told.length, 0)
  assert.deepEqual(await desk.receipts(plan.id), [])
})

test('without opened evidence, a second person, or fresh facts nothing happens', async () => {
  const plan = await draftedPlan()
  await desk.rehearse(plan.id, ada)
  await refusedWith(desk.approve(plan.id, grace), 'plan/obstacles')
  await openAll(plan.id)
  await refusedWith(desk.approve(plan.id, ada), 'plan/second-person')
  await refusedWith(desk.execute(plan.id, ada), 'plan/obstacles')
  rows = rows.map((one) => (one.account.endsWith('helper') ? { ...one, markedVictim: true } : one))
  await refusedWith(desk.approve(plan.id, grace), 'plan/obstacles')
  assert.equal(hand.told.length, 0)
})

test('an approved plan is carried out with a receipt for each step, a statement of reasons and a way to appeal', async () => {
  const plan = await executed()
  assert.equal(plan.state, 'done')
  const receipts = await desk.receipts(plan.id)
  assert.deepEqual(
    receipts.map(({ state }) => state),
    ['acknowledged', 'acknowledged', 'acknowledged'],
  )
  const { statement, appealUrl } = hand.told[0]!.told
  assert.match(statement, /appeal/)
  assert.match(appealUrl ?? '', /^https:\/\/safety\.example\/appeal\?token=/)
  assert.ok(!statement.includes(prefix), 'no other account is named')
})

test('a key opens no evidence, approves nothing and decides no appeal: people do', async () => {
  const plan = await draftedPlan()
  const member = plan.members.find(({ grounds }) => grounds === 'conduct')!
  const evidence = member.grounds === 'conduct' ? member.conduct[0].id : ''
  await refusedWith(desk.open(plan.id, member.account, evidence, 'supports', platform), 'plan/person')
  await openAll(plan.id)
  await desk.rehearse(plan.id, ada)
  await refusedWith(desk.approve(plan.id, platform), 'plan/person')
})

test('a step in a carrier’s hands while the plan is undone is reversed afterwards, and no step is carried out by two', async () => {
  const second = new Platform()
  const shared = { ledger, clock, appealKey, appealAddress: null, onFault: failed, every: 3_600_000 }
  const other = new Carrier({ ...shared, hand: second })
  const plan = await draftedPlan()
  await openAll(plan.id)
  await desk.rehearse(plan.id, ada)
  await desk.approve(plan.id, grace)
  let undone: Promise<unknown> | undefined
  hand.answer = () => {
    undone ??= desk.undo(plan.id, ada)
    return { outcome: 'acknowledged' }
  }
  await desk.execute(plan.id, ada)
  now += 60_000
  await Promise.all([carrier.tick(), other.tick()])
  await undone
  now += 180_000
  await Promise.all([carrier.tick(), other.tick()])
  const told = [...hand.told, ...second.told].map(({ step }) => step.id)
  assert.equal(new Set(told).size, told.length)
  const acted = told.filter((id) => !id.endsWith('~undo'))
  assert.ok(
    acted.every((id) => told.includes(`${id}~undo`)),
    JSON.stringify(told),
  )
})

test('a step that fails while the plan is undone is not tried again after its own reversal', async () => {
  const plan = await draftedPlan()
  await openAll(plan.id)
  await desk.rehearse(plan.id, ada)
  await desk.approve(plan.id, grace)
  let undone: Promise<unknown> | undefined
  hand.answer = ({ direction }) => {
    if (direction === 'reverse') return { outcome: 'acknowledged' }
    undone ??= desk.undo(plan.id, ada)
    return { outcome: 'failed', detail: 'HTTP 503' }
  }
  await desk.execute(plan.id, ada)
  now += 60_000
  await carrier.tick()
  await undone
  hand.answer = () => ({ outcome: 'acknowledged' })
  for (let i = 0; i < 5; i++) {
    now += 3_600_000
    await carrier.tick()
  }
  const last = new Map(
    (await desk.receipts(plan.id)).map(({ account, direction, state }) => [`${account} ${direction}`, state]),
  )
  for (const [step, state] of last)
    if (step.endsWith(' act')) assert.ok(['cancelled', 'waiting'].includes(state), `${step} ${state}`)
})

test('a victim mark set after the approval still protects', async () => {
  const plan = await draftedPlan()
  await openAll(plan.id)
  await desk.rehearse(plan.id, ada)
  await desk.approve(plan.id, grace)
  await desk.execute(plan.id, ada)
  await markVictim(ledger, `${prefix}seller`, true, { id: 'lin', lanes: ['general', 'child-safety'], manages: false })
  now += 60_000
  await carrier.tick()
  assert.ok(!hand.told.some(({ step }) => step.account === `${prefix}seller`))
  const receipts = await desk.receipts(plan.id)
  assert.equal(receipts.find(({ account }) => account === `${prefix}seller`)?.state, 'refused')
})

test('a platform that is down is asked again; a dead letter is shown and can be replayed', async () => {
  hand.answer = () => ({ outcome: 'failed', detail: 'HTTP 503' })
  const plan = await executed()
  assert.equal(plan.state, 'executing')
  for (let i = 0; i < 10; i++) {
    now += 3_600_000
    await carrier.tick()
  }
  assert.ok((await desk.receipts(plan.id)).every(({ state }) => state === 'dead'))
  hand.answer = () => ({ outcome: 'acknowledged' })
  assert.equal(await desk.replayDead(plan.id, ada), 3)
  await carrier.tick()
  assert.ok((await desk.receipts(plan.id)).every(({ state }) => state === 'acknowledged'))
})

test('a platform that answers later confirms with an acknowledgement', async () => {
  hand.answer = () => ({ outcome: 'sent' })
  const plan = await executed()
  assert.equal(plan.state, 'executing')
  for (const { step } of hand.told) assert.equal(await carrier.acknowledge(step.id), true)
  assert.equal(await carrier.acknowledge(hand.told[0]!.step.id), false)
  assert.equal((await desk.plan(plan.id)).state, 'done')
})

test('undo reverses what stands, leaves what somebody changed since, and undoes nothing twice', async () => {
  const plan = await executed()
  const single = await desk.draft(
    plan.caseId,
    { accounts: [`${prefix}seller`], sanctions: [{ kind: 'suspend', days: 7 }] },
    mary,
  )
  await openAll(single.id, mary)
  await desk.rehearse(single.id, mary)
  await desk.execute(single.id, mary)
  await carrier.tick()
  const done = await desk.undo(plan.id, ada)
  assert.deepEqual(done.reverse.map(({ account }) => account.slice(prefix.length)).sort(), ['helper', 'quiet'])
  assert.deepEqual(
    done.left.map(({ step, why }) => [step.account.slice(prefix.length), why]),
    [['seller', 'changed-since']],
  )
  await carrier.tick()
  assert.deepEqual((await desk.undo(plan.id, ada)).reverse, [])
  const reversed = hand.told.filter(({ step }) => step.direction === 'reverse')
  assert.equal(reversed.length, 2)
})

test('an appeal is decided by somebody without a part in it; overturned, it takes sanction and link back for good', async () => {
  await event('identifier.seen', `${prefix}helper`, { type: 'identifier', id: `${prefix}device` })
  const plan = await executed()
  const token = appealToken(appealKey, plan.id, 1)
  assert.equal((await appeals.view(token)).state, 'possible')
  const appeal = await appeals.submit(token, 'sanction', 'My brother uses the same computer.')
  await refusedWith(appeals.submit(token, 'sanction', 'again'), 'appeal/refused')
  const { statement, linkKinds } = await appeals.read(appeal.id, mary, false)
  assert.equal(statement, 'My brother uses the same computer.')
  assert.deepEqual(linkKinds, ['follow', 'identifier'])
  const decision = { outcome: 'overturned', reason: 'shared household', removeLinks: ['identifier'] } as const
  for (const involved of [ada, grace])
    await refusedWith(appeals.decide(appeal.id, decision, involved, false), 'appeal/refused')
  await appeals.decide(appeal.id, decision, mary, false)
  await refusedWith(appeals.decide(appeal.id, decision, mary, false), 'appeal/refused')
  await carrier.tick()
  const helper = (await desk.receipts(plan.id)).filter(({ account }) => account === `${prefix}helper`)
  assert.deepEqual(
    helper.map(({ direction, state }) => [direction, state]),
    [
      ['act', 'acknowledged'],
      ['reverse', 'acknowledged'],
    ],
  )
  assert.ok([...(await removedLinks(ledger))].some((link) => link.includes(`${prefix}device`)))
  assert.equal((await appeals.view(token)).state, 'overturned')
})

test('a forged appeal link opens nothing, and after six months none does', async () => {
  const plan = await executed()
  await refusedWith(appeals.view(`${plan.id}.0.${'A'.repeat(24)}`), 'http/not-found')
  await refusedWith(appeals.view('nonsense'), 'http/not-found')
  const token = appealToken(appealKey, plan.id, 0)
  now += 190 * DAY
  assert.equal((await appeals.view(token)).state, 'too-late')
  await refusedWith(appeals.submit(token, 'sanction', 'too late'), 'appeal/refused')
})

test('a possible victim’s appeal is seen, read and decided by the child-safety role alone', async () => {
  const plan = await executed()
  const appeal = await appeals.submit(appealToken(appealKey, plan.id, 0), 'victim', 'I was made to do it.')
  assert.ok(!(await appeals.open(false)).some(({ id }) => id === appeal.id))
  assert.ok((await appeals.open(true)).some(({ id }) => id === appeal.id))
  await refusedWith(appeals.read(appeal.id, mary, false), 'access/denied')
  await refusedWith(appeals.decide(appeal.id, { outcome: 'overturned', reason: 'r' }, mary, false), 'appeal/refused')
  assert.equal(
    (await appeals.decide(appeal.id, { outcome: 'overturned', reason: 'r' }, mary, true)).state,
    'overturned',
  )
})

test('a removed seller who comes back on the same device is labelled, a stranger and a school are not', async () => {
  await event('identifier.seen', `${prefix}seller`, { type: 'identifier', id: `${prefix}phone` })
  for (const pupil of ['helper', 's1', 's2', 's3', 's4', 's5'])
    await event('identifier.seen', `${prefix}${pupil}`, { type: 'identifier', id: `${prefix}school` })
  await executed()
  const watch = new ReturnWatch({ ledger, clock, onFault: failed })
  const before = await ledger.head()
  await event('identifier.seen', `${prefix}back`, { type: 'identifier', id: `${prefix}phone` })
  await event('identifier.seen', `${prefix}pupil`, { type: 'identifier', id: `${prefix}school` })
  await event(
    'account.updated',
    `${prefix}framer`,
    { type: 'account', id: `${prefix}framer` },
    { backups: [`${prefix}seller`] },
  )
  const labelled = await watch.look(await ledger.events({ afterSeq: before }))
  assert.deepEqual(labelled, [`${prefix}back`])
  assert.equal(
    (await ledger.labels.active({ value: 'returner', subject: { type: 'account', id: `${prefix}back` } })).length,
    1,
  )
  assert.deepEqual(await watch.look(await ledger.events({ afterSeq: before })), [], 'told once')
})

test('a device that turns out to be a library’s takes the labels back that it had made', async () => {
  await event('identifier.seen', `${prefix}seller`, { type: 'identifier', id: `${prefix}desk` })
  await executed()
  const watch = new ReturnWatch({ ledger, clock, onFault: failed })
  const look = async (reader: string) => {
    const before = await ledger.head()
    await event('identifier.seen', `${prefix}${reader}`, { type: 'identifier', id: `${prefix}desk` })
    return watch.look(await ledger.events({ afterSeq: before }))
  }
  now += 1_000
  assert.deepEqual(await look('r1'), [`${prefix}r1`])
  for (const reader of ['r2', 'r3', 'r4', 'r5']) await look(reader)
  const left = await ledger.labels.active({ value: 'returner' })
  assert.deepEqual(
    left.filter(({ subject }) => subject.id.startsWith(prefix)),
    [],
  )
})

test('every change of plan, evidence, step and appeal is in the audit chain, and it verifies', async () => {
  await executed()
  const kinds = new Set((await ledger.audit({ limit: 10_000 })).map(({ kind }) => kind))
  for (const kind of [
    'evidence.opened',
    'plan.rehearsed',
    'plan.approved',
    'plan.executed',
    'enforcement.step',
    'plan.done',
  ])
    assert.ok(kinds.has(kind), kind)
  assert.equal((await ledger.verify()).ok, true)
})
