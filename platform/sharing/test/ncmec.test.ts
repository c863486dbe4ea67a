import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { type NcmecMock, openNcmec } from './mocks/ncmec.ts'
import { type ExchangeStage, openExchangeStage, PERSON, randomHex, TEST_TIME } from './stage.ts'

let mock: NcmecMock
let stage: ExchangeStage
before(async () => {
  mock = await openNcmec({ pageSize: 10 })
  stage = await openExchangeStage([mock.url])
  await stage.banks.create('NCMEC', {}, PERSON)
  await stage.exchanges.create(
    {
      name: 'ncmec',
      kind: 'ncmec',
      bank: 'NCMEC',
      settings: { baseUrl: mock.url },
      secrets: { user: 'user', password: 'secret' },
    },
    PERSON,
  )
})
after(async () => {
  await stage.close()
  await mock.close()
})
beforeEach(() => {
  mock.faults.length = 0
  stage.waits.length = 0
})

const NOW = TEST_TIME / 1000
const HOUR = 3_600_000

test('pages of a range are read to their end; entries come with every hash that can be matched, and with their votes', async () => {
  for (let i = 0; i < 25; i++)
    mock.records.push({
      ...{ member: 7, id: `image-${i}`, classification: 'A1', timestamp: NOW - 1000 - ((i * 37) % 25) },
      fingerprints: { md5: randomHex(16), sha1: randomHex(20), pdq: randomHex(32), pdna: 'AAAA' },
      ...(i === 3 ? { affirmative: [8, 9] } : i === 4 ? { negative: [9] } : {}),
    })
  mock.records.push({
    member: 8,
    id: 'video-1',
    video: true,
    timestamp: NOW - 50,
    fingerprints: { md5: randomHex(16) },
  })
  mock.records.push({ member: 8, id: 'image-pdna', timestamp: NOW - 50, fingerprints: { pdna: 'AAAA' } })
  const round = await stage.exchanges.run('ncmec')
  assert.deepEqual(round, { deltas: 3, added: 76, changed: 0, withdrawn: 0, malformed: 0, failure: null })
  const pdq = (i: number) => stage.found('pdq', mock.records[i]!.fingerprints.pdq!)[0]?.opinion
  assert.deepEqual([pdq(0), pdq(3), pdq(4)], ['POSITIVE_CLASS', 'POSITIVE_CLASS', 'DISPUTED'])
  const [view] = await stage.exchanges.list()
  assert.equal(view?.caughtUpAt, new Date(stage.now).toISOString())
  assert.equal(view?.unsupported, 1)
})

test('read again, nothing is added; the time moves on only after a whole range', async () => {
  const asked = mock.requests.length
  stage.now += HOUR
  const round = await stage.exchanges.run('ncmec')
  assert.deepEqual(round, { deltas: 1, added: 0, changed: 0, withdrawn: 0, malformed: 0, failure: null })
  assert.equal(mock.requests[asked]?.query.get('from'), new Date((NOW - 5) * 1000).toISOString().replace('.000Z', 'Z'))
})

test('a deleted entry is withdrawn, one with another hash is replaced, a new vote is taken over', async () => {
  const [gone, other, voted] = mock.records
  const oldPdq = other!.fingerprints.pdq!
  gone!.deleted = true
  other!.fingerprints = { ...other!.fingerprints, pdq: randomHex(32) }
  voted!.negative = [11]
  for (const one of [gone, other, voted]) one!.timestamp = stage.now / 1000 + 100
  stage.now += HOUR
  const round = await stage.exchanges.run('ncmec')
  assert.deepEqual(
    { ...round, changed: 0 },
    { deltas: 1, added: 1, changed: 0, withdrawn: 4, malformed: 0, failure: null },
  )
  assert.deepEqual(stage.found('pdq', gone!.fingerprints.pdq!), [])
  assert.deepEqual(stage.found('pdq', oldPdq), [])
  assert.equal(stage.found('pdq', other!.fingerprints.pdq!).length, 1)
  assert.equal(stage.found('pdq', voted!.fingerprints.pdq!)[0]?.opinion, 'DISPUTED')
})

test('a record that cannot be read is kept and counted, and the others are taken', async () => {
  const good = randomHex(32)
  mock.records.push({ member: 7, id: 'bad', timestamp: stage.now / 1000 + 100, fingerprints: { pdq: 'not a hash' } })
  mock.records.push({ member: 7, id: 'good', timestamp: stage.now / 1000 + 100, fingerprints: { pdq: good } })
  stage.now += HOUR
  assert.equal((await stage.exchanges.run('ncmec'))?.malformed, 1)
  assert.equal(stage.found('pdq', good).length, 1)
  assert.deepEqual(
    (await stage.exchanges.malformed('ncmec')).map(({ reason, records }) => [reason, records]),
    [['pdq of image is not one', 1]],
  )
})

test('429 is waited out as long as asked, 5xx and lost answers are tried again', async () => {
  mock.faults.push({ status: 429, retryAfter: '17' }, { status: 503 }, 'lost-reply')
  stage.now += HOUR
  assert.equal((await stage.exchanges.run('ncmec'))?.failure, null)
  assert.deepEqual(stage.waits, [17_000, 2_000, 4_000])
})

test('half a page is no page: the round fails, is shown, and the next one takes everything', async () => {
  const late = randomHex(32)
  mock.records.push({ member: 7, id: 'late', timestamp: stage.now / 1000 - 10, fingerprints: { pdq: late } })
  mock.faults.push('half')
  stage.now += HOUR
  assert.match((await stage.exchanges.run('ncmec'))?.failure ?? '', /^malformed/)
  assert.deepEqual(stage.found('pdq', late), [])
  const [failed] = await stage.exchanges.list()
  assert.equal(failed?.failures, 1)
  assert.equal((await stage.exchanges.run('ncmec'))?.added, 1)
  assert.equal((await stage.exchanges.list())[0]?.failures, 0)
})

