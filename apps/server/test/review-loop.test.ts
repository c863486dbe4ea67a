import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import test from 'node:test'
import { FirebreakError, HOUR } from '@firebreak/kernel'
import { OWN } from '@firebreak/signals'
import { ReviewLoop } from '../src/signals/review-loop.ts'
import { noisePicture } from './picture.ts'
import { openScene } from './scene.ts'

test('a likeness becomes a report for people, once; what they decide goes back to the labels, and with an equal digest to the entry', async (t) => {
  const scene = await openScene({ working: true })
  t.after(() => scene.close())
  const { instance } = scene
  const { signals, ledger } = instance
  const key = await scene.key('banks:write', 'media:write', 'match', 'read', 'explain')
  const by = { kind: 'system', id: 'test' } as const
  await signals.banks.create('FOREIGN', { category: 'child-safety' }, by)
  const picture = noisePicture(90, 90)
  const hashed = await signals.media.hash(picture, AbortSignal.timeout(30_000))
  assert.ok(hashed.ok)
  const md5 = hashed.hashes.find(({ kind }) => kind === 'md5')!
  await signals.banks.add(
    'FOREIGN',
    'md5',
    [{ hash: md5.hash, opinions: [{ owner: 'somebody', category: 'POSITIVE_CLASS' }] }],
    by,
  )
  const url = '/v1/media?content=post-77'
  await scene.app.inject({ method: 'POST', url, payload: picture, headers: { ...key, 'content-type': 'image/png' } })
  const labels = async () =>
    (await ledger.labels.active({ subject: { type: 'content', id: 'post-77' } })).map(({ value }) => value)
  assert.deepEqual(await labels(), ['known-media-look'])

  const reports = () => ledger.db.selectFrom('report').select(['source', 'category', 'reporter_class', 'job']).execute()
  await until(async () => (await reports()).length > 0)
  await scene.app.inject({ method: 'POST', url, payload: picture, headers: { ...key, 'content-type': 'image/png' } })
  await new Promise((later) => setTimeout(later, 2_500))
  const made = await reports()
  assert.deepEqual(
    made.map(({ source, category, reporter_class }) => [source, category, reporter_class]),
    [['banks', 'child-safety', 'automated']],
  )

  await ledger.append(
    [
      {
        ...{ id: randomBytes(8).toString('hex'), type: 'decision.effective', at: new Date(scene.now).toISOString() },
        ...{
          actor: { type: 'job', id: made[0]!.job! },
          subject: { type: 'content', id: 'post-77' },
          object: { type: 'decision', id: 'd1' },
        },
        data: { outcome: 'no-violation', actions: [], job: made[0]!.job!, target: { type: 'content', id: 'post-77' } },
      },
    ],
    by,
  )
  await until(async () => (await labels()).length === 0)
  const opinion = () => signals.banks.match({ kind: 'md5', hash: md5.hash })[0]?.opinion
  await until(async () => opinion() === 'DISPUTED')
  assert.deepEqual(scene.faults, [])
})

