import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openContentStage, urlOf } from './content-stage.ts'
import { entry, PERSON, randomHash } from './stage.ts'

test('where matching media has no legal basis nothing is fetched, hashed or labelled, and it is counted as off', async (t) => {
  let on = false
  const asked: string[] = []
  const allowed = (detector: string, surface: string, jurisdiction: string | undefined) => {
    asked.push(`${detector} ${surface} ${jurisdiction}`)
    return on || surface !== 'message'
  }
  const stage = await openContentStage({ allowed })
  t.after(() => stage.close())
  const digest = randomHash(16)
  await stage.banks.create('ADOPTED', { adopted: true }, PERSON)
  await stage.banks.add('ADOPTED', 'md5', [entry(digest)], PERSON)
  const url = urlOf(['md5', digest])
  await stage.post('in-a-message', [url], { surface: 'message', context: { jurisdiction: 'DE' } })
  await stage.post('in-public', [url])
  await stage.settled()
  assert.deepEqual(await stage.labels('in-a-message'), [])
  assert.equal((await stage.labels('in-public')).length, 1)
  assert.equal(stage.media.fetched.length, 1)
  assert.equal((await stage.signals.status()).media.off, 1)
  assert.ok(asked.includes('media-match message DE'))
  const bytes = Buffer.from(url.split('/').at(-1)!)
  const upload = await stage.signals.upload({ content: 'uploaded', key: 'a', bytes, surface: 'message' }, PERSON)
  assert.equal(upload.state, 'off')

  on = true
  assert.equal(await stage.signals.reopen(PERSON), 2)
  await stage.settled()
  assert.equal((await stage.labels('in-a-message')).length, 1)
  assert.deepEqual((await stage.signals.status()).errors, { 'medium/upload-lost': 1 })
})
