import assert from 'node:assert/strict'
import { test } from 'node:test'
import { withPostgres } from '@firebreak/ledger/testing'
import { openNcmec } from './mocks/ncmec.ts'
import { openExchangeStage, PERSON, randomHex, TEST_TIME } from './stage.ts'

test('PostgreSQL: the same rounds, tombstones, malformed records and feedback', async (t) => {
  const postgres = await withPostgres()
  if (postgres === null) return t.skip('PostgreSQL is not installed')
  const mock = await openNcmec({ pageSize: 10 })
  const stage = await openExchangeStage([mock.url], {}, { kind: 'postgres', url: await postgres.database() })
  t.after(async () => {
    await stage.close()
    await mock.close()
    await postgres.stop()
  })
  const { banks, exchanges } = stage
  await banks.create('NCMEC', {}, PERSON)
  const secrets = { user: 'user', password: 'secret' }
  await exchanges.create(
    { name: 'ncmec', kind: 'ncmec', bank: 'NCMEC', settings: { baseUrl: mock.url }, secrets },
    PERSON,
  )
  for (let i = 0; i < 25; i++)
    mock.records.push({
      member: 7,
      id: `image-${i}`,
      timestamp: TEST_TIME / 1000 - 100 - i,
      fingerprints: { pdq: i === 9 ? 'no hash' : randomHex(32) },
    })
  mock.faults.push(null, { status: 500 }, { status: 500 }, { status: 500 }, { status: 500 })
  assert.match((await exchanges.run('ncmec'))?.failure ?? '', /^busy/)
  assert.deepEqual(await exchanges.run('ncmec'), {
    deltas: 2,
    added: 15,
    changed: 0,
    withdrawn: 0,
    malformed: 0,
    failure: null,
  })
  const [view] = await exchanges.list()
  assert.deepEqual([view?.added, view?.malformed, view?.failures], [24, 1, 0])
  assert.deepEqual(
    (await exchanges.malformed('ncmec')).map(({ records }) => records),
    [1],
  )

  mock.records[3]!.deleted = true
  mock.records[3]!.timestamp = stage.now / 1000 + 100
  stage.now += 3_600_000
  assert.equal((await exchanges.run('ncmec'))?.withdrawn, 1)
  assert.deepEqual(stage.found('pdq', mock.records[3]!.fingerprints.pdq!), [])
  const { entry } = stage.found('pdq', mock.records[4]!.fingerprints.pdq!)[0]!
  assert.equal(await exchanges.decide({ bank: 'NCMEC', entry, confirmed: true }, PERSON), 1)
  await exchanges.sendFeedback()
  assert.deepEqual(mock.feedback, ['7/image-4/PDQ affirmative'])
  assert.deepEqual(stage.faults, [])
  assert.ok((await stage.ledger.verify()).ok)
})
