import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { type ContentStage, openContentStage, urlOf } from './content-stage.ts'
import { entry, near, PERSON, randomHash } from './stage.ts'

let stage: ContentStage
before(async () => {
  stage = await openContentStage()
  await stage.banks.create('ADOPTED', { adopted: true }, PERSON)
  await stage.banks.create('FOREIGN', {}, PERSON)
  await stage.banks.create('FINE', { negative: true, distance: 12 }, PERSON)
})
after(() => stage.close())

const values = async (content: string) => (await stage.labels(content)).map(({ value }) => value)

test('an equal digest in an adopted bank acts on the content; a likeness, or a bank not adopted, asks for a look', async () => {
  const { banks } = stage
  const [digest, foreign] = [randomHash(16), randomHash(16)]
  const picture = randomHash()
  await banks.add('ADOPTED', 'md5', [entry(digest)], PERSON)
  await banks.add('ADOPTED', 'pdq', [entry(picture)], PERSON)
  await banks.add('FOREIGN', 'md5', [entry(foreign)], PERSON)
  await stage.post('post-equal', [{ url: urlOf(['md5', digest], ['pdq', randomHash()]) }])
  await stage.post('post-near', [{ url: urlOf(['pdq', near(picture, 20)]) }])
  await stage.post('post-same-pdq', [{ url: urlOf(['pdq', picture]) }])
  await stage.post('post-foreign', [{ url: urlOf(['md5', foreign]) }])
  await stage.post('post-unknown', [{ url: urlOf(['pdq', randomHash()]) }])
  await stage.settled()
  assert.deepEqual(await values('post-equal'), ['known-media'])
  assert.deepEqual(await values('post-near'), ['known-media-look'])
  assert.deepEqual(await values('post-same-pdq'), ['known-media-look'])
  assert.deepEqual(await values('post-foreign'), ['known-media-look'])
  assert.deepEqual(await values('post-unknown'), [])
})

test('an equal PDQ hash acts only where the operator said that it is exact enough', async () => {
  const { banks } = stage
  const picture = randomHash()
  await banks.create('STOPNCII', { adopted: true, exactPdq: true }, PERSON)
  await banks.add('STOPNCII', 'pdq', [entry(picture)], PERSON)
  await stage.post('post-ncii', [{ url: urlOf(['pdq', picture]) }])
  await stage.post('post-ncii-near', [{ url: urlOf(['pdq', near(picture, 1)]) }])
  await stage.settled()
  assert.deepEqual(await values('post-ncii'), ['known-media'])
  assert.deepEqual(await values('post-ncii-near'), ['known-media-look'])
})

test('a lead, a denied and a disputed entry never act', async () => {
  const { banks } = stage
  const digests = { seed: randomHash(16), denied: randomHash(16), disputed: randomHash(16) }
  await banks.add(
    'ADOPTED',
    'md5',
    [entry(digests.seed, 'INVESTIGATION_SEED'), entry(digests.denied, 'NEGATIVE_CLASS')],
    PERSON,
  )
  const opinions = [
    { owner: 'own', category: 'POSITIVE_CLASS' },
    { owner: 'esp 7', category: 'NEGATIVE_CLASS' },
  ] as const
  await banks.add('ADOPTED', 'md5', [entry(digests.disputed, 'POSITIVE_CLASS', { opinions })], PERSON)
  for (const [name, digest] of Object.entries(digests))
    await stage.post(`post-${name}`, [{ url: urlOf(['md5', digest]) }])
  await stage.settled()
  assert.deepEqual(await values('post-seed'), ['known-media-look'])
  assert.deepEqual(await values('post-denied'), [])
  assert.deepEqual(await values('post-disputed'), ['known-media-look'])
})

