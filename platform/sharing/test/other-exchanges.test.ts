import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { retryAfterOf } from '../src/index.ts'
import { openArachnid } from './mocks/arachnid.ts'
import { openStopNcii, type StopNciiRecord } from './mocks/stopncii.ts'
import { openThreatExchange } from './mocks/threatexchange.ts'
import { type ExchangeStage, openExchangeStage, PERSON, randomHex, TEST_TIME } from './stage.ts'

const NOW = TEST_TIME / 1000
const HOUR = 3_600_000

test('StopNCII: records are snapshots in pages by token; ended cases are withdrawn; feedback says blocked or not', async (t) => {
  const mock = await openStopNcii()
  const stage = await openExchangeStage([mock.url])
  t.after(async () => {
    await stage.close()
    await mock.close()
  })
  await stage.banks.create('STOPNCII', { exactPdq: true }, PERSON)
  const secrets = { subscriptionKey: 'subscription', fetchKey: 'fetch-key', feedbackKey: 'feedback-key' }
  const settings = { baseUrl: mock.url, pageSize: 10 }
  await stage.exchanges.create({ name: 'stopncii', kind: 'stopncii', bank: 'STOPNCII', settings, secrets }, PERSON)
  const records = Array.from(
    { length: 23 },
    (_, i): StopNciiRecord => ({
      ...{
        lastModtimestamp: NOW - 500 + i,
        signalType: 'ImagePDQ',
        hashValue: randomHex(32),
        hashStatus: 'Active',
        caseNumbers: { [`c${i}`]: 'Active' },
      },
      CSPFeedbacks:
        i === 1
          ? [{ source: 'csp-a', feedbackValue: 'Blocked' }]
          : i === 2
            ? [{ source: 'csp-a', feedbackValue: 'NotBlocked' }]
            : [],
    }),
  )
  mock.records.push(
    ...records,
    { lastModtimestamp: NOW, nonsense: true },
    { ...records[0], hashValue: 'xyz' },
    { ...records[0], signalType: 'VideoTMK' },
  )
  assert.deepEqual(await stage.exchanges.run('stopncii'), {
    ...{ deltas: 3, added: 23, changed: 0, withdrawn: 0, malformed: 2, failure: null },
  })
  const opinion = (i: number) => stage.found('pdq', records[i]!.hashValue)[0]?.opinion
  assert.deepEqual([opinion(0), opinion(1), opinion(2)], ['INVESTIGATION_SEED', 'POSITIVE_CLASS', 'DISPUTED'])

  records[0] = { ...records[0]!, hashStatus: 'Withdrawn', lastModtimestamp: NOW + 10 }
  mock.records.splice(0, mock.records.length, ...records)
  mock.faults.push({ status: 429, retryAfter: '3' }, 'half')
  stage.now += HOUR
  assert.match((await stage.exchanges.run('stopncii'))?.failure ?? '', /^malformed/)
  assert.equal((await stage.exchanges.run('stopncii'))?.withdrawn, 1)
  assert.equal(opinion(0), undefined)

  // A page that runs out in the middle: the set is read again, and nothing is doubled.
  for (let i = 0; i < 25; i++)
    mock.records.push({ ...records[1]!, hashValue: randomHex(32), lastModtimestamp: NOW + 20 })
  mock.faults.push(null, { status: 500 }, { status: 500 }, { status: 500 }, { status: 500 })
  stage.now += HOUR
  assert.equal((await stage.exchanges.run('stopncii'))?.added, 10)
  mock.expirePages()
  stage.now += 60_000
  assert.equal((await stage.exchanges.run('stopncii'))?.added, 15)
  const { entry } = stage.found('pdq', records[1]!.hashValue)[0]!
  assert.equal(await stage.exchanges.decide({ bank: 'STOPNCII', entry, confirmed: false }, PERSON), 1)
  await stage.exchanges.sendFeedback()
  assert.deepEqual(
    mock.feedback.map(({ hashValue, feedbackValue }) => [hashValue, feedbackValue]),
    [[records[1]!.hashValue, 'NotBlocked']],
  )
  assert.deepEqual(stage.faults, [])
})

