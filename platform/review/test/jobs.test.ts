import assert from 'node:assert/strict'
import test from 'node:test'
import { readBooks, rowsOf } from '@firebreak/intake'
import { HOUR, MINUTE } from '@firebreak/kernel'
import type { LedgerOptions } from '@firebreak/ledger'
import { openTestLedger, withPostgres } from '@firebreak/ledger/testing'
import { LEASE, queueRows, queueSummaries, ReviewDesk, settleDecisions } from '@firebreak/review'
import { about, dismissed, guardian, moderator, openStage, removed, report } from './stage.ts'

test('the gravest job comes first, with its words, and is closed by a decision that the log keeps whole', async (t) => {
  const { ledger, intake, desk } = await openStage()
  t.after(() => ledger.close())
  await intake.submit(about('acct-1', { category: 'spam' }))
  await intake.submit(about('acct-2', { category: 'violence', text: 'a threat with a seashell' }))
  const mod = moderator('mod-1')
  const taken = await desk.next(mod)
  assert.equal(taken!.dossier.category, 'violence')
  assert.equal(taken!.dossier.reports[0]!.text, 'a threat with a seashell')
  assert.ok(!JSON.stringify(taken).includes('acct-0001'), 'nothing says who reported')
  const decided = await desk.decide(taken!.dossier.id, mod, removed)
  assert.ok('decision' in decided)
  const [event] = await ledger.events({ types: ['decision.made'] })
  assert.deepEqual(event!.subject, { type: 'account', id: 'acct-2' })
  assert.deepEqual(event!.data!.actions, [{ kind: 'suspend', days: 7 }])
  assert.equal((await desk.next(mod))!.dossier.category, 'spam')
  assert.equal(await desk.next(moderator('mod-2')), null)
  const { totals, balanced } = await readBooks(ledger)
  assert.deepEqual([totals.received, totals.open, totals.decided, balanced], [2, 1, 1, true])
})

test('a lease shows its holder, lives by heartbeats and runs out without', async (t) => {
  const stage = await openStage()
  const { ledger, intake, desk } = stage
  t.after(() => ledger.close())
  await intake.submit(report())
  const [one, two] = [moderator('mod-1'), moderator('mod-2')]
  const { dossier } = (await desk.next(one))!
  const [row] = await queueRows(ledger.db, one.lanes, { limit: 10 }, stage.now)
  assert.equal(row!.holder, 'mod-1')
  await assert.rejects(desk.take(dossier.id, two), { code: 'review/held' })
  await assert.rejects(desk.decide(dossier.id, two, dismissed), { code: 'review/held' })
  stage.now += LEASE - MINUTE
  await desk.heartbeat(dossier.id, one)
  stage.now += LEASE - MINUTE
  await assert.rejects(desk.take(dossier.id, two), { code: 'review/held' })
  stage.now += 2 * MINUTE
  await assert.rejects(desk.heartbeat(dossier.id, one), { code: 'review/not-held' })
  await desk.take(dossier.id, two)
  await assert.rejects(desk.decide(dossier.id, one, dismissed), { code: 'review/held' })
})

test('the child-safety lane is there for its role alone: not listed, not given, not to be taken', async (t) => {
  const { ledger, intake, desk, now } = await openStage()
  t.after(() => ledger.close())
  await intake.submit(report({ category: 'child-contact' }))
  const mod = moderator('mod-1')
  assert.deepEqual(await queueSummaries(ledger.db, mod.lanes, now), [])
  assert.deepEqual(await queueRows(ledger.db, mod.lanes, { limit: 10 }, now), [])
  assert.equal(await desk.next(mod), null)
  const [job] = await rowsOf<{ id: string }>(ledger.db, 'select id from job')
  await assert.rejects(desk.take(job!.id, mod), { code: 'http/not-found' })
  assert.equal((await desk.next(guardian('mod-2')))!.dossier.category, 'child-contact')
})

