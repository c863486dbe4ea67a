import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import test, { after, before } from 'node:test'
import { noisePicture } from './picture.ts'
import { type Answer, openScene, type Scene } from './scene.ts'

let scene: Scene
let feeder: Record<string, string>
let asker: Record<string, string>
let explaining: Record<string, string>
before(async () => {
  scene = await openScene()
  feeder = await scene.key('banks:write', 'read', 'media:write', 'match')
  asker = await scene.key('match')
  explaining = await scene.key('match', 'explain', 'banks:write')
})
after(() => scene.close())

const call = (
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE',
  url: string,
  headers: Record<string, string>,
  payload?: object,
) => scene.app.inject({ method, url, headers, ...(payload === undefined ? {} : { payload }) })
const code = (answer: Answer) => (answer.json() as { code: string }).code
const pdq = () => randomBytes(32).toString('hex')
const flip = (hex: string, bits: number) => {
  const bytes = Buffer.from(hex, 'hex')
  for (let bit = 0; bit < bits; bit++) bytes[bit >> 3]! ^= 1 << (bit & 7)
  return bytes.toString('hex')
}

test('a bank is made, fed and asked; without explain the answer says one word and nothing of distance, entry or bank', async () => {
  const made = await call('POST', '/v1/banks', feeder, { name: 'LANTERNS', settings: { adopted: true, distance: 20 } })
  assert.equal(made.statusCode, 201)
  const hash = pdq()
  const added = await call('POST', '/v1/banks/LANTERNS/entries', feeder, {
    entries: [
      { kind: 'pdq', hash },
      { kind: 'md5', hash: hash.slice(32) },
    ],
  })
  assert.deepEqual(added.json(), { entries: [0, 1] })
  const ask = (headers: Record<string, string>, ...hashes: string[]) =>
    call('POST', '/v1/match', headers, { hashes: hashes.map((one) => ({ kind: 'pdq', hash: one })) })
  const plain = await ask(asker, flip(hash, 9), flip(hash, 21), pdq())
  assert.deepEqual(plain.json(), { results: [{ result: 'held' }, { result: 'none' }, { result: 'none' }] })
  const told = (await ask(explaining, flip(hash, 9))).json() as { results: { hits: object[] }[] }
  assert.deepEqual(told.results[0]!.hits, [
    {
      bank: 'LANTERNS',
      adopted: true,
      negative: false,
      entry: 0,
      kind: 'pdq',
      distance: 9,
      opinion: 'POSITIVE_CLASS',
      positives: 1,
      quarantined: false,
    },
  ])
  const [held, unknown] = [await ask(asker, hash), await ask(asker, pdq())]
  assert.equal(held.body.length, unknown.body.length)
  const listed = await call('GET', '/v1/banks', feeder)
  assert.equal(listed.body.includes(hash), false)
  assert.equal((await call('PATCH', '/v1/banks/LANTERNS', feeder, { distance: 31 })).statusCode, 200)
  assert.deepEqual((await ask(asker, flip(hash, 21))).json(), { results: [{ result: 'held' }] })
  const { banks } = (await call('GET', '/v1/banks', feeder)).json() as { banks: { settings: { adopted: boolean } }[] }
  assert.equal(banks[0]!.settings.adopted, true, 'other settings stay')
})

test('an entry is withdrawn, restored and said to be fine by those who may; others are refused', async () => {
  const hash = pdq()
  const { entries } = (
    await call('POST', '/v1/banks/LANTERNS/entries', feeder, { entries: [{ kind: 'pdq', hash }] })
  ).json() as { entries: number[] }
  const url = `/v1/banks/LANTERNS/entries/${entries[0]}`
  const result = async () =>
    (
      (await call('POST', '/v1/match', asker, { hashes: [{ kind: 'pdq', hash }] })).json() as {
        results: { result: string }[]
      }
    ).results[0]!.result
  assert.equal((await call('POST', url, asker, { change: { do: 'withdraw' }, reason: 'x' })).statusCode, 403)
  assert.equal((await call('POST', url, feeder, { change: { do: 'withdraw' }, reason: 'a mistake' })).statusCode, 204)
  assert.equal(await result(), 'none')
  await call('POST', url, feeder, { change: { do: 'restore' }, reason: 'no mistake' })
  assert.equal(await result(), 'held')
  await call('POST', url, feeder, { change: { do: 'opinion', category: 'NEGATIVE_CLASS' }, reason: 'looked' })
  assert.equal(await result(), 'none')
  assert.equal(
    (await call('POST', '/v1/banks/LANTERNS/entries/999999', feeder, { change: { do: 'withdraw' }, reason: 'x' }))
      .statusCode,
    404,
  )
})

