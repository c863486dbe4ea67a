import assert from 'node:assert/strict'
import test, { after, before } from 'node:test'
import { readBooks, rowsOf } from '@firebreak/intake'
import { reportPorts } from '../src/canaries/report-ports.ts'
import { CanaryWatch } from '../src/canaries/watch.ts'
import { openScene, type Scene } from './scene.ts'

let scene: Scene
before(async () => {
  scene = await openScene()
})
after(() => scene.close())

const everyDoor = {
  coop: { on: true, types: {}, policies: {} },
  atproto: { on: true },
  notice: { on: true },
}

test('a canary flies through every live surface, is found, and leaves no trace in books, queues or verdicts', async () => {
  const { instance } = scene
  await instance.doors.setSettings(everyDoor, { kind: 'system', id: 'test' })
  const found = await instance.canaries.round()
  assert.deepEqual(
    [...found].filter(([, { state }]) => state !== 'found'),
    [],
  )
  for (const surface of [
    'report/api',
    'report/form',
    'report/coop',
    'report/atproto',
    'candidate/recommend_accounts',
    'hash/banks',
  ])
    assert.ok(found.has(surface), surface)
  assert.ok(!found.has('report/mastodon'), 'a closed door has no canary')
  const { totals, balanced } = await readBooks(instance.ledger)
  assert.deepEqual([totals.received, balanced], [0, true])
  assert.deepEqual(await rowsOf(instance.ledger.db, 'select 1 from job where closed_at is null'), [])
  assert.deepEqual(await rowsOf(instance.ledger.db, 'select 1 from reporter'), [])
  assert.equal((await instance.ledger.counts()).accounts, 0, 'no account is counted that is none')
  assert.deepEqual(await instance.ledger.labels.active({ value: 'network-member' }), [])
  assert.equal((await instance.ledger.verify()).ok, true)
  const seen = await scene.app.inject({ method: 'GET', url: '/v1/canaries', headers: await scene.signedIn('auditor') })
  const { surfaces, alarm } = seen.json() as { surfaces: { state: string }[]; alarm: { since: string | null } }
  assert.ok(surfaces.every(({ state }) => state === 'found'))
  assert.equal(alarm.since, null)
})

test('round after round leaves no new names in the store', async () => {
  const { ledger, canaries } = scene.instance
  const named = async () => (await rowsOf<{ n: number }>(ledger.db, 'select count(*)::int as n from entity'))[0]!.n
  const before = await named()
  const found = await canaries.round()
  assert.ok([...found.values()].every(({ state }) => state === 'found'))
  assert.equal(await named(), before)
})

/** Breaks one stage of the store for a while, as a fault in that stage would. */
async function broken(how: string, mend: string): Promise<[string, string, string][]> {
  await rowsOf(scene.instance.ledger.db, how)
  const ports = reportPorts(scene.instance).filter(({ surface }) => surface === 'report/api')
  const watch = new CanaryWatch(scene.instance.ledger, scene.instance.clock, ports)
  const found = await watch.round()
  const alarm = await watch.alarm()
  assert.ok(alarm.since !== null && alarm.problems.length === 1)
  await rowsOf(scene.instance.ledger.db, mend)
  await watch.round()
  assert.equal((await watch.alarm()).since, null, 'the alarm ends with the fault')
  return [...found].map(([surface, sighting]) => [surface, sighting.state, 'detail' in sighting ? sighting.detail : ''])
}

test('a broken stage of intake is found by its canary: no job is opened, a report vanishes, the door refuses', async () => {
  const trigger = (name: string, table: string) =>
    `create trigger ${name} before insert on ${table} for each row execute function drop_it()`
  await rowsOf(
    scene.instance.ledger.db,
    'create function drop_it() returns trigger language plpgsql as $$ begin return null; end $$',
  )
  assert.deepEqual(await broken(trigger('no_job', 'job'), 'drop trigger no_job on job'), [
    ['report/api', 'lost', 'it opened no job'],
  ])
  assert.deepEqual(await broken(trigger('no_report', 'report'), 'drop trigger no_report on report'), [
    ['report/api', 'lost', 'acknowledged, but not stored'],
  ])
  const [[surface, state, detail] = []] = await broken(
    'alter table report add constraint shut check (source <> $$canary$$ or received_at < now() - interval $$100 years$$) not valid',
    'alter table report drop constraint shut',
  )
  assert.deepEqual([surface, state], ['report/api', 'lost'])
  assert.match(detail!, /shut/)
})

test('a guard that lets a labelled candidate through is found as a leak', async () => {
  const { guard, guardSettings } = scene.instance
  const before = guard.snapshot.compiled.policy
  const loose = await guardSettings.write({ on: true, threshold: 1 }, { kind: 'system', id: 'test' })
  guard.setPolicy(loose)
  const found = await scene.instance.canaries.round()
  assert.equal(found.get('candidate/recommend_accounts')!.state, 'leaked')
  assert.ok((await scene.instance.canaries.alarm()).since !== null)
  const { on, threshold } = before
  guard.setPolicy(await guardSettings.write({ on, threshold }, { kind: 'system', id: 'test' }))
  await scene.instance.canaries.round()
  assert.equal((await scene.instance.canaries.alarm()).since, null)
})

test('the term of the canaries is caught on every surface once it is live; taken out of force, it is found leaking', async () => {
  const { lexicon, canaryTerm, canaries } = scene.instance
  const [one, two] = [
    { kind: 'user', id: 'user-1' },
    { kind: 'user', id: 'user-2' },
  ] as const
  const [added] = await lexicon.entries.add([{ text: 'canary seashell', list: 'canary' }], one)
  const id = (added as { id: string }).id
  await lexicon.entries.test(id, 1, one)
  await lexicon.entries.submit(id, one)
  await lexicon.entries.approve(id, two)
  await lexicon.entries.publish(id, one)
  await canaryTerm.set('canary seashell', one)
  const states = async () =>
    [...(await canaries.round())].filter(([surface]) => surface.startsWith('term/')).map(([, { state }]) => state)
  assert.deepEqual(await states(), ['found', 'found', 'found', 'found'])
  const stored = JSON.stringify(await rowsOf(scene.instance.ledger.db, 'select body from document'))
  assert.ok(!stored.includes('canary seashell'), 'kept sealed')
  await lexicon.entries.expire(id, 'a test', one)
  assert.deepEqual(await states(), ['leaked', 'leaked', 'leaked', 'leaked'])
  await canaryTerm.set(null, one)
  await canaries.round()
  assert.equal((await canaries.alarm()).since, null)
})