test('ThreatExchange: updates with opinions and reactions, tombstones by id, a token that is in no error', async (t) => {
  const mock = await openThreatExchange()
  const stage = await openExchangeStage([mock.url])
  t.after(async () => {
    await stage.close()
    await mock.close()
  })
  await stage.banks.create('TX', {}, PERSON)
  const settings = { baseUrl: mock.url, privacyGroup: '555', pageSize: 10 }
  await stage.exchanges.create(
    { name: 'tx', kind: 'threatexchange', bank: 'TX', settings, secrets: { accessToken: 'app|token' } },
    PERSON,
  )
  const descriptor = (owner: string, status: string, reactions: unknown[] = []) => ({
    id: '1',
    owner: { id: owner },
    status,
    tags: { data: [{ text: 'media' }] },
    reactions,
  })
  const hashes = Array.from({ length: 15 }, () => randomHex(32))
  for (const [i, indicator] of hashes.entries())
    mock.updates.push({
      ...{
        id: String(1000 + i),
        indicator,
        type: 'HASH_PDQ',
        last_updated: NOW - 500 + ((i * 7) % 15),
        should_delete: false,
      },
      descriptors: {
        data: [descriptor('77', 'MALICIOUS', i === 1 ? [{ key: 'DISAGREE_WITH_TAGS', value: '78,79' }] : [])],
      },
    })
  const digest = randomHex(16)
  mock.updates.push({
    id: '2000',
    indicator: digest,
    type: 'HASH_VIDEO_MD5',
    last_updated: NOW - 400,
    descriptors: { data: [descriptor('77', 'UNKNOWN')] },
  })
  mock.updates.push({
    id: '2001',
    indicator: 'short',
    type: 'HASH_MD5',
    last_updated: NOW - 399,
    descriptors: { data: [descriptor('77', 'MALICIOUS')] },
  })
  assert.deepEqual(await stage.exchanges.run('tx'), {
    deltas: 2,
    added: 16,
    changed: 0,
    withdrawn: 0,
    malformed: 1,
    failure: null,
  })
  assert.deepEqual(
    [
      stage.found('pdq', hashes[0]!)[0]?.opinion,
      stage.found('pdq', hashes[1]!)[0]?.opinion,
      stage.found('md5', digest)[0]?.opinion,
    ],
    ['POSITIVE_CLASS', 'DISPUTED', 'INVESTIGATION_SEED'],
  )
  mock.updates.push({ id: '1000', last_updated: NOW + 10, should_delete: true }, { id: '1002', last_updated: NOW + 11 })
  stage.now += HOUR
  assert.equal((await stage.exchanges.run('tx'))?.withdrawn, 2)

  const { entry } = stage.found('pdq', hashes[3]!)[0]!
  await stage.exchanges.decide({ bank: 'TX', entry, confirmed: true }, PERSON)
  mock.faults.push({ status: 500 })
  await stage.exchanges.sendFeedback()
  stage.now += HOUR
  await stage.exchanges.sendFeedback()
  assert.deepEqual(
    mock.uploads.map(({ indicator, status }) => [indicator, status]),
    [[hashes[3], 'MALICIOUS']],
  )

  await stage.exchanges.change('tx', { secrets: { accessToken: 'app|bad-token' } }, PERSON)
  stage.now += HOUR
  const failure = (await stage.exchanges.run('tx'))?.failure ?? ''
  assert.match(failure, /^refused/)
  assert.doesNotMatch(failure, /token/)
})

test('Arachnid Shield: the own media’s hashes are asked about, and what it knows becomes an entry', async (t) => {
  const mock = await openArachnid()
  const own = Array.from({ length: 25 }, (_, i) => ({ id: i + 1, hash: Buffer.from(randomHex(32), 'hex') }))
  const ownHashes = async (after: number, most: number) => own.filter(({ id }) => id > after).slice(0, most)
  const stage = await openExchangeStage([mock.url], { ownHashes })
  t.after(async () => {
    await stage.close()
    await mock.close()
  })
  mock.known.set(own[4]!.hash.toString('base64'), { classification: 'csam', match_type: 'exact' })
  mock.known.set(own[14]!.hash.toString('base64'), { classification: 'harmful-abusive-material', match_type: 'near' })
  mock.known.set(own[24]!.hash.toString('base64'), { classification: 'something new', match_type: 'exact' })
  await stage.banks.create('SHIELD', {}, PERSON)
  const settings = { baseUrl: mock.url, batch: 10 }
  await stage.exchanges.create(
    { name: 'shield', kind: 'arachnid', bank: 'SHIELD', settings, secrets: { user: 'user', password: 'secret' } },
    PERSON,
  )
  mock.faults.push({ status: 503 })
  assert.deepEqual(await stage.exchanges.run('shield'), {
    deltas: 4,
    added: 2,
    changed: 0,
    withdrawn: 0,
    malformed: 1,
    failure: null,
  })
  const opinion = (i: number) => stage.found('pdq', own[i]!.hash.toString('hex'))[0]?.opinion
  assert.deepEqual([opinion(4), opinion(14), opinion(0)], ['POSITIVE_CLASS', 'INVESTIGATION_SEED', undefined])
  const asked = mock.requests.length
  stage.now += HOUR
  await stage.exchanges.run('shield')
  assert.equal(mock.requests.length, asked, 'nothing new, nothing asked')
})