test('a long failure in the middle of the pages goes on at the page where it stopped; a page that ran out starts its range again', async () => {
  const hashes = Array.from({ length: 25 }, () => randomHex(32))
  stage.now += HOUR
  for (const [i, pdq] of hashes.entries())
    mock.records.push({ member: 9, id: `more-${i}`, timestamp: stage.now / 1000 - 100, fingerprints: { pdq } })
  mock.faults.push(null, { status: 500 }, { status: 500 }, { status: 500 }, { status: 500 })
  const first = await stage.exchanges.run('ncmec')
  assert.equal(first?.added, 10)
  assert.match(first?.failure ?? '', /^busy/)
  const asked = mock.requests.length
  const second = await stage.exchanges.run('ncmec')
  assert.equal(second?.added, 15)
  assert.equal(mock.requests[asked]?.query.get('start'), '10')

  stage.now += HOUR
  for (let i = 0; i < 25; i++)
    mock.records.push({
      member: 9,
      id: `again-${i}`,
      timestamp: stage.now / 1000 - 100,
      fingerprints: { pdq: randomHex(32) },
    })
  mock.faults.push(null, { status: 500 }, { status: 500 }, { status: 500 }, { status: 500 })
  assert.equal((await stage.exchanges.run('ncmec'))?.added, 10)
  mock.expirePages()
  assert.deepEqual(await stage.exchanges.run('ncmec'), {
    deltas: 3,
    added: 15,
    changed: 0,
    withdrawn: 0,
    malformed: 0,
    failure: null,
  })
})

test('wrong credentials are said, not tried again at once; they are never shown', async () => {
  await stage.exchanges.change('ncmec', { secrets: { user: 'user', password: 'wrong' } }, PERSON)
  stage.now += HOUR
  const asked = mock.requests.length
  assert.match((await stage.exchanges.run('ncmec'))?.failure ?? '', /refused the credentials/)
  assert.equal(mock.requests.length, asked + 1)
  assert.doesNotMatch(JSON.stringify(await stage.exchanges.list()), /wrong|secret"/)
  const { secrets } = await stage.ledger.db.selectFrom('exchange').select('secrets').executeTakeFirstOrThrow()
  assert.equal(Buffer.from(secrets!).includes('wrong'), false)
  await stage.exchanges.change('ncmec', { secrets: { user: 'user', password: 'secret' } }, PERSON)
})

test('what a person decided stands in the bank at once and reaches the source, through a busy answer and a lost one', async () => {
  const confirmed = mock.records.find(({ id }) => id === 'good')!
  const denied = mock.records.find(({ id }) => id === 'late')!
  const decide = (record: typeof confirmed, yes: boolean) => {
    const { entry } = stage.found('pdq', record.fingerprints.pdq!)[0]!
    return stage.exchanges.decide({ bank: 'NCMEC', entry, confirmed: yes }, PERSON)
  }
  assert.equal(await decide(confirmed, true), 1)
  assert.equal(await decide(denied, false), 1)
  assert.equal(stage.found('pdq', denied.fingerprints.pdq!)[0]?.opinion, 'DISPUTED')
  mock.faults.push('lost-reply')
  await stage.exchanges.sendFeedback()
  assert.deepEqual(await stage.exchanges.feedbackCounts(), { pending: 1, sent: 1, refused: 0 })
  stage.now += HOUR
  await stage.exchanges.sendFeedback()
  assert.deepEqual(await stage.exchanges.feedbackCounts(), { pending: 0, sent: 2, refused: 0 })
  assert.deepEqual([...new Set(mock.feedback)].sort(), ['7/good/PDQ affirmative', '7/late/PDQ negative'])
})

test('a decision that is taken back: what was not sent is not sent, and a source that was told hears the opinion before', async () => {
  const record = mock.records.find(({ id }) => id === 'good')!
  const [{ entry } = { entry: -1 }] = stage.found('pdq', record.fingerprints.pdq!)
  const given = { bank: 'NCMEC', entry }
  const opinion = () => stage.found('pdq', record.fingerprints.pdq!)[0]?.opinion
  await stage.exchanges.decide({ ...given, confirmed: false }, PERSON)
  assert.equal(opinion(), 'DISPUTED')
  await stage.exchanges.takeBack({ ...given, before: 'POSITIVE_CLASS' }, PERSON)
  assert.equal(opinion(), 'POSITIVE_CLASS')
  assert.equal((await stage.exchanges.feedbackCounts()).pending, 1, 'affirmative, since it had been told before')
  await stage.exchanges.sendFeedback()
  assert.ok(!mock.feedback.includes('7/good/PDQ negative'))

  await stage.exchanges.decide({ ...given, confirmed: false }, PERSON)
  await stage.exchanges.takeBack({ ...given, before: null }, PERSON)
  assert.equal((await stage.exchanges.feedbackCounts()).pending, 0)
  const told = await stage.ledger.audit({ kind: 'bank.decision-taken-back' })
  assert.equal(told.length, 2)
})

test('two processes never read one exchange at a time, and the ledger verifies', async () => {
  const other = stage.other()
  const [one, two] = await Promise.all([stage.exchanges.run('ncmec'), other.run('ncmec')])
  assert.equal([one, two].filter((round) => round === null).length, 1)
  assert.deepEqual(stage.faults, [])
  assert.ok((await stage.ledger.verify()).ok)
})
