import assert from 'node:assert/strict'
import test from 'node:test'
import { readBooks, rowsOf } from '@firebreak/intake'
import { HOUR } from '@firebreak/kernel'
import {
  cohensKappa,
  DEFAULT_RATES,
  disagreements,
  isDrawn,
  makeGolden,
  ownDecisions,
  qualityReport,
  resolveDisagreement,
  settleDecisions,
} from '@firebreak/review'
import fc from 'fast-check'
import { about, dismissed, moderator, openStage, removed } from './stage.ts'

const pairs = (table: readonly (readonly [a: string, b: string, count: number])[]) =>
  table.flatMap(([a, b, count]) => Array.from({ length: count }, () => [a, b] as const))

test('kappa and its interval as in the literature: 2 × 2, .40 of 50 items; no items, one answer only: nothing is said', () => {
  // Two readers of 50 applications: yes/yes 20, yes/no 5, no/yes 10, no/no 15; po = .70, pe = .50.
  const known = cohensKappa(
    pairs([
      ['yes', 'yes', 20],
      ['yes', 'no', 5],
      ['no', 'yes', 10],
      ['no', 'no', 15],
    ]),
  )!
  assert.ok(Math.abs(known.kappa - 0.4) < 1e-12)
  assert.ok(Math.abs(known.observed - 0.7) < 1e-12)
  assert.ok(known.low > 0.1 && known.low < 0.2 && known.high > 0.6 && known.high < 0.7, `${known.low} … ${known.high}`)
  assert.equal(cohensKappa([]), null)
  assert.equal(cohensKappa(pairs([['yes', 'yes', 9]])), null)
  assert.equal(
    cohensKappa(
      pairs([
        ['yes', 'yes', 5],
        ['no', 'no', 5],
      ]),
    )!.kappa,
    1,
  )
})

test('the interval covers the true kappa about as often as it says', () => {
  let inside = 0
  let state = 7
  const random = () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
  // The second rater repeats the first with p = .6, else answers on their own: kappa is .6 by construction.
  for (let round = 0; round < 400; round++) {
    const items = Array.from({ length: 200 }, () => {
      const a = random() < 0.3 ? 'x' : 'y'
      const b = random() < 0.6 ? a : random() < 0.3 ? 'x' : 'y'
      return [a, b] as const
    })
    const { low, high } = cohensKappa(items)!
    if (low <= 0.6 && high >= 0.6) inside++
  }
  assert.ok(inside >= 400 * 0.92, `${inside} of 400`)
})

test('kappa is the same for swapped raters and renamed answers, and lies in [−1, 1]', () => {
  const answer = fc.constantFrom('a', 'b', 'c')
  fc.assert(
    fc.property(fc.array(fc.tuple(answer, answer), { maxLength: 60 }), (items) => {
      const one = cohensKappa(items)
      const other = cohensKappa(items.map(([a, b]) => [`${b}!`, `${a}!`] as const))
      if (one === null) return other === null
      assert.ok(Math.abs(one.kappa - other!.kappa) < 1e-9)
      assert.ok(one.low >= -1 && one.high <= 1 && one.low <= one.kappa + 1e-9 && one.kappa <= one.high + 1e-9)
      return true
    }),
  )
})

test('decisions and decisions not to act are both drawn, at their own rates', () => {
  assert.ok(isDrawn('violation', DEFAULT_RATES, 0.049) && !isDrawn('violation', DEFAULT_RATES, 0.051))
  assert.ok(isDrawn('no-violation', DEFAULT_RATES, 0.029) && !isDrawn('no-violation', DEFAULT_RATES, 0.031))
})

test('a second look is double-blind: it looks like any job, shows no first decision, and is never given to who decided', async (t) => {
  const stage = await openStage()
  const { ledger, intake, desk, draws } = stage
  t.after(() => ledger.close())
  const [one, two] = [moderator('mod-1'), moderator('mod-2')]
  await intake.submit(about('acct-1'))
  const first = (await desk.next(one))!.dossier
  draws.push(0)
  await desk.decide(first.id, one, dismissed)
  assert.equal(await desk.next(one), null)
  const again = (await desk.next(two))!.dossier
  assert.deepEqual(
    [again.subject, again.category, again.queue, again.reports.length, again.earlier],
    [first.subject, first.category, first.queue, 1, []],
  )
  const { totals, balanced } = await readBooks(ledger)
  assert.deepEqual([totals.received, totals.decided, balanced], [1, 1, true])
  assert.deepEqual(await desk.decide(again.id, two, removed), { answered: true })
  assert.equal((await ledger.events({ types: ['decision.made'] })).length, 1, 'an answer decides nothing')
  const [found] = await disagreements(ledger.db, 10)
  assert.deepEqual([found!.first.outcome, found!.second.outcome, found!.job], ['no-violation', 'violation', first.id])
  assert.ok(!JSON.stringify(found).includes('mod-'))
  assert.equal((await qualityReport(ledger.db, 0)).disagreements, 1)
  await resolveDisagreement(ledger, found!.opinion, moderator('lead', { manages: true }), 'second')
  assert.equal((await disagreements(ledger.db, 10)).length, 0)
  assert.equal((await ownDecisions(ledger.db, 'mod-1', 10))[0]!.disputed, true)
})

test('a golden item comes unmarked, once to a person, and counts right or wrong', async (t) => {
  const stage = await openStage()
  const { ledger, intake, desk, draws } = stage
  t.after(() => ledger.close())
  const [one, two, lead] = [moderator('mod-1'), moderator('mod-2'), moderator('lead', { manages: true })]
  await intake.submit(about('acct-1'))
  const first = (await desk.next(one))!.dossier
  await assert.rejects(
    makeGolden(ledger, { job: first.id, outcome: 'violation', policy: 'fraud/offers' }, lead, 'g1'),
    {
      code: 'http/conflict',
    },
  )
  await desk.decide(first.id, one, removed)
  await makeGolden(ledger, { job: first.id, outcome: 'violation', policy: 'fraud/offers' }, lead, 'g1')
  draws.push(0)
  const golden = (await desk.next(two))!.dossier
  assert.ok(golden.id !== first.id && !('kind' in golden))
  await desk.decide(golden.id, two, removed)
  draws.push(0)
  assert.equal(await desk.next(two), null, 'not twice')
  draws.push(0)
  assert.equal(await desk.next(one), null, 'not to who decided it')
  assert.deepEqual((await qualityReport(ledger.db, 0)).golden, { items: 1, right: 1 })
})

test('a decision overturned later comes back to who decided, and only to them', async (t) => {
  const stage = await openStage()
  const { ledger, intake, desk } = stage
  t.after(() => ledger.close())
  const [one, two] = [moderator('mod-1'), moderator('mod-2')]
  await intake.submit(about('acct-1'))
  const made = await desk.decide((await desk.next(one))!.dossier.id, one, removed)
  assert.ok('decision' in made)
  stage.now += HOUR
  await settleDecisions(ledger, stage.now)
  await desk.reverse(made.decision.id, two, 'the appeal was right', { appeal: true })
  assert.equal((await ownDecisions(ledger.db, 'mod-1', 10))[0]!.reversed, true)
  assert.deepEqual(await ownDecisions(ledger.db, 'mod-2', 10), [])
  assert.equal((await rowsOf(ledger.db, 'select 1 from decision where reversed_at is not null')).length, 1)
})