test('an equal medium of an adopted bank closes every surface at once, a likeness only what amplifies; withdrawn, both heal', async (t) => {
  const scene = await openScene({ working: true })
  t.after(() => scene.close())
  const { signals } = scene.instance
  const by = { kind: 'system', id: 'test' } as const
  const key = await scene.key('media:write', 'verdicts')
  await signals.banks.create('ADOPTED', { adopted: true }, by)
  const hashes = async (bytes: Buffer) => {
    const hashed = await signals.media.hash(bytes, AbortSignal.timeout(30_000))
    assert.ok(hashed.ok)
    return (kind: string) => hashed.hashes.find((one) => one.kind === kind)!.hash
  }
  const [equal, alike] = [noisePicture(90, 90), noisePicture(80, 80)]
  const opinions = [{ owner: 'own', category: 'POSITIVE_CLASS' }] as const
  const md5 = (await hashes(equal))('md5')
  const pdq = (await hashes(alike))('pdq').slice()
  pdq[0]! ^= 7
  await signals.banks.add('ADOPTED', 'md5', [{ hash: md5, opinions }], by)
  await signals.banks.add('ADOPTED', 'pdq', [{ hash: pdq, opinions }], by)
  for (const [content, payload] of [
    ['equal', equal],
    ['alike', alike],
  ] as const) {
    const headers = { ...key, 'content-type': 'image/png' }
    await scene.app.inject({ method: 'POST', url: `/v1/media?content=${content}`, payload, headers })
  }
  const verdicts = async (surface: string) => {
    await scene.instance.guard.refresh()
    const subjects = ['equal', 'alike', 'other'].map((id) => ({ type: 'content', id }))
    const answer = await scene.app.inject({
      method: 'POST',
      url: '/v1/verdicts',
      headers: key,
      payload: { surface, subjects },
    })
    return (answer.json() as { verdicts: { action: string }[] }).verdicts.map(({ action }) => action)
  }
  assert.deepEqual(await verdicts('recommend_content'), ['drop', 'drop', 'allow'])
  assert.deepEqual(await verdicts('upload'), ['drop', 'allow', 'allow'])
  assert.deepEqual(await verdicts('message'), ['drop', 'allow', 'allow'])
  await signals.banks.change(
    'ADOPTED',
    [
      { entry: 0, do: 'withdraw' },
      { entry: 1, do: 'withdraw' },
    ],
    'a mistake',
    by,
  )
  await until(async () => (await verdicts('recommend_content')).every((action) => action === 'allow'))
  assert.deepEqual(scene.faults, [])
})

test('a decision on a report by a person says nothing of the media; one on the look does, and what is reversed is taken back', async (t) => {
  const scene = await openScene({ working: true })
  t.after(() => scene.close())
  const { signals, ledger, reports } = scene.instance
  const by = { kind: 'system', id: 'test' } as const
  const post = { type: 'content', id: 'post-78' }
  await signals.banks.create('FOREIGN', { category: 'child-safety' }, by)
  const picture = noisePicture(70, 90)
  const hashed = await signals.media.hash(picture, AbortSignal.timeout(30_000))
  assert.ok(hashed.ok)
  const { hash } = hashed.hashes.find(({ kind }) => kind === 'md5')!
  const opinions = [{ owner: 'somebody', category: 'POSITIVE_CLASS' }] as const
  await signals.banks.add('FOREIGN', 'md5', [{ hash, opinions, sourceId: 'lantern-1' }], by)
  const exchange = {
    name: 'source',
    kind: 'ncmec',
    bank: 'FOREIGN',
    settings: { baseUrl: 'https://source.invalid/v2' },
  }
  await signals.exchanges.create({ ...exchange, secrets: { user: 'u', password: 'p' } }, by)
  await signals.exchanges.change('source', { enabled: false }, by)
  await signals.content.upload({ content: post.id, key: 'a', bytes: picture }, by)
  const labels = async () => (await ledger.labels.active({ subject: post })).map(({ value }) => value)
  const own = () => signals.banks.matcher.opinions(signals.banks.bank('FOREIGN'), 0).find(({ owner }) => owner === OWN)
  const sources = async () => (await ledger.db.selectFrom('report').select(['source', 'job', 'state']).execute()).flat()
  await until(async () => (await sources()).some(({ source }) => source === 'banks'))

  const decide = async (job: string, outcome: 'violation' | 'no-violation') => {
    const moderator = { id: 'moderator-1', lanes: ['general', 'danger', 'child-safety'] as const, manages: false }
    await reports.desk.take(job, moderator)
    const actions = outcome === 'violation' ? [{ kind: 'remove-content' as const }] : []
    const about = { outcome, policy: 'media', ground: 'terms' as const, actions, facts: 'Looked at it.' }
    const decided = await reports.desk.decide(job, moderator, about)
    scene.now += HOUR
    await reports.settle()
    assert.ok('decision' in decided)
    return decided.decision.id
  }
  const followed = async () => {
    const head = (await ledger.events({ types: ['decision.effective', 'decision.reversed'] })).at(-1)!.seq
    await until(async () => (await ledger.cursor('signals-decisions').get()) >= head)
  }

  await reports.intake.submit(
    {
      subject: post,
      category: 'spam',
      text: 'Buy lanterns.',
      reporter: { class: 'user', id: 'acct-1' },
      source: 'app',
    },
    { caller: 'app', key: 'spam-1' },
  )
  const jobOf = async (from: string) => (await sources()).find(({ source }) => source === from)!.job!
  assert.notEqual(await jobOf('app'), await jobOf('banks'), 'child safety is a lane of its own')
  await decide(await jobOf('app'), 'no-violation')
  await followed()
  assert.deepEqual(await labels(), ['known-media-look'])
  assert.equal(own(), undefined, 'nothing is said of the entry')
  assert.equal((await signals.exchanges.feedbackCounts()).pending, 0)

  const decision = await decide(await jobOf('banks'), 'no-violation')
  await followed()
  await until(async () => own()?.category === 'NEGATIVE_CLASS')
  assert.deepEqual(await labels(), [])
  assert.equal((await signals.exchanges.feedbackCounts()).pending, 1)

  await reports.desk.reverse(decision, { id: 'moderator-2', lanes: ['child-safety'], manages: true }, 'It is the one.')
  await followed()
  await until(async () => own() === undefined)
  assert.deepEqual(await labels(), ['known-media-look'])
  assert.equal((await signals.exchanges.feedbackCounts()).pending, 0, 'what was not sent yet is not sent')
  assert.equal((await ledger.audit({ kind: 'bank.decision-taken-back' })).length, 1)

  const open = async () => (await sources()).filter(({ state }) => state === 'open' || state === 'merged')
  await until(async () => (await open()).length === 1)
  const again = (await open())[0]!.job!
  await reports.intake.submit(
    {
      ...{ subject: post, category: 'child-contact', text: 'It writes to a child.', source: 'app' },
      reporter: { class: 'user', id: 'acct-2' },
    },
    { caller: 'app', key: 'contact-1' },
  )
  assert.deepEqual(new Set((await open()).map(({ job }) => job)), new Set([again]), 'one job for both')
  await decide(again, 'violation')
  await followed()
  assert.equal(own(), undefined, 'the violation may be the contact: nothing is said of the picture')
  assert.deepEqual(scene.faults, [])
})

