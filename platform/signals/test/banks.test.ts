import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { aggregateOpinion, Banks } from '../src/index.ts'
import { entry, near, openStage, PERSON, randomHash, type Stage, SYSTEM, testSealer } from './stage.ts'

let stage: Stage
before(async () => {
  stage = await openStage()
})
after(() => stage.close())

test('an added hash is matched at once, within its bank’s own distance', async () => {
  const { banks } = stage
  await banks.create('LANTERNS', { distance: 10 }, PERSON)
  const hash = randomHash()
  assert.equal(await banks.add('LANTERNS', 'pdq', [entry(hash)], PERSON), 0)
  const of = (bits: number) => banks.match({ kind: 'pdq', hash: near(hash, bits) }).map(({ distance }) => distance)
  assert.deepEqual([of(0), of(10), of(11)], [[0], [10], []])
  await banks.update('LANTERNS', { distance: 31 }, PERSON)
  assert.deepEqual([of(31), of(32)], [[31], []])
})

test('a flat picture is never matched by distance', async () => {
  const { banks } = stage
  const hash = randomHash()
  await banks.add('LANTERNS', 'pdq', [entry(hash)], PERSON)
  assert.equal(banks.match({ kind: 'pdq', hash, quality: 49 }).length, 0)
  assert.equal(banks.match({ kind: 'pdq', hash, quality: 50 }).length, 1)
})

test('digests are matched only when equal, and every bank that holds one is named', async () => {
  const { banks } = stage
  await banks.create('SHELLS', {}, PERSON)
  const digest = randomHash(16)
  await banks.add('LANTERNS', 'md5', [entry(digest)], PERSON)
  await banks.add('SHELLS', 'md5', [entry(digest), entry(randomHash(16))], PERSON)
  assert.deepEqual(
    banks.match({ kind: 'md5', hash: digest }).map(({ bank, entry }) => [bank.name, entry]),
    [
      ['LANTERNS', 2],
      ['SHELLS', 0],
    ],
  )
  assert.equal(banks.match({ kind: 'md5', hash: near(digest, 1) }).length, 0)
})

test('a withdrawn entry stops matching and comes back when restored; an expired one is silent', async () => {
  const { banks } = stage
  const hash = randomHash()
  const first = await banks.add(
    'SHELLS',
    'pdq',
    [entry(hash, 'POSITIVE_CLASS', { expiresAt: stage.now + 60_000 })],
    PERSON,
  )
  const matches = () => banks.match({ kind: 'pdq', hash }).length
  assert.equal(matches(), 1)
  await banks.change('SHELLS', [{ entry: first, do: 'withdraw' }], 'a mistake', PERSON)
  assert.equal(matches(), 0)
  await banks.change('SHELLS', [{ entry: first, do: 'restore' }], 'no mistake', PERSON)
  assert.equal(matches(), 1)
  stage.now += 120_000
  assert.equal(matches(), 0)
})

test('opinions of different owners add up: one that denies it makes it disputed, a later one of the same owner replaces', async () => {
  const { banks } = stage
  const hash = randomHash()
  const at = await banks.add('SHELLS', 'pdq', [entry(hash)], PERSON)
  const opinion = () => banks.match({ kind: 'pdq', hash })[0]?.opinion
  await banks.change('SHELLS', [{ entry: at, do: 'opinion', owner: 'esp 7', category: 'NEGATIVE_CLASS' }], 'x', SYSTEM)
  assert.equal(opinion(), 'DISPUTED')
  await banks.change('SHELLS', [{ entry: at, do: 'opinion', owner: 'esp 7', category: 'POSITIVE_CLASS' }], 'x', SYSTEM)
  assert.equal(opinion(), 'POSITIVE_CLASS')
  assert.equal(banks.match({ kind: 'pdq', hash })[0]?.positives, 2)
  await banks.change(
    'SHELLS',
    [
      { entry: at, do: 'no-opinion', owner: 'own' },
      { entry: at, do: 'no-opinion', owner: 'esp 7' },
    ],
    'x',
    SYSTEM,
  )
  assert.equal(opinion(), 'INVESTIGATION_SEED')
})