test('a moderator speaks of media by deciding the job in hand; only the keepers of banks tell sources and classifiers of any entry or content', async () => {
  const moderator = await scene.signedIn('moderator', 'child-safety-moderator')
  const said = (headers: Record<string, string>) =>
    Promise.all([
      call('POST', '/v1/banks/LANTERNS/entries/0/review', headers, { confirmed: false }),
      call('POST', '/v1/detectors/outcomes', headers, { content: 'post-1', confirmed: false }),
    ])
  const reviewer = await scene.key('review')
  for (const headers of [moderator, reviewer])
    for (const answer of await said(headers))
      assert.deepEqual([answer.statusCode, code(answer)], [403, 'access/denied'])
  assert.deepEqual(
    (await said(feeder)).map(({ statusCode }) => statusCode),
    [202, 200],
  )
})

test('a walk over near-identical hashes is stopped and told as an alarm', async () => {
  const walker = await scene.key('match')
  const start = pdq()
  const answers = []
  for (let i = 0; i < 30; i++)
    answers.push(await call('POST', '/v1/match', walker, { hashes: [{ kind: 'pdq', hash: flip(start, i) }] }))
  assert.equal(answers[23]!.statusCode, 200)
  assert.equal(answers[29]!.statusCode, 429)
  assert.equal(code(answers[29]!), 'access/throttled')
  assert.equal((await scene.instance.ledger.audit({ kind: 'alarm.hash-walk' })).length, 1)
  assert.equal((await call('POST', '/v1/match', walker, { hashes: [{ kind: 'pdq', hash: pdq() }] })).statusCode, 200)
})

test('a picture that is sent is hashed and compared before the answer; what is no medium is counted as failed', async () => {
  const picture = noisePicture(64, 64)
  const send = (content: string, payload: Buffer) =>
    scene.app.inject({
      method: 'POST',
      url: `/v1/media?content=${content}`,
      payload,
      headers: { ...feeder, 'content-type': 'image/png' },
    })
  const first = await send('post-1', picture)
  assert.deepEqual({ ...(first.json() as object), medium: 0 }, { medium: 0, state: 'hashed' })
  assert.deepEqual(
    { ...((await send('post-2', Buffer.from('no picture'))).json() as object), medium: 0 },
    { medium: 0, state: 'failed', error: 'media/unsupported' },
  )
  const status = (await call('GET', '/v1/signals/status', feeder)).json() as {
    media: Record<string, number>
    errors: Record<string, number>
  }
  assert.deepEqual([status.media.hashed, status.media.failed, status.errors], [1, 1, { 'media/unsupported': 1 }])
})