test('a look that is refused as a report, or was filed under other words, stops none of the looks behind it', async (t) => {
  const scene = await openScene()
  t.after(() => scene.close())
  const { signals, ledger } = scene.instance
  const look = (id: string) => ({
    ...{
      subject: { type: 'content', id },
      value: 'known-media-look',
      source: 'bank:FOREIGN',
      reason: 'A person should look.',
    },
  })
  await ledger.labels.apply(['post-changed', 'post-erased', 'post-behind'].map(look), { kind: 'system', id: 'test' })
  const asked: string[] = []
  const told: unknown[] = []
  const { banks, content, detectors, exchanges } = signals
  const loop = new ReviewLoop({ ledger, banks, content, detectors, exchanges, onFault: (error) => told.push(error) })
  t.after(() => loop.close())
  loop.start({
    submit: async ({ subject: { id } }) => {
      asked.push(id)
      if (id === 'post-changed') throw new FirebreakError('http/conflict', ['other words under one key'])
      if (id === 'post-erased') throw new FirebreakError('input/invalid', ['nothing is left of it'])
      return { id: 'r', receipt: 'r' } as never
    },
  })
  await until(async () => (await ledger.cursor('signals-looks').get()) > 0)
  assert.deepEqual(asked, ['post-changed', 'post-erased', 'post-behind'])
  assert.deepEqual(
    told.map((error) => (error as FirebreakError).code),
    ['input/invalid'],
  )
})

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; !(await holds()); attempt++) {
    assert.ok(attempt < 1_000, 'it comes to hold')
    await new Promise((later) => setTimeout(later, 20))
  }
}