test('aggregation: the strongest word, and disputed as soon as one denies what another says', () => {
  assert.equal(aggregateOpinion([]), 'INVESTIGATION_SEED')
  assert.equal(aggregateOpinion(['NEGATIVE_CLASS', 'NEGATIVE_CLASS']), 'NEGATIVE_CLASS')
  assert.equal(aggregateOpinion(['INVESTIGATION_SEED', 'POSITIVE_CLASS']), 'POSITIVE_CLASS')
  assert.equal(aggregateOpinion(['NEGATIVE_CLASS', 'INVESTIGATION_SEED']), 'DISPUTED')
})

test('a second process finds everything again, and follows what is written afterwards', async () => {
  const { banks, ledger } = stage
  const hashes = Array.from({ length: 300 }, () => randomHash())
  await banks.create('MANY', {}, PERSON)
  await banks.add(
    'MANY',
    'pdq',
    hashes.map((hash, i) => entry(hash, 'POSITIVE_CLASS', { sourceId: `7 image-${i}` })),
    PERSON,
  )
  const other = await Banks.open({ ledger, sealer: testSealer, clock: () => stage.now })
  for (const [i, hash] of hashes.entries())
    assert.deepEqual(
      other.match({ kind: 'pdq', hash: near(hash, 3) }).map((hit) => hit.entry),
      [i],
    )
  const late = randomHash()
  const followed = new Promise<void>((done) => other.onChange(done))
  await banks.add('MANY', 'pdq', [entry(late)], PERSON)
  await followed
  assert.equal(other.match({ kind: 'pdq', hash: late }).length, 1)
  const stored = await other.store.entryOf(other.bank('MANY').id, 42)
  assert.deepEqual(
    [stored?.sourceId, stored?.kind, Buffer.from(stored!.hash)],
    ['7 image-42', 'pdq', Buffer.from(hashes[42]!)],
  )
  assert.equal(await other.store.entryOf(other.bank('MANY').id, 301), null)
  const ref = other.store.refOf(other.bank('MANY').id, '7 image-42')
  assert.deepEqual(other.matcher.entriesOf(other.bank('MANY').id, new Set([ref])).get(ref), [42])
  await other.close()
})

test('no hash, source id or note lies readable in the store', async () => {
  const { banks, ledger } = stage
  const hash = randomHash()
  const plain = 'find-this-source-id'
  await banks.add('MANY', 'pdq', [entry(hash, 'POSITIVE_CLASS', { sourceId: plain, note: 'find-this-note' })], PERSON)
  const rows = await ledger.db.selectFrom('bank_journal').select('body').execute()
  for (const { body } of rows) {
    const bytes = Buffer.from(body)
    for (const wanted of [Buffer.from(hash), Buffer.from(plain), Buffer.from('find-this-note')])
      assert.equal(bytes.includes(wanted), false)
  }
})

test('a bank that was removed stops matching, and its name is not given out again', async () => {
  const { banks } = stage
  await banks.create('GONE', {}, PERSON)
  const hash = randomHash()
  await banks.add('GONE', 'pdq', [entry(hash)], PERSON)
  await banks.remove('GONE', PERSON)
  assert.equal(banks.match({ kind: 'pdq', hash }).length, 0)
  await assert.rejects(banks.create('GONE', {}, PERSON), { code: 'http/conflict' })
  assert.throws(() => banks.bank('GONE'), { code: 'http/not-found' })
})

test('names and settings that cannot be are refused', async () => {
  const { banks } = stage
  await assert.rejects(banks.create('no spaces', {}, PERSON), { code: 'input/invalid' })
  await assert.rejects(banks.create('FAR', { distance: 32 }, PERSON), { code: 'input/invalid' })
  await assert.rejects(banks.add('MANY', 'md5', [entry(randomHash(32))], PERSON), { code: 'input/invalid' })
  assert.ok((await stage.ledger.verify()).ok)
})