test('HMA’s addresses are off until opened, keyed, and answer an HMA client in its own shapes', async () => {
  assert.equal((await call('GET', '/hma/status', asker)).statusCode, 404)
  assert.equal((await call('PUT', '/v1/doors/hma', asker, { on: true })).statusCode, 403)
  await call('PUT', '/v1/doors/hma', feeder, { on: true })
  assert.equal((await scene.app.inject({ url: '/hma/status' })).statusCode, 401)

  // A client that can send no header has its key in the base URL.
  const token = feeder.authorization!.slice('Bearer '.length)
  const hma = (method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, payload?: object) =>
    scene.app.inject({ method, url: `/hma/${token}${path}`, ...(payload === undefined ? {} : { payload }) })
  assert.equal((await hma('GET', '/status')).body, 'I-AM-ALIVE')
  const made = await hma('POST', '/c/banks', { name: 'HMA_BANK', enabled: true })
  assert.equal(made.statusCode, 201)
  assert.deepEqual(made.json(), { name: 'HMA_BANK', matching_enabled_ratio: 1 })
  assert.deepEqual((await hma('GET', '/c/banks')).json(), [
    { name: 'LANTERNS', matching_enabled_ratio: 1 },
    { name: 'HMA_BANK', matching_enabled_ratio: 1 },
  ])
  const hash = pdq()
  const added = (await hma('POST', '/c/bank/HMA_BANK/signal', { pdq: hash })).json() as { id: number; signals: object }
  assert.deepEqual(added.signals, { pdq: hash })
  const raw = (path: string) => hma('GET', `/m/raw_lookup?signal_type=pdq&signal=${path}`)
  assert.deepEqual((await raw(flip(hash, 5))).json(), { matches: [added.id] })
  assert.deepEqual((await raw(pdq())).json(), { matches: [] })
  const refused = await raw(`${hash}&include_distance=true`)
  assert.deepEqual([refused.statusCode, Object.keys(refused.json() as object)], [403, ['message']])
  const distances = await call(
    'GET',
    `/hma/m/raw_lookup?signal_type=pdq&signal=${flip(hash, 5)}&include_distance=true`,
    explaining,
  )
  assert.deepEqual(distances.json(), { matches: [{ content_id: added.id, distance: '5' }] })
  assert.deepEqual((await hma('GET', `/m/lookup?signal_type=pdq&signal=${hash}&seed=1`)).json(), ['HMA_BANK'])
  assert.deepEqual(
    [(await raw('zz')).statusCode, (await hma('GET', `/m/lookup?signal_type=nope&signal=${hash}`)).statusCode],
    [400, 400],
  )

  const picture = noisePicture(96, 96)
  const file = form('photo', picture)
  const post = (path: string) => scene.app.inject({ method: 'POST', url: `/hma/${token}${path}`, ...file })
  const hashed = (await post('/h/hash')).json() as { pdq: string }
  assert.match(hashed.pdq, /^[0-9a-f]{64}$/)
  const banked = (await post('/c/bank/HMA_BANK/content')).json() as { signals: { pdq: string } }
  assert.equal(banked.signals.pdq, hashed.pdq)
  assert.deepEqual(((await post('/m/lookup')).json() as { pdq: string[] }).pdq, ['HMA_BANK'])
  assert.equal(
    (await scene.app.inject({ method: 'POST', url: `/hma/${token}/h/hash`, ...form('sculpture', picture) })).statusCode,
    400,
  )

  assert.deepEqual((await hma('DELETE', `/c/bank/HMA_BANK/content/${added.id}`)).json(), { deleted: 1 })
  assert.deepEqual((await raw(hash)).json(), { matches: [] })
  assert.deepEqual((await hma('PUT', '/c/bank/HMA_BANK', { enabled_ratio: 0.5 })).json(), {
    name: 'HMA_BANK',
    matching_enabled_ratio: 0.5,
  })
  assert.equal((await hma('GET', '/c/bank/NONE')).statusCode, 404)
  assert.deepEqual((await hma('DELETE', '/c/bank/HMA_BANK')).json(), { message: 'Done' })
  await call('PUT', '/v1/doors/hma', feeder, { on: false })
  assert.equal((await hma('GET', '/status')).statusCode, 404)
})

test('HMA’s url hashing does not reach this machine’s own network', async () => {
  await call('PUT', '/v1/doors/hma', feeder, { on: true })
  const answer = await call('GET', '/hma/h/hash?url=http://127.0.0.1:1/x.png', asker)
  assert.deepEqual(
    [answer.statusCode, answer.json()],
    [400, { message: 'the url could not be fetched (fetch/address)' }],
  )
})

test('exchanges and detectors are set up without their credentials ever being shown', async () => {
  await call('POST', '/v1/banks', feeder, { name: 'SHARED' })
  const made = await call('POST', '/v1/exchanges', feeder, {
    ...{ name: 'source', kind: 'ncmec', bank: 'SHARED', settings: { baseUrl: 'https://source.invalid/hashsharing' } },
    credentials: { user: 'somebody', password: 'a secret word' },
  })
  assert.equal(made.statusCode, 201)
  assert.equal((await call('PATCH', '/v1/exchanges/source', feeder, { enabled: false })).statusCode, 204)
  assert.equal(
    (
      await call('PUT', '/v1/detectors/house-model', feeder, {
        kind: 'plain',
        settings: { url: 'https://model.invalid/v1' },
        key: 'a secret word',
        enabled: false,
      })
    ).statusCode,
    204,
  )
  const shown = [
    await call('GET', '/v1/exchanges', feeder),
    await call('GET', '/v1/detectors', feeder),
    await call('GET', '/v1/signals/status', feeder),
  ]
  for (const { statusCode, body } of shown) {
    assert.equal(statusCode, 200)
    assert.doesNotMatch(body, /a secret word/)
  }
  assert.deepEqual(scene.faults, [])
  assert.ok((await scene.instance.ledger.verify()).ok)
})

function form(field: string, bytes: Buffer): { payload: Buffer; headers: Record<string, string> } {
  const head = `--XYZ\r\nContent-Disposition: form-data; name="${field}"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n`
  const payload = Buffer.concat([Buffer.from(head), bytes, Buffer.from('\r\n--XYZ--\r\n')])
  return { payload, headers: { 'content-type': 'multipart/form-data; boundary=XYZ' } }
}
