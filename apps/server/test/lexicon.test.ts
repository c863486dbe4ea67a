import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { DAY } from '@firebreak/kernel'
import { TEST_TIME } from '@firebreak/ledger/testing'
import { openScene, type Scene } from './scene.ts'

let scene: Scene
let anna: Record<string, string>
let ben: Record<string, string>
let platform: Record<string, string>
before(async () => {
  scene = await openScene({ working: true })
  anna = await scene.signedIn('investigator')
  ben = await scene.signedIn('investigator')
  platform = await scene.key('verdicts')
})
after(() => scene.close())

const PAGE = { origin: 'http://localhost', host: 'localhost' }

async function call(method: 'GET' | 'POST' | 'PUT', url: string, who: Record<string, string>, payload?: object) {
  const answer = await scene.app.inject({ method, url, headers: { ...PAGE, ...who }, ...(payload ? { payload } : {}) })
  return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() }
}

async function live(entry: object): Promise<string> {
  const { body } = await call('POST', '/v1/lexicon', anna, { entries: [entry] })
  const { id } = body.entries[0]
  for (const [step, who] of [
    ['test', anna],
    ['submit', anna],
    ['approve', ben],
    ['publish', anna],
  ] as const) {
    const { status, body } = await call('POST', `/v1/lexicon/${id}/${step}`, who, step === 'test' ? {} : undefined)
    assert.equal(status, 200, `${step}: ${JSON.stringify(body)}`)
  }
  return id
}

async function verdict(
  surface: string,
  type: string,
  text: string,
  extra: object = {},
): Promise<{ action: string; interstitial?: { kind: string; variant: string } }> {
  const { body } = await call('POST', '/v1/verdicts', platform, { surface, subjects: [{ type, text }], ...extra })
  return body.verdicts[0]
}

test('a term in force gets the same verdict on every surface, disguised or not', async () => {
  await live({ text: 'paper lantern' })
  for (const [surface, type] of [
    ['search', 'query'],
    ['autocomplete', 'prefix'],
    ['trending', 'hashtag'],
    ['hashtag_page', 'hashtag'],
    ['profile', 'account'],
    ['comment', 'content'],
    ['recommend_content', 'content'],
  ] as const)
    for (const text of ['paper lantern', 'P4PER.LANTERN', 'ｐａｐｅｒ ｌａｎｔｅｒｎ', '#paperlantern'])
      assert.equal((await verdict(surface, type, text)).action, 'drop', `${surface} ${text}`)
  assert.equal((await verdict('search', 'query', 'paper boat')).action, 'allow')
  assert.equal((await verdict('autocomplete', 'prefix', 'paper lant')).action, 'drop')
  assert.equal((await verdict('autocomplete', 'prefix', 'pap')).action, 'allow')
})

test('an answer without explain names neither term nor entry', async () => {
  const { body } = await call('POST', '/v1/verdicts', platform, {
    surface: 'search',
    subjects: [{ type: 'query', text: 'paper lantern' }],
  })
  assert.deepEqual(body.verdicts, [{ action: 'drop', reason: 'not-available' }])
})

test('a person cannot approve an entry of their own, nor a key anything', async () => {
  const { body } = await call('POST', '/v1/lexicon', anna, { entries: [{ text: 'seashell trade' }] })
  const { id } = body.entries[0]
  await call('POST', `/v1/lexicon/${id}/test`, anna, {})
  await call('POST', `/v1/lexicon/${id}/submit`, anna)
  const own = await call('POST', `/v1/lexicon/${id}/approve`, anna)
  assert.deepEqual([own.status, own.body.code], [403, 'lexicon/second-person'])
  const key = await scene.key('lexicon:approve')
  assert.equal((await call('POST', `/v1/lexicon/${id}/approve`, key)).body.code, 'lexicon/second-person')
  assert.equal((await call('POST', `/v1/lexicon/${id}/approve`, ben)).status, 200)
  const shown = await call('GET', `/v1/lexicon/${id}`, anna)
  assert.equal(shown.body.masked[0], 's')
  assert.ok(!JSON.stringify(shown.body).includes('seashell'))
})

