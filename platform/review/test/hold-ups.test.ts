import assert from 'node:assert/strict'
import test from 'node:test'
import { rowsOf } from '@firebreak/intake'
import { DAY, HOUR } from '@firebreak/kernel'
import { askHolds, endLongPauses, mailOutcomes, queueRows, settleDecisions } from '@firebreak/review'
import { about, dismissed, moderator, openStage, report } from './stage.ts'

test('sixty items that the platform will not answer for do not keep the next one from being held', async (t) => {
  const stage = await openStage()
  const { ledger, intake } = stage
  t.after(() => ledger.close())
  const item = (reference: string) => [{ kind: 'image' as const, reference }]
  await Promise.all(Array.from({ length: 60 }, (_, i) => intake.submit(about(`acct-${i}`, { evidence: item('bad') }))))
  stage.now += HOUR
  await intake.submit(about('acct-good', { evidence: item('good') }))
  const ask = async (reference: string) => {
    if (reference === 'bad') throw new Error('500')
    return 'held' as const
  }
  stage.now += 1_000
  assert.equal(await askHolds(ledger, ask, stage.now), 0)
  stage.now += HOUR
  assert.equal(await askHolds(ledger, ask, stage.now), 1)
})

test('bad addresses do not keep the next reporter from being told', async (t) => {
  const stage = await openStage()
  const { ledger, intake, desk } = stage
  t.after(() => ledger.close())
  const contact = (to: string) => ({ contact: to })
  await Promise.all(Array.from({ length: 55 }, () => intake.submit(report(contact('bad@example.org')))))
  stage.now += HOUR
  await intake.submit(report(contact('good@example.org')))
  const mod = moderator('mod-1')
  await desk.decide((await desk.next(mod))!.dossier.id, mod, dismissed)
  stage.now += HOUR
  await settleDecisions(ledger, stage.now)
  const send = async (to: string) => {
    if (to === 'bad@example.org') throw new Error('no such mailbox')
  }
  assert.equal(await mailOutcomes(ledger, send, stage.now), 0)
  assert.equal(await mailOutcomes(ledger, send, stage.now + 1), 1)
})

test('a decision that cannot take effect is told and does not hold up those behind it', async (t) => {
  const stage = await openStage()
  const { ledger, intake, desk } = stage
  t.after(() => ledger.close())
  const mod = moderator('mod-1')
  for (const id of ['acct-1', 'acct-2']) {
    await intake.submit(about(id))
    await desk.decide((await desk.next(mod))!.dossier.id, mod, dismissed)
    stage.now += 1_000
  }
  await rowsOf(
    ledger.db,
    `create function refuse() returns trigger language plpgsql as $$ begin raise exception 'a fault'; end $$`,
  )
  const [first] = await rowsOf<{ id: string }>(ledger.db, 'select id from decision order by decided_at limit 1')
  await rowsOf(
    ledger.db,
    `create trigger fault before update on decision for each row when (old.id = '${first!.id}') execute function refuse()`,
  )
  stage.now += HOUR
  const faults: unknown[] = []
  assert.equal(await settleDecisions(ledger, stage.now, (error) => faults.push(error)), 1)
  assert.equal(faults.length, 1)
})

test('nobody can put a danger off, a clock into its last hours, or anything for longer than a week', async (t) => {
  const stage = await openStage()
  const { ledger, intake, desk } = stage
  t.after(() => ledger.close())
  const mod = moderator('mod-1')
  const conflict = { code: 'http/conflict' }
  await intake.submit(about('acct-1', { category: 'imminent-danger' }))
  const danger = (await desk.next(mod))!.dossier.id
  await assert.rejects(desk.moves.snooze(danger, mod, stage.now + 1_000), conflict)
  await assert.rejects(desk.moves.pause(danger, mod, 'a break'), conflict)
  await desk.decide(danger, mod, dismissed)
  await intake.submit(about('acct-2', { category: 'intimate-image' }))
  const clocked = (await desk.next(mod))!.dossier.id
  await assert.rejects(desk.moves.snooze(clocked, mod, stage.now + 46 * HOUR), conflict)
  await desk.moves.pause(clocked, mod, 'the requester is asked')
  assert.equal(await endLongPauses(ledger, stage.now + 6 * DAY), 0)
  stage.now += 7 * DAY
  assert.equal(await endLongPauses(ledger, stage.now), 1)
  const [row] = await queueRows(ledger.db, mod.lanes, { limit: 1 }, stage.now)
  assert.deepEqual([row!.clock!.state, row!.clock!.leftMs], ['running', 48 * HOUR])
  await intake.submit(about('acct-3'))
  const plain = (await desk.next(mod))!.dossier.id
  await assert.rejects(desk.moves.snooze(plain, mod, stage.now + 8 * DAY), conflict)
})