test('a bank of fine media vetoes a likeness, but not an equal digest', async () => {
  const { banks } = stage
  const picture = randomHash()
  const digest = randomHash(16)
  await banks.add('ADOPTED', 'pdq', [entry(picture)], PERSON)
  await banks.add('ADOPTED', 'md5', [entry(digest)], PERSON)
  await banks.add('FINE', 'pdq', [entry(near(picture, 8))], PERSON)
  await stage.post('post-like-fine', [{ url: urlOf(['pdq', near(picture, 4)]) }])
  await stage.post('post-equal-known', [{ url: urlOf(['pdq', near(picture, 4)], ['md5', digest]) }])
  await stage.settled()
  assert.deepEqual(await values('post-like-fine'), [])
  assert.deepEqual(await values('post-equal-known'), ['known-media'])
})

test('media hashed before an entry came are compared with it; when it is withdrawn or disputed the label goes', async () => {
  const { banks } = stage
  const digest = randomHash(16)
  await stage.post('post-old', [{ url: urlOf(['md5', digest]) }])
  await stage.settled()
  assert.deepEqual(await values('post-old'), [])
  const at = await banks.add('ADOPTED', 'md5', [entry(digest)], PERSON)
  await stage.settled()
  assert.deepEqual(await values('post-old'), ['known-media'])
  await banks.change(
    'ADOPTED',
    [{ entry: at, do: 'opinion', owner: 'esp 9', category: 'NEGATIVE_CLASS' }],
    'said the source',
    PERSON,
  )
  await stage.settled()
  assert.deepEqual(await values('post-old'), ['known-media-look'])
  await banks.change('ADOPTED', [{ entry: at, do: 'withdraw' }], 'withdrawn at the source', PERSON)
  await stage.settled()
  assert.deepEqual(await values('post-old'), [])
  await banks.change(
    'ADOPTED',
    [
      { entry: at, do: 'restore' },
      { entry: at, do: 'no-opinion', owner: 'esp 9' },
    ],
    'back',
    PERSON,
  )
  await stage.settled()
  assert.deepEqual(await values('post-old'), ['known-media'])
  await banks.update('ADOPTED', { adopted: false }, PERSON)
  await stage.settled()
  assert.deepEqual(await values('post-old'), ['known-media-look'])
  await banks.update('ADOPTED', { adopted: true }, PERSON)
  await stage.settled()
  assert.deepEqual(await values('post-old'), ['known-media'])
})

test('labels are of contents only, name no distance and no entry, and a look ends by itself', async () => {
  const all = await stage.ledger.labels.active()
  assert.ok(all.length > 5)
  for (const label of all) {
    assert.equal(label.subject.type, 'content')
    assert.deepEqual(Object.keys(label.evidence as object).sort(), ['banks', 'exact', 'opinions'])
    assert.equal(label.expiresAt === undefined, label.value === 'known-media')
  }
})

test('what cannot be fetched waits as pending and is tried again; what is no medium has failed; both are counted', async () => {
  const hash = randomHash()
  const later = urlOf(['pdq', hash])
  stage.media.failures.set(later, { code: 'fetch/timeout', retry: true })
  await stage.post('post-later', [{ url: later }, { url: 'https://media.example/nothing' }, 'not an address', 17])
  await stage.settled()
  const before = await stage.signals.status()
  assert.equal(before.media.pending, 1)
  assert.deepEqual(before.errors, { 'media/not-an-image': 1, 'medium/unreadable-address': 2 })
  assert.ok(before.oldestPendingAt)
  stage.media.failures.clear()
  stage.now += 20_000
  await stage.settled()
  assert.equal((await stage.signals.status()).media.pending, 0)
  assert.equal(stage.media.fetched.filter((url) => url === later).length, 2)
})

test('a medium that never comes is given up after its tries, and can be put back', async () => {
  const url = urlOf(['pdq', randomHash()])
  stage.media.failures.set(url, { code: 'fetch/network', retry: true })
  await stage.post('post-never', [{ url }])
  for (let attempt = 0; attempt < 9; attempt++) {
    await stage.settled()
    stage.now += 7 * 3_600_000
  }
  assert.equal((await stage.signals.status()).errors['fetch/network'], 1)
  stage.media.failures.clear()
  assert.equal(await stage.signals.retry(['fetch/network'], PERSON), 1)
  await stage.settled()
  assert.equal((await stage.signals.status()).errors['fetch/network'], undefined)
})