test('a screen is drawn per viewer, worded in the viewer’s language, and counted without the query', async () => {
  await live({ text: 'amber falcon', options: { action: 'warn' } })
  const variants = new Set<string>()
  for (let i = 0; i < 12; i++) {
    const one = await verdict('search', 'query', 'amber falcon', { viewer: `acct-${i}` })
    assert.deepEqual([one.action, one.interstitial?.kind], ['interstitial', 'warn'])
    const again = await verdict('search', 'query', 'amber falcon', { viewer: `acct-${i}` })
    assert.equal(again.interstitial?.variant, one.interstitial?.variant)
    variants.add(one.interstitial!.variant)
  }
  assert.deepEqual([...variants].sort(), ['harm', 'plain'])
  const german = await call('GET', '/v1/interstitials/warn?variant=harm&locale=de-AT', platform)
  assert.deepEqual([german.body.locale, german.body.seeAnyway], ['de', false])
  const set = await call('PUT', '/v1/lexicon/settings', ben, {
    interstitials: { seeAnyway: ['warn'], help: { '*': 'https://help.example/', de: 'https://hilfe.example/' } },
  })
  assert.equal(set.status, 200)
  const after = await call('GET', '/v1/interstitials/warn?variant=harm&locale=de-AT', platform)
  assert.deepEqual([after.body.seeAnyway, after.body.helpAddress], [true, 'https://hilfe.example/'])
  const page = await scene.app.inject({
    url: '/v1/interstitials/warn/page?variant=harm&locale=de',
    headers: { ...PAGE, ...anna },
  })
  assert.match(page.body, /<h1 id="title">Bevor Sie fortfahren<\/h1>/)
  assert.match(page.body, /https:\/\/hilfe\.example\//)
  for (const outcome of ['shown', 'shown', 'help'])
    assert.equal(
      (await call('POST', '/v1/interstitials/outcomes', platform, { kind: 'warn', variant: 'harm', outcome })).status,
      202,
    )
  assert.equal(
    (await call('POST', '/v1/interstitials/outcomes', platform, { kind: 'warn', variant: 'no-such', outcome: 'shown' }))
      .status,
    404,
  )
  const report = await call('GET', '/v1/interstitials/outcomes', anna)
  const [harm] = report.body.variants
  assert.deepEqual([harm.variant, harm.shown, harm.help.count, harm.help.value], ['harm', 2, 1, 0.5])
})

test('what a group moved to is suggested, filed, accepted and goes the usual way', async () => {
  const events = []
  const at = (day: number): string => new Date(TEST_TIME + (day - 20) * DAY).toISOString()
  for (let i = 0; i < 8; i++)
    for (const [day, tag] of [
      [2, 'velvetkettle'],
      [12, 'velvetk3ttl'],
    ] as const)
      events.push({
        id: `p-${i}-${day}`,
        type: 'post.created',
        at: at(day),
        actor: { type: 'account', id: `acct-${i}` },
        subject: { type: 'content', id: `c-${i}-${day}` },
        data: { hashtags: [tag, 'weekend'] },
      })
  const writer = await scene.key('events:write')
  assert.equal((await call('POST', '/v1/events', writer, { events })).status, 200)
  const found = await call('POST', '/v1/lexicon/variants', anna, { blocked: 'velvet kettle', at: at(10) })
  assert.equal(found.body.suggestions[0].variant, 'velvetk3ttl')
  assert.equal(found.body.suggestions[0].blastRadius.hits, 8)
  const open = await call('GET', '/v1/lexicon/inbox', anna)
  const item = open.body.items.find((one: { text: string }) => one.text === 'velvetk3ttl')
  assert.equal(item.about, 'velvet kettle')
  const accepted = await call('POST', `/v1/lexicon/inbox/${item.id}/accept`, anna, {})
  assert.equal(accepted.body.status, 'added')
  assert.equal((await call('POST', `/v1/lexicon/inbox/${item.id}/reject`, anna)).status, 409)
  const tested = await call('POST', `/v1/lexicon/${accepted.body.id}/test`, anna, { days: 30 })
  assert.deepEqual([tested.body.blastRadius.hits, tested.body.blastRadius.accounts], [8, 8])
  const judged = await call('POST', `/v1/lexicon/${accepted.body.id}/precision`, anna, { right: 8, wrong: 0 })
  assert.ok(judged.body.low > 0.6 && judged.body.high === 1)
})

test('a post whose text is listed is not proposed when a recommender asks by its id alone', async () => {
  await live({ text: 'copper umbrella' })
  const events = [
    {
      ...{
        id: 'copper-1',
        type: 'post.created',
        at: new Date(TEST_TIME).toISOString(),
        actor: { type: 'account', id: 'acct-9' },
      },
      ...{ subject: { type: 'content', id: 'post-9' }, data: { text: 'my c0pper umbrella' } },
    },
  ]
  await call('POST', '/v1/events', await scene.key('events:write'), { events })
  const ask = async (): Promise<string> => {
    const subjects = [{ type: 'content', id: 'post-9' }]
    const { body } = await call('POST', '/v1/verdicts', platform, { surface: 'recommend_content', subjects })
    return body.verdicts[0].action
  }
  for (const until = Date.now() + 10_000; Date.now() < until && (await ask()) !== 'drop'; )
    await new Promise((resolve) => setTimeout(resolve, 100))
  assert.equal(await ask(), 'drop')
})

test('users report suggestions, once counted twice, decided by a person', async () => {
  for (let i = 0; i < 2; i++)
    assert.equal(
      (await call('POST', '/v1/surfaces/reports', platform, { surface: 'autocomplete', text: 'odd suggestion' }))
        .status,
      202,
    )
  const { body } = await call('GET', '/v1/lexicon/inbox', anna)
  const item = body.items.find((one: { source: string }) => one.source === 'reported')
  assert.equal(item.seen, 2)
  const until = new Date(scene.now + DAY).toISOString()
  assert.equal((await call('POST', `/v1/lexicon/inbox/${item.id}/snooze`, anna, { until })).status, 200)
  const open = async () =>
    (await call('GET', '/v1/lexicon/inbox', anna)).body.items.some((one: { id: string }) => one.id === item.id)
  assert.equal(await open(), false)
  scene.now += DAY
  anna = await scene.signedIn('investigator')
  assert.equal(await open(), true)
})

test('lists come in from Coop, HMA, CSV and lines; what cannot be read is listed', async () => {
  const cases = [
    [
      JSON.stringify({ id: '1', name: 'Night Words', type: 'STRING', strings: ['quiet harbour', 'iron feather'] }),
      'coop',
      2,
      0,
    ],
    [
      JSON.stringify([
        { signal_type: 'raw_text', signal: 'hollow acorn' },
        { signal_type: 'pdq', signal: 'ff' },
      ]),
      'hma',
      1,
      1,
    ],
    ['text,kind,action\nwooden comet,term,warn\nx.example.com/,url,drop\nbroken\n', 'csv', 2, 1],
    ['misty pebble\ngolden thimble\n', 'lines', 2, 0],
    ['{"id":"t1","term":"silent beacon","boundary":"word"}\nnot json\n', 'jsonl', 1, 1],
  ] as const
  for (const [text, format, added, bad] of cases) {
    const { body } = await call('POST', '/v1/lexicon/import', anna, { text })
    assert.deepEqual(
      [
        body.format,
        body.entries.filter(({ status }: { status: string }) => status === 'added').length,
        body.bad.length,
      ],
      [format, added, bad],
      JSON.stringify(body),
    )
  }
})
