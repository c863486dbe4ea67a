import assert from 'node:assert/strict'
import test from 'node:test'
import { readBooks, rowsOf } from '@firebreak/intake'
import { DAY } from '@firebreak/kernel'
import { openStage, report, testKeys } from './stage.ts'

test('a report is acknowledged after one commit that holds it, its evidence, its job and its chain entry', async (t) => {
  const { ledger, intake } = await openStage()
  t.after(() => ledger.close())
  const evidence = [{ kind: 'image' as const, reference: 'item-77', signal: { type: 'pdq', value: 'ab'.repeat(32) } }]
  const { reportId, receipt, repeated } = await intake.submit(report({ evidence }))
  assert.equal(repeated, false)
  assert.equal(intake.reportOf(receipt), reportId)
  assert.equal(intake.reportOf(`${receipt}x`), null)
  const [row] = await rowsOf<Record<string, unknown>>(ledger.db, 'select * from report')
  assert.equal(row!.state, 'open')
  assert.equal((await rowsOf(ledger.db, 'select 1 from job where id = $1', [row!.job])).length, 1)
  assert.equal((await rowsOf(ledger.db, 'select 1 from evidence where report = $1', [reportId])).length, 1)
  const [event] = await ledger.events({ types: ['report.received'] })
  assert.equal(event!.seq, row!.seq)
  assert.equal(event!.data!.text, 'sells a paper lantern that never comes')
  assert.equal((await ledger.verify()).ok, true)
  assert.equal((await readBooks(ledger)).balanced, true)
})

test('the same idempotency key gives the same receipt and one report; other content under it is a conflict', async (t) => {
  const { ledger, intake } = await openStage()
  t.after(() => ledger.close())
  const key = { caller: 'web', key: 'k-1' }
  const both = await Promise.all([intake.submit(report(), key), intake.submit(report(), key)])
  const later = await intake.submit(report(), key)
  assert.deepEqual([...both, later].map(({ repeated }) => repeated).sort(), [false, true, true])
  assert.equal(new Set([...both, later].map(({ receipt }) => receipt)).size, 1)
  await assert.rejects(intake.submit(report({ text: 'something else' }), key), { code: 'http/conflict' })
  await intake.submit(report(), { caller: 'other', key: 'k-1' })
  assert.equal((await readBooks(ledger)).totals.received, 2)
})

test('a repetition beside a request that is refused is refused too, and never told an id that was not stored', async (t) => {
  const { ledger, intake } = await openStage()
  t.after(() => ledger.close())
  const key = { caller: 'web', key: 'k-2' }
  const refused = report({ subject: { type: 'account', id: 'x'.repeat(600) } })
  const answers = await Promise.allSettled([
    intake.submit(refused, key),
    intake.submit(refused, key),
    intake.submit(report()),
  ])
  assert.deepEqual(
    answers.map(({ status }) => status),
    ['rejected', 'rejected', 'fulfilled'],
  )
})

test('reports about one subject join its open job; a graver one makes the job graver; lanes stay apart', async (t) => {
  const { ledger, intake } = await openStage()
  t.after(() => ledger.close())
  await Promise.all([intake.submit(report()), intake.submit(report({ category: 'violence' }))])
  await intake.submit(report({ category: 'spam' }))
  await intake.submit(report({ category: 'child-safety' }))
  const jobs = await rowsOf<{ lane: string; category: string; severity: number; reports: number; due_at: Date | null }>(
    ledger.db,
    'select lane, category, severity, reports, due_at from job order by lane',
  )
  assert.deepEqual(
    jobs.map(({ lane, category, severity, reports }) => [lane, category, severity, reports]),
    [
      ['child-safety', 'child-safety', 5, 1],
      ['general', 'violence', 4, 3],
    ],
  )
  assert.ok(jobs[1]!.due_at !== null)
  const { totals, balanced } = await readBooks(ledger)
  assert.deepEqual([totals.received, totals.open, totals.merged, balanced], [4, 2, 2, true])
})

test('a flood from newcomers or one group raises a job only so far; known reporters add up', async (t) => {
  const { ledger, intake } = await openStage()
  t.after(() => ledger.close())
  const rank = async (id: string) => {
    const [row] = await rowsOf<{ rank_at: Date; opened_at: Date }>(
      ledger.db,
      'select j.rank_at, j.opened_at from job j join entity e on e.id = j.subject where e.name = $1',
      [id],
    )
    return row!.opened_at.getTime() - row!.rank_at.getTime()
  }
  const flood = (subject: string, count: number, reporter: (i: number) => object) =>
    Promise.all(
      Array.from({ length: count }, (_, i) =>
        intake.submit(
          report({ subject: { type: 'account', id: subject }, reporter: { class: 'user', ...reporter(i) } }),
        ),
      ),
    )
  await flood('flooded', 800, (i) => ({ id: `new-${i}` }))
  await flood('grouped', 800, (i) => ({ id: `member-${i}`, cluster: 'group-1' }))
  await flood('once', 1, () => ({ id: 'new-x' }))
  assert.ok((await rank('flooded')) - (await rank('once')) <= 6 * 3_600_000 * Math.log2(3) + 1)
  assert.equal(await rank('grouped'), await rank('flooded'))
  await Promise.all(
    Array.from({ length: 12 }, (_, i) =>
      intake.submit(
        report({ subject: { type: 'account', id: 'flagged' }, reporter: { class: 'hotline', id: `h-${i}` } }),
      ),
    ),
  )
  assert.ok((await rank('flagged')) > (await rank('flooded')))
  assert.equal((await readBooks(ledger)).totals.received, 1_613)
})