test('a post that is changed keeps only the media that it still names, and a removed one none', async () => {
  const { banks } = stage
  const digest = randomHash(16)
  await banks.add('ADOPTED', 'md5', [entry(digest)], PERSON)
  const url = urlOf(['md5', digest])
  await stage.post('post-changed', [{ url }])
  await stage.settled()
  assert.deepEqual(await values('post-changed'), ['known-media'])
  await stage.post('post-changed', [], { type: 'post.updated' })
  await stage.settled()
  assert.deepEqual(await values('post-changed'), [])
  await stage.post('post-changed', [{ url }], { type: 'post.updated' })
  await stage.settled()
  assert.deepEqual(await values('post-changed'), ['known-media'])
  await stage.post('post-changed', [], { type: 'post.removed' })
  await stage.settled()
  assert.deepEqual(await values('post-changed'), [])
})

test('an upload is compared before it is answered, and told twice it is one medium', async () => {
  const { banks, signals } = stage
  const digest = randomHash(16)
  await banks.add('ADOPTED', 'md5', [entry(digest)], PERSON)
  const bytes = Buffer.from(urlOf(['md5', digest]).split('/').at(-1)!)
  const first = await signals.upload({ content: 'post-upload', key: 'a', bytes }, PERSON)
  const again = await signals.upload({ content: 'post-upload', key: 'a', bytes }, PERSON)
  assert.deepEqual(first, again)
  assert.equal(first.state, 'hashed')
  assert.deepEqual(await values('post-upload'), ['known-media'])
  assert.deepEqual(await signals.upload({ content: 'post-broken', key: 'a', bytes: Buffer.from('x') }, PERSON), {
    ...{ medium: first.medium + 2, state: 'failed', error: 'media/not-an-image' },
  })
})

test('an upload stays with its post when the post is told with other media, and ends when the post is removed', async () => {
  const { banks, signals } = stage
  const digest = randomHash(16)
  await banks.add('ADOPTED', 'md5', [entry(digest)], PERSON)
  const bytes = Buffer.from(urlOf(['md5', digest]).split('/').at(-1)!)
  await signals.upload({ content: 'post-both', key: 'a', bytes }, PERSON)
  await stage.post('post-both', [{ url: urlOf(['pdq', randomHash()]) }])
  await stage.post('post-both', [], { type: 'post.updated' })
  await stage.settled()
  assert.deepEqual(await values('post-both'), ['known-media'])
  await stage.post('post-both', [], { type: 'post.removed' })
  await stage.settled()
  assert.deepEqual(await values('post-both'), [])
})

test('sent again with other bytes, a medium is only what it shows now: the label of what it showed before goes', async () => {
  const { banks, signals } = stage
  const digest = randomHash(16)
  await banks.add('ADOPTED', 'md5', [entry(digest)], PERSON)
  const known = Buffer.from(`md5-${Buffer.from(digest).toString('hex')}`)
  const upload = (bytes: Buffer) => signals.upload({ content: 'post-again-sent', key: 'a', bytes }, PERSON)
  for (const bytes of [Buffer.from(`pdq-${'0f'.repeat(32)}`), Buffer.from('no medium at all')]) {
    await upload(known)
    assert.deepEqual(await values('post-again-sent'), ['known-media'])
    await upload(bytes)
    assert.deepEqual(await values('post-again-sent'), [], bytes.toString())
  }
  const url = 'https://media.example/changing'
  const fetch = stage.media.fetch
  const shows = (bytes: Buffer) => {
    stage.media.fetch = async (asked, signal) => (asked === url ? { ok: true, bytes } : fetch(asked, signal))
  }
  shows(known)
  await stage.post('post-changing', [{ url }])
  await stage.settled()
  assert.deepEqual(await values('post-changing'), ['known-media'])
  shows(Buffer.from(`pdq-${'0f'.repeat(32)}`))
  await stage.post('post-changing', [], { type: 'post.updated' })
  await stage.post('post-changing', [{ url }], { type: 'post.updated' })
  await stage.settled()
  assert.deepEqual(await values('post-changing'), [])
  stage.media.fetch = fetch
})

