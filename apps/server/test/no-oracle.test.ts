import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { follow, openScene, type Scene } from './scene.ts'

let scene: Scene
let platform: Record<string, string>
let investigator: Record<string, string>
before(async () => {
  scene = await openScene()
  platform = await scene.key('verdicts', 'events:write', 'labels:write')
  investigator = await scene.key('verdicts', 'explain')
  const age = (id: string, band: string) =>
    follow(`age-${id}`, id, id, { type: 'age.assured', data: { band, source: 'declared' } })
  const events = [
    age('adult-1', '18+'),
    age('adult-2', '18+'),
    age('adult-3', '18+'),
    ...Array.from({ length: 14 }, (_, i) => age(`minor-${i}`, '13-17')),
    follow('f-1', 'adult-2', 'minor-0'),
    follow('f-2', 'minor-0', 'adult-2'),
    ...Array.from({ length: 12 }, (_, i) => follow(`c-${i}`, 'adult-3', `minor-${i}`, { type: 'contact.started' })),
    follow('b-1', 'minor-9', 'adult-3', { type: 'block' }),
  ]
  await post('/v1/events', { events })
  await post('/v1/labels', {
    subject: { type: 'account', id: 'listed-1' },
    value: 'network-member',
    reason: 'mapped',
    probability: 0.9,
  })
  await scene.instance.guard.refresh()
})
after(() => scene.close())

const post = (url: string, payload: object, headers = platform) =>
  scene.app.inject({ method: 'POST', url, headers, payload })
async function ask(body: object, headers = platform): Promise<{ raw: string; actions: string[] }> {
  const answer = await post('/v1/verdicts', body, headers)
  assert.equal(answer.statusCode, 200, answer.body)
  const { verdicts } = answer.json() as { verdicts: { action: string }[] }
  return { raw: answer.body, actions: verdicts.map(({ action }) => action) }
}
const prompt = (viewer: string, id: string, rest: object = {}) => ({
  surface: 'follow_prompt',
  viewer,
  subjects: [{ type: 'account', id, ...rest }],
})

test('an adult gets no prompt towards a minor it is not connected with; who is connected does, after the first question', async () => {
  assert.deepEqual((await ask(prompt('adult-1', 'minor-0'))).actions, ['drop'])
  assert.deepEqual((await ask(prompt('minor-1', 'minor-0'))).actions, ['allow'])
  assert.deepEqual((await ask(prompt('adult-1', 'adult-2'))).actions, ['allow'])
  await ask(prompt('adult-2', 'minor-0'))
  await scene.instance.guard.refresh()
  assert.deepEqual((await ask(prompt('adult-2', 'minor-0'))).actions, ['allow'])
  assert.deepEqual((await ask(prompt('adult-1', 'minor-2', { connected: true }))).actions, ['allow'])
})

test('one adult that approached many minors gets no prompt towards unknown ages either; the minors are labelled by nobody', async () => {
  assert.deepEqual((await ask(prompt('adult-3', 'somebody'))).actions, ['drop'])
  assert.deepEqual((await ask(prompt('adult-1', 'somebody'))).actions, ['allow'])
  assert.deepEqual((await ask(prompt('adult-3', 'adult-1'))).actions, ['allow'])
  const labels = await scene.instance.ledger.labels.active()
  assert.ok(labels.every(({ subject }) => !subject.id.startsWith('minor')))
})

test('ages and counts are still known after a restart', async () => {
  const { PeopleFollower } = await import('@firebreak/guard')
  const again = await PeopleFollower.open(scene.instance.ledger, () => scene.now)
  assert.equal(again.book.ageOf('minor-3'), 'minor')
  assert.equal(again.book.ageOf('adult-3'), 'adult')
  assert.equal(again.book.countIn('outreach.minors', 'adult-3', 7 * 86_400_000, scene.now), 12)
  assert.equal(again.book.countIn('contact.started', 'adult-3', 86_400_000, scene.now), 12)
})

test('to one viewer a minor, a listed account and any other withheld one look alike: same words, same size', async () => {
  const minor = await ask(prompt('adult-1', 'minor-5'))
  const listed = await ask(prompt('adult-1', 'listed-1'))
  const unknown = await ask(prompt('adult-1', 'nobody-1'))
  assert.equal(minor.raw, listed.raw)
  assert.equal(minor.raw.length, unknown.raw.length)
  assert.equal(minor.raw.length % 512, 0)
})

test('not even with the scope explain does an answer say that somebody is a minor, or count approaches', async () => {
  const { raw } = await ask(prompt('adult-1', 'minor-6'), investigator)
  assert.match(raw, /person-protection/)
  const all = raw + (await ask(prompt('adult-3', 'minor-6'), investigator)).raw
  assert.ok(!/minor[^-]|"age"|13-17|outreach|adult-to/.test(all), all)
})

test('a declared age band in the context changes nothing: there is nothing to search along', async () => {
  for (const ageBand of ['13-17', '18+', 'unknown', 'x'])
    assert.deepEqual((await ask({ ...prompt('adult-1', 'minor-7'), context: { ageBand } })).actions, ['drop'])
})

test('walking along a listed term over HTTP shows nothing after the first edge, and raises an alarm that an auditor sees', async () => {
  scene.instance.guard.snapshot.text = {
    judge: (_surface, _kind, text) =>
      text.includes('paper lantern')
        ? { terms: [{ entry: 'e1', list: 'lanterns', tier: 'exact', action: 'drop' }], links: [] }
        : null,
  }
  const search = async (text: string) =>
    (await ask({ surface: 'search', viewer: 'walker', subjects: [{ type: 'query', text }] })).actions[0]
  let text = 'a blue paper lantern for sale'
  while (text.length > 3 && (await search(text.slice(1))) === 'drop') text = text.slice(1)
  assert.ok(text.length <= 3, `the walk stopped at "${text}"`)
  await scene.instance.ledger.head()
  const auditor = await scene.signedIn('auditor')
  const alarms = await scene.app.inject({ method: 'GET', url: '/v1/guard/alarms', headers: auditor })
  assert.equal((alarms.json() as { alarms: unknown[] }).alarms.length, 1)
  assert.equal(await other('a blue paper lantern for sale'), 'drop')
  assert.equal(await other('gardens'), 'allow')
  async function other(text: string) {
    return (await ask({ surface: 'search', viewer: 'somebody', subjects: [{ type: 'query', text }] })).actions[0]
  }
  scene.instance.guard.snapshot.text = null
})