test('who reported stands nowhere but as a keyed hash, and the contact sealed and apart', async (t) => {
  const { ledger, intake } = await openStage()
  t.after(() => ledger.close())
  await intake.submit(
    report({ reporter: { class: 'user', id: 'acct-9999', cluster: 'acct-9998' }, contact: 'someone@example.org' }),
  )
  const tables = await rowsOf<{ name: string }>(
    ledger.db,
    `select table_name as name from information_schema.tables where table_schema = 'public'`,
  )
  for (const { name } of tables) {
    const text = JSON.stringify(await rowsOf(ledger.db, `select * from "${name}"`))
    for (const secret of ['acct-9999', 'acct-9998', 'someone@example.org'])
      assert.ok(!text.includes(secret), `${name} holds ${secret}`)
  }
  const [row] = await rowsOf<{ reporter: string }>(ledger.db, 'select reporter from report')
  assert.equal(row!.reporter, testKeys.reporter('web', 'acct-9999'))
})

test('erasing the reported account takes the words of the report; the books and the chain still hold', async (t) => {
  const { ledger, intake } = await openStage()
  t.after(() => ledger.close())
  const author = { type: 'account', id: 'acct-0412' }
  const post = { type: 'content', id: 'post-5' }
  const at = '2026-05-01T00:00:00Z'
  const by = { kind: 'system', id: 'test' } as const
  await ledger.append([{ id: 'p', type: 'post.created', at, actor: author, subject: post }], by)
  await intake.submit(report())
  await intake.submit(report({ subject: post, text: 'a seashell trade' }))
  await ledger.append([{ id: 'x', type: 'subject.erased', at, actor: author, subject: author }], by)
  const events = await ledger.events({ types: ['report.received'] })
  assert.deepEqual(
    events.map(({ data, erased }) => [data, erased]),
    [
      [undefined, true],
      [undefined, true],
    ],
  )
  assert.equal((await readBooks(ledger)).balanced, true)
  assert.equal((await ledger.verify()).ok, true)
})

test('retention takes addresses after half a year and keyed reporters after two; open reports keep theirs, the books balance', async (t) => {
  const stage = await openStage()
  const { ledger, intake } = stage
  t.after(() => ledger.close())
  await intake.submit(report({ contact: 'someone@example.org' }))
  await intake.keepRejected(report(), 'a test')
  const marks = async () =>
    (
      await rowsOf<{ marked: boolean }>(ledger.db, 'select reporter is not null as marked from report order by seq')
    ).map(({ marked }) => marked)
  await ledger.sweep(stage.now + 200 * DAY)
  assert.equal((await rowsOf(ledger.db, 'select 1 from report_contact')).length, 0)
  assert.deepEqual(await marks(), [true, true])
  await ledger.sweep(stage.now + 800 * DAY)
  assert.deepEqual(await marks(), [true, false])
  assert.equal((await readBooks(ledger)).balanced, true)
  assert.equal((await ledger.verify()).ok, true)
})

test('a dead letter and a rejected notice are received and accounted for, and open no job', async (t) => {
  const { ledger, intake } = await openStage()
  t.after(() => ledger.close())
  await intake.keepDead(report({ category: 'other' }), 'not understood')
  await intake.keepRejected(report({ category: 'intimate-image' }), 'the signature is missing')
  const { totals, balanced } = await readBooks(ledger)
  assert.deepEqual([totals.received, totals.dead, totals.rejected, balanced], [2, 1, 1, true])
  assert.equal((await rowsOf(ledger.db, 'select 1 from job')).length, 0)
})

test('books that do not balance say where: a report that vanished, a tally that was forgotten, a job that is gone', async (t) => {
  const { ledger, intake } = await openStage()
  t.after(() => ledger.close())
  await intake.submit(report())
  await intake.submit(report({ source: 'app', subject: { type: 'account', id: 'acct-2' } }))
  await rowsOf(ledger.db, `delete from report where source = 'web'`)
  await rowsOf(ledger.db, `delete from job where subject = (select id from entity where name = 'acct-2')`)
  const { balanced, problems } = await readBooks(ledger)
  assert.equal(balanced, false)
  assert.deepEqual(problems, [
    'web on 2026-06-01: received and accounted differ by 1',
    '1 more reports in the log than stored',
    '1 open reports have no open job',
    '1 open jobs have no report',
  ])
})