test('an entry that far too much is suddenly like is quarantined: likenesses are free until a person releases it, what equals it is still looked at', async () => {
  const { banks } = stage
  await banks.create('SPRUNG', { adopted: true, floodLimit: 5 }, PERSON)
  const [picture, digest] = [randomHash(), randomHash(16)]
  const at = await banks.add('SPRUNG', 'pdq', [entry(picture)], PERSON)
  await stage.post('post-sprung', [{ url: urlOf(['pdq', picture]) }])
  for (let i = 0; i < 8; i++) await stage.post(`post-flood-${i}`, [{ url: urlOf(['pdq', near(picture, i + 1)]) }])
  await stage.settled()
  assert.equal(banks.status().quarantined, 1)
  for (let i = 0; i < 8; i++) assert.deepEqual(await values(`post-flood-${i}`), [], `post ${i}`)
  assert.deepEqual(await values('post-sprung'), ['known-media-look'])
  assert.equal((await stage.ledger.audit({ kind: 'alarm.flood' })).length, 1)
  await banks.change('SPRUNG', [{ entry: at, do: 'release', floodLimit: 1000 }], 'looked at', PERSON)
  await stage.settled()
  assert.equal(banks.status().quarantined, 0)
  for (let i = 0; i < 8; i++) assert.deepEqual(await values(`post-flood-${i}`), ['known-media-look'])

  const known = await banks.add('SPRUNG', 'md5', [entry(digest)], PERSON)
  await banks.change('SPRUNG', [{ entry: known, do: 'quarantine' }], 'by hand', PERSON)
  await stage.post('post-equal-quarantined', [{ url: urlOf(['md5', digest]) }])
  await stage.settled()
  assert.deepEqual(await values('post-equal-quarantined'), ['known-media-look'], 'never free, never acted on')
})

test('one known picture sent again and again does not free itself: every copy is held, and the operator is told', async () => {
  const { banks } = stage
  await banks.create('AGAIN', { adopted: true, floodLimit: 5 }, PERSON)
  const digest = randomHash(16)
  await banks.add('AGAIN', 'md5', [entry(digest)], PERSON)
  for (let i = 0; i < 8; i++) await stage.post(`post-again-${i}`, [{ url: `${urlOf(['md5', digest])}?${i}` }])
  await stage.settled()
  for (let i = 0; i < 8; i++) assert.deepEqual(await values(`post-again-${i}`), ['known-media'], `post ${i}`)
  assert.deepEqual(banks.matcher.quarantined(banks.bank('AGAIN')), [])
  assert.equal((await stage.ledger.audit({ kind: 'alarm.equal-flood' })).length, 1)
})

test('after erasure of its author nothing of a medium is left', async () => {
  await stage.ledger.append(
    [
      {
        ...{ id: 'erase', type: 'subject.erased', at: new Date(stage.now).toISOString() },
        ...{ actor: { type: 'account', id: 'acct-0412' }, subject: { type: 'account', id: 'acct-0412' } },
      },
    ],
    PERSON,
  )
  stage.now += 25 * 3_600_000
  await stage.ledger.sweep()
  const left = await stage.ledger.db
    .selectFrom('medium')
    .innerJoin('entity', 'entity.id', 'medium.content')
    .select('entity.name')
    .execute()
  assert.deepEqual([...new Set(left.map(({ name }) => name))].sort(), ['post-again-sent', 'post-broken', 'post-upload'])
  assert.deepEqual(stage.faults, [])
  assert.ok((await stage.ledger.verify()).ok)
})