test('skip, pass, escalate, move, snooze and asking a colleague each leave the job where it belongs', async (t) => {
  const stage = await openStage()
  const { ledger, intake, desk } = stage
  t.after(() => ledger.close())
  await intake.submit(report())
  const [one, two, three] = [moderator('mod-1'), moderator('mod-2'), moderator('mod-3')]
  const id = (await desk.next(one))!.dossier.id
  await desk.moves.skip(id, one)
  assert.equal(await desk.next(one), null, 'skipped: not again at once')
  await desk.next(two)
  await desk.moves.pass(id, two)
  stage.now += HOUR + 1
  assert.equal((await desk.next(one))!.dossier.id, id, 'the skipped job is back after an hour')
  assert.equal(await desk.next(two), null, 'the passed one is not')
  await desk.moves.snooze(id, one, stage.now + HOUR)
  assert.equal(await desk.next(three), null)
  stage.now += HOUR
  assert.equal((await desk.next(three))!.dossier.id, id)
  await desk.moves.move(id, three, 'specialists')
  assert.equal((await desk.next(three, ['specialists']))!.dossier.queue, 'specialists')
  await desk.askColleague(id, three, { outcome: 'violation', policy: 'fraud/offers' })
  assert.equal(await desk.next(three), null)
  await desk.take(id, one)
  await desk.moves.escalate(id, one, 'needs somebody who knows the trade')
  const [row] = await queueRows(ledger.db, one.lanes, { limit: 1 }, stage.now)
  assert.deepEqual([row!.queue, row!.escalated, row!.holder], ['escalated', true, null])
  const kinds = new Set((await ledger.audit({ limit: 1_000 })).map(({ kind }) => kind))
  for (const verb of ['taken', 'skipped', 'passed', 'snoozed', 'moved', 'second-opinion', 'escalated'])
    assert.ok(kinds.has(`job.${verb}`), `job.${verb} stands in the chain`)
  assert.equal((await ledger.verify()).ok, true)
})

test('clocks: 48 hours for an intimate image, a pause stops them, what is due soon goes before all else', async (t) => {
  const stage = await openStage()
  const { ledger, intake, desk } = stage
  t.after(() => ledger.close())
  const mod = moderator('mod-1')
  await intake.submit(about('acct-1', { category: 'intimate-image' }))
  const first = (await desk.next(mod))!.dossier
  assert.equal(Date.parse(first.clock!.dueAt) - stage.now, 48 * HOUR)
  await desk.moves.pause(first.id, mod, 'the requester is asked for the address of the page')
  stage.now += 10 * HOUR
  assert.equal((await queueRows(ledger.db, mod.lanes, { limit: 1 }, stage.now))[0]!.clock!.state, 'paused')
  await desk.moves.resume(first.id, mod)
  assert.equal((await queueRows(ledger.db, mod.lanes, { limit: 1 }, stage.now))[0]!.clock!.leftMs, 48 * HOUR)
  stage.now += 45 * HOUR
  await intake.submit(about('acct-2', { category: 'self-harm', reach: 1e9, reporter: { class: 'authority', id: 'x' } }))
  assert.equal((await desk.next(mod))!.dossier.id, first.id)
  const [summary] = (await queueSummaries(ledger.db, mod.lanes, stage.now)).filter(({ soon }) => soon > 0)
  assert.equal(summary!.queue, 'intimate-image')
})

test('an undone decision opens the job again; after it took effect only somebody else can reverse it, as a new event', async (t) => {
  const stage = await openStage()
  const { ledger, intake, desk } = stage
  t.after(() => ledger.close())
  await intake.submit(report())
  const [one, two] = [moderator('mod-1'), moderator('mod-2')]
  const id = (await desk.next(one))!.dossier.id
  const first = await desk.decide(id, one, removed)
  assert.ok('decision' in first)
  await assert.rejects(desk.undo(first.decision.id, two, 'no'), { code: 'access/denied' })
  assert.equal(await desk.undo(first.decision.id, one, 'a slip of the hand'), id)
  assert.equal((await readBooks(ledger)).totals.open, 1)
  const again = await desk.decide(id, one, removed)
  assert.ok('decision' in again)
  assert.equal(await settleDecisions(ledger, stage.now), 0)
  stage.now += HOUR
  assert.equal(await settleDecisions(ledger, stage.now), 1)
  assert.equal(await settleDecisions(ledger, stage.now), 0)
  await assert.rejects(desk.undo(again.decision.id, one, 'late'), { code: 'review/undo' })
  await assert.rejects(desk.reverse(again.decision.id, { ...one, manages: true }, 'own'), { code: 'review/undo' })
  await assert.rejects(desk.reverse(again.decision.id, two, 'not theirs'), { code: 'access/denied' })
  await desk.reverse(again.decision.id, { ...two, manages: true }, 'the lanterns did come')
  const events = await ledger.events({ types: ['decision.made', 'decision.effective', 'decision.reversed'] })
  assert.deepEqual(
    events.map(({ type }) => type),
    ['decision.made', 'decision.reversed', 'decision.made', 'decision.effective', 'decision.reversed'],
  )
  const [reporter] = await rowsOf<{ decided: number; upheld: number }>(
    ledger.db,
    'select decided, upheld from reporter',
  )
  assert.deepEqual({ ...reporter }, { decided: 1, upheld: 0 })
})