test('files: CSV and NDJSON lines, bad ones kept and counted, tombstones, and a file read half goes on where it stopped', async (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'firebreak-exchange-'))
  const stage = await openExchangeStage([], { lists: dir })
  t.after(async () => {
    await stage.close()
    rmSync(dir, { recursive: true })
  })
  await stage.banks.create('FILES', {}, PERSON)
  const csv = join(dir, 'list.csv')
  const hashes = Array.from({ length: 10 }, () => randomHex(32))
  const lines = hashes.map((hash, i) => `pdq,${hash.toUpperCase()},row-${i},`)
  writeFileSync(csv, `\uFEFFtype,value,id,tombstone\n${lines.join('\r\n')}\nmd5,zz,row-x,\n"pdq","${randomHex(32)}"\n`)
  await stage.exchanges.create(
    { name: 'csv', kind: 'file', bank: 'FILES', settings: { file: 'list.csv', batch: 4 }, secrets: {} },
    PERSON,
  )
  assert.deepEqual(await stage.exchanges.run('csv'), {
    deltas: 4,
    added: 11,
    changed: 0,
    withdrawn: 0,
    malformed: 1,
    failure: null,
  })
  assert.equal(stage.found('pdq', hashes[7]!)[0]?.opinion, 'POSITIVE_CLASS')
  assert.equal((await stage.exchanges.run('csv'))?.added, 0)
  writeFileSync(csv, `type,value,id,tombstone\n${lines[0]}1\n`)
  assert.equal((await stage.exchanges.run('csv'))?.withdrawn, 1)
  assert.deepEqual(stage.found('pdq', hashes[0]!), [])

  const ndjson = join(dir, 'list.ndjson')
  const lead = randomHex(16)
  writeFileSync(ndjson, `{"type":"md5","value":"${lead}","category":"INVESTIGATION_SEED"}\n{"type":"md5"\n`)
  await stage.exchanges.create(
    { name: 'ndjson', kind: 'file', bank: 'FILES', settings: { file: 'list.ndjson' }, secrets: {} },
    PERSON,
  )
  assert.equal((await stage.exchanges.run('ndjson'))?.malformed, 1)
  assert.equal(stage.found('md5', lead)[0]?.opinion, 'INVESTIGATION_SEED')
  await stage.exchanges.create(
    { name: 'none', kind: 'file', bank: 'FILES', settings: { file: 'no' }, secrets: {} },
    PERSON,
  )
  assert.match((await stage.exchanges.run('none'))?.failure ?? '', /^unreachable/)
  for (const file of ['../list.csv', '/etc/hosts', '.hidden'])
    await assert.rejects(
      stage.exchanges.create({ name: 'out', kind: 'file', bank: 'FILES', settings: { file }, secrets: {} }, PERSON),
      { code: 'input/invalid' },
    )
})

test('kinds, settings and credentials that cannot be are refused', async (t) => {
  const stage: ExchangeStage = await openExchangeStage([])
  t.after(() => stage.close())
  await stage.banks.create('B', {}, PERSON)
  const given = { name: 'x', kind: 'ncmec', bank: 'B', settings: { baseUrl: 'https://source.example' }, secrets: {} }
  const invalid = { code: 'input/invalid' }
  await assert.rejects(stage.exchanges.create({ ...given, kind: 'other' }, PERSON), invalid)
  await assert.rejects(stage.exchanges.create({ ...given, settings: { baseUrl: 'file:///etc' } }, PERSON), invalid)
  await assert.rejects(stage.exchanges.create({ ...given, secrets: { pass: 'x' } }, PERSON), invalid)
  await assert.rejects(stage.exchanges.create({ ...given, bank: 'NONE' }, PERSON), { code: 'http/not-found' })
  await stage.exchanges.create(given, PERSON)
  await assert.rejects(stage.exchanges.create(given, PERSON), { code: 'http/conflict' })
  await assert.rejects(stage.exchanges.remove('y', PERSON), { code: 'http/not-found' })
})

test('Retry-After is read as seconds or as a date', () => {
  assert.equal(retryAfterOf('120', 0), 120_000)
  assert.equal(retryAfterOf(new Date(TEST_TIME + 5000).toUTCString(), TEST_TIME), 5000)
  assert.equal(retryAfterOf('soon', 0), null)
  assert.equal(retryAfterOf(undefined, 0), null)
})
