import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openTestLedger, TEST_TIME, withPostgres } from '@firebreak/ledger/testing'
import { Banks, ContentSignals, hexOf } from '../src/index.ts'
import { inventedMedia, urlOf } from './content-stage.ts'
import { entry, near, PERSON, randomHash, SYSTEM, testSealer } from './stage.ts'

test('PostgreSQL, two processes: media are shared out and hashed once, and what one adds the other matches and labels', async (t) => {
  const postgres = await withPostgres()
  if (postgres === null) return t.skip('PostgreSQL is not installed')
  const url = await postgres.database()
  const clock = () => TEST_TIME
  const faults: unknown[] = []
  const open = async (holder: string) => {
    const ledger = await openTestLedger({ clock, store: { kind: 'postgres', url } })
    const onFault = (error: unknown) => faults.push(error)
    const banks = await Banks.open({ ledger, sealer: testSealer, clock, onFault })
    const media = inventedMedia()
    const signals = ContentSignals.open({
      ledger,
      banks,
      sealer: testSealer,
      clock,
      media,
      holder,
      pollEvery: 20,
      onFault,
    })
    const close = async () => {
      await signals.close()
      await banks.close()
      await ledger.close()
    }
    return { ledger, banks, media, signals, close }
  }
  const [one, two] = [await open('one'), await open('two')]
  t.after(async () => {
    await one.close()
    await two.close()
    await postgres.stop()
  })
  await one.banks.create('ADOPTED', { adopted: true }, PERSON)
  const [digest, picture] = [randomHash(16), randomHash()]
  const posts = Array.from({ length: 60 }, (_, i) => ({
    ...{ id: `post-${i}`, type: 'post.created', at: new Date(TEST_TIME - 1000).toISOString() },
    ...{ actor: { type: 'account', id: 'acct-0412' }, subject: { type: 'content', id: `content-${i}` } },
    data: {
      attachments: [`${i === 7 ? urlOf(['md5', digest], ['pdq', picture]) : urlOf(['pdq', randomHash()])}?${i}`],
    },
  }))
  await one.ledger.append(posts, SYSTEM)
  await until(async () => (await two.signals.status()).media.hashed === 60)
  const fetched = [...one.media.fetched, ...two.media.fetched]
  assert.equal(new Set(fetched).size, 60)
  assert.equal(fetched.length, 60)

  await one.banks.add('ADOPTED', 'pdq', [entry(near(picture, 9))], PERSON)
  await until(async () => two.banks.match({ kind: 'pdq', hash: picture }).length === 1)
  const value = async () =>
    (await two.ledger.labels.active({ subject: { type: 'content', id: 'content-7' } }))[0]?.value
  await until(async () => (await value()) === 'known-media-look')
  await two.banks.add('ADOPTED', 'md5', [entry(digest)], PERSON)
  await until(async () => (await value()) === 'known-media')
  await two.banks.change('ADOPTED', [{ entry: 1, do: 'withdraw' }], 'a mistake', PERSON)
  await until(async () => (await value()) === 'known-media-look')

  // What a person finds, takes back, and what is sent again: each follows in the other process.
  await one.signals.reviewed('content-7', false)
  assert.equal(await value(), undefined)
  await two.signals.reviewed('content-7', null)
  assert.equal(await value(), 'known-media-look')
  const upload = (bytes: string) =>
    two.signals.upload({ content: 'content-7', key: 'a', bytes: Buffer.from(bytes) }, PERSON)
  await two.banks.change('ADOPTED', [{ entry: 1, do: 'restore' }], 'no mistake', PERSON)
  await upload(`md5-${hexOf(digest)}`)
  assert.equal(await value(), 'known-media')
  const event = (type: string) => ({ ...posts[7]!, id: `again-${type}`, type, data: { attachments: [] } })
  await one.ledger.append([event('post.updated')], SYSTEM)
  await until(async () => (await one.signals.status()).media.gone === 1)
  assert.equal(await value(), 'known-media')
  await upload(`pdq-${hexOf(randomHash())}`)
  assert.equal(await value(), undefined)
  await one.ledger.append([event('post.removed')], SYSTEM)
  await until(async () => (await one.signals.status()).media.gone === 2)
  assert.deepEqual(faults, [])
  assert.ok((await one.ledger.verify()).ok)
})

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; !(await holds()); attempt++) {
    assert.ok(attempt < 2_000, 'it comes to hold')
    await new Promise((later) => setTimeout(later, 10))
  }
}