test('a report that joins while somebody decides is not decided unread', async (t) => {
  const { ledger, intake, desk } = await openStage()
  t.after(() => ledger.close())
  await intake.submit(report())
  const mod = moderator('mod-1')
  const { id, reportCount } = (await desk.next(mod))!.dossier
  await intake.submit(report({ category: 'violence', text: 'now with a threat' }))
  await assert.rejects(desk.decide(id, mod, dismissed, reportCount), { code: 'http/conflict' })
  const again = await desk.dossier(id, mod)
  assert.deepEqual([again.reportCount, again.severity], [2, 4])
  await desk.decide(id, mod, removed, again.reportCount)
})

test('jobs are decided together only when about one subject and each with evidence', async (t) => {
  const { ledger, intake, desk } = await openStage()
  t.after(() => ledger.close())
  const evidence = [{ kind: 'image' as const, reference: 'item-1' }]
  await intake.submit(about('acct-1', { evidence }))
  await intake.submit(about('acct-1', { category: 'imminent-danger', evidence }))
  await intake.submit(about('acct-2', { evidence }))
  const mod = moderator('mod-1')
  const ids: string[] = []
  for (let i = 0; i < 3; i++) ids.push((await desk.next(mod))!.dossier.id)
  await assert.rejects(desk.decideTogether(ids, mod, dismissed), { code: 'review/decision' })
  const rows = await rowsOf<{ id: string }>(
    ledger.db,
    `select j.id from job j join entity e on e.id = j.subject where e.name = 'acct-1'`,
  )
  const made = await desk.decideTogether(
    rows.map(({ id }) => id),
    mod,
    dismissed,
  )
  assert.equal(made.length, 2)
})

test('a decision without what it needs is refused with a reason and changes nothing', async (t) => {
  const { ledger, intake, desk } = await openStage()
  t.after(() => ledger.close())
  await intake.submit(report())
  const mod = moderator('mod-1')
  const { id } = (await desk.next(mod))!.dossier
  for (const bad of [
    { ...removed, facts: '' },
    { ...removed, actions: [] },
    { ...removed, outcome: 'no-violation' as const },
    { ...removed, actions: [{ kind: 'suspend' as const, days: 1 }, { kind: 'disable' as const }] },
  ])
    await assert.rejects(desk.decide(id, mod, bad), { code: 'review/decision' })
  assert.equal((await readBooks(ledger)).totals.open, 1)
})

async function neverTwo(
  open: () => Promise<{ desks: ReviewDesk[]; fill: () => Promise<number>; close: () => Promise<void> }>,
) {
  const { desks, fill, close } = await open()
  try {
    const jobs = await fill()
    const given: string[] = []
    await Promise.all(
      Array.from({ length: 12 }, async (_, i) => {
        const mod = moderator(`mod-${i}`)
        const desk = desks[i % desks.length]!
        for (let job = await desk.next(mod); job !== null; job = await desk.next(mod)) given.push(job.dossier.id)
      }),
    )
    assert.equal(given.length, jobs)
    assert.equal(new Set(given).size, jobs, 'no job was given to two')
  } finally {
    await close()
  }
}

const JOBS = 60

async function staged(store?: LedgerOptions['store']) {
  const stage = await openStage(store === undefined ? {} : { store })
  const others = store === undefined ? [] : [await openTestLedger({ clock: () => stage.now, store })]
  const desks = others.map(
    (ledger) =>
      new ReviewDesk({ ledger, clock: () => stage.now, newId: () => crypto.randomUUID(), random: () => 0.99 }),
  )
  return {
    desks: [stage.desk, ...desks],
    fill: async () => {
      await Promise.all(Array.from({ length: JOBS }, (_, i) => stage.intake.submit(about(`acct-${i}`))))
      return JOBS
    },
    close: async () => {
      for (const ledger of [stage.ledger, ...others]) await ledger.close()
    },
  }
}

test('embedded: twelve moderators at once never hold one job', () => neverTwo(() => staged()))

test('PostgreSQL: twelve moderators over two processes never hold one job', async (t) => {
  const postgres = await withPostgres()
  if (postgres === null) return t.skip('PostgreSQL is not installed')
  try {
    const url = await postgres.database()
    await neverTwo(() => staged({ kind: 'postgres', url }))
  } finally {
    await postgres.stop()
  }
})
