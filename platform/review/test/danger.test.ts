import assert from 'node:assert/strict'
import test from 'node:test'
import { rowsOf } from '@firebreak/intake'
import { MINUTE, SECOND } from '@firebreak/kernel'
import { acknowledge, failedPages, type Page, pageDue } from '@firebreak/review'
import { about, moderator, openStage, removed } from './stage.ts'

test('drill: imminent danger pages at once and step by step until somebody has it, and its decision waits for nothing', async (t) => {
  const stage = await openStage()
  const { ledger, intake, desk } = stage
  t.after(() => ledger.close())
  const pages: Page[] = []
  const send = async (page: Page) => void pages.push(page)
  await intake.submit(about('acct-1'))
  await intake.submit(about('acct-2', { category: 'imminent-danger', synthetic: true }))
  const round = () => pageDue(ledger, send, stage.now)
  assert.equal(await round(), 1)
  assert.equal(await round(), 0, 'each step once')
  for (const [minutes, to] of [
    [5, 'second-on-call'],
    [5, 'safety-lead'],
    [10, 'everyone'],
  ] as const) {
    stage.now += minutes * MINUTE - SECOND
    assert.equal(await round(), 0)
    stage.now += SECOND
    assert.equal(await round(), 1)
    assert.equal(pages.at(-1)!.to, to)
  }
  assert.ok(pages.every(({ drill }) => drill))
  assert.deepEqual(Object.keys(pages[0]!).sort(), ['drill', 'job', 'step', 'to', 'waitingMinutes'])
  const mod = moderator('mod-1')
  const taken = (await desk.next(mod))!
  assert.equal(taken.dossier.queue, 'danger', 'it is before everything else')
  const made = await desk.decide(taken.dossier.id, mod, removed)
  assert.ok('decision' in made)
  assert.equal(Date.parse(made.decision.effectiveAt), stage.now, 'no undo window holds it up')
})

test('an acknowledged danger is paged no further; a page nobody took is an alarm and is tried again', async (t) => {
  const stage = await openStage()
  const { ledger, intake } = stage
  t.after(() => ledger.close())
  await intake.submit(about('acct-1', { category: 'imminent-danger' }))
  const down = () => Promise.reject(new Error('the pager is down'))
  assert.equal(await pageDue(ledger, down, stage.now), 0)
  assert.equal(await failedPages(ledger.db), 1)
  const pages: Page[] = []
  const send = async (page: Page) => void pages.push(page)
  assert.equal(await pageDue(ledger, send, stage.now), 1)
  assert.equal(await failedPages(ledger.db), 0)
  const [job] = await rowsOf<{ id: string }>(ledger.db, 'select id from job')
  await acknowledge(ledger, job!.id, moderator('mod-1'))
  stage.now += 60 * MINUTE
  assert.equal(await pageDue(ledger, send, stage.now), 0)
  assert.equal(pages[0]!.drill, false)
  const kinds = (await ledger.audit({ limit: 100 })).map(({ kind }) => kind)
  for (const kind of ['danger.page-failed', 'danger.paged', 'danger.acknowledged'])
    assert.ok(kinds.includes(kind), kind)
})
