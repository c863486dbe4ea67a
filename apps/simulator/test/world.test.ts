import assert from 'node:assert/strict'
import test from 'node:test'
import { generateWorld, TRUTH_ROLES, type World } from '../src/index.ts'

const small = generateWorld({ scenario: 'small', seed: 1 })
const outreach = generateWorld({ scenario: 'outreach', seed: 1 })

function edgesOf(world: World, relation: string): [string, string][] {
  return [...world.edges()].filter((edge) => edge[2] === relation).map(([source, target]) => [source, target])
}

function followersOf(world: World, accounts: ReadonlySet<string>): Set<string> {
  return new Set(
    edgesOf(world, 'follow')
      .filter(([, target]) => accounts.has(target))
      .map(([source]) => source),
  )
}

test('the same scenario and seed make the same world, another seed another one', () => {
  const again = generateWorld({ scenario: 'small', seed: 1 })
  assert.deepEqual(again.parts.edges.source.subarray(0, 5_000), small.parts.edges.source.subarray(0, 5_000))
  assert.equal(again.parts.edges.count, small.parts.edges.count)
  assert.deepEqual(again.suggestedSeeds(5), small.suggestedSeeds(5))
  for (const role of TRUTH_ROLES) assert.deepEqual([...again.truth[role]], [...small.truth[role]])
  const other = generateWorld({ scenario: 'small', seed: 2 })
  assert.notDeepEqual([...other.truth.hubs], [...small.truth.hubs])
})

test('a small world has the planted parts in their numbers', () => {
  const { truth } = small
  assert.equal(small.accountCount, 20_000)
  assert.deepEqual(
    [truth.hubs, truth.core, truth.backups, truth.bridges, truth.victims, truth.returners, truth.club].map(
      (s) => s.size,
    ),
    [40, 24, 24, 12, 6, 8, 60],
  )
  assert.equal(truth.framers.size, 50)
  assert.equal(truth.framed.size, 1)
  assert.equal(followersOf(small, truth.core).size, 700)
  assert.equal(truth.positives().size, 64)
})

test("the study's network keeps its numbers: 405 hubs, 112 of them with exactly 22,000 different followers", () => {
  const world = generateWorld({ scenario: 'study', seed: 4, plan: { accounts: 90_000, press: 2 } })
  const { truth } = world
  assert.deepEqual([truth.hubs.size, truth.core.size, truth.backups.size, truth.returners.size], [405, 112, 260, 70])
  assert.equal(truth.positives().size, 665)
  assert.equal(followersOf(world, truth.core).size, 22_000)
})

test('every planted part is consistent with the others', () => {
  const { truth } = small
  for (const role of ['bridges', 'victims', 'audience', 'club', 'framed', 'press', 'researchers'] as const)
    for (const id of truth[role]) assert.ok(!truth.positives().has(id), `${id} is ${role} and a positive`)
  for (const id of truth.returners) assert.ok(truth.backups.has(id))
  for (const id of truth.removed) assert.ok(truth.hubs.has(id))
  for (const id of truth.framers) assert.ok(truth.positives().has(id) || truth.bridges.has(id))
  for (const role of TRUTH_ROLES) for (const id of truth[role]) assert.ok(small.accountOf(id) >= 0)
  const named = new Set(edgesOf(small, 'backup').map(([, target]) => target))
  for (const id of truth.backups) assert.ok(named.has(id), 'a backup is named in a bio')
})

test('follows are unique, nobody follows itself, and edges lie within the 90 days', () => {
  const seen = new Set<string>()
  for (const [source, target, relation, weight, at] of small.edges()) {
    assert.ok(weight === 1 && at >= small.startMs && at <= small.endMs)
    assert.notEqual(source, target)
    if (relation !== 'follow') continue
    assert.ok(!seen.has(`${source} ${target}`))
    seen.add(`${source} ${target}`)
  }
})

test('events come in order of time, once each, and say nothing of the truth', () => {
  const ids = new Set<string>()
  let last = ''
  let count = 0
  for (const event of small.events()) {
    count++
    assert.ok(event.at >= last)
    last = event.at
    ids.add(event.id)
    for (const name of Object.keys(event.data ?? {}))
      assert.ok(['hashtags', 'links', 'media', 'author', 'backups', 'kind', 'value'].includes(name), name)
  }
  assert.equal(ids.size, count)
  assert.ok(count > 200_000 && count < 250_000, `${count} events`)
})

test('the events add up to the edges', () => {
  const follows = new Set<string>()
  const backups = new Map<string, readonly string[]>()
  let likes = 0
  for (const { type, actor, subject, data } of small.events()) {
    if (type === 'follow') follows.add(`${actor.id} ${subject.id}`)
    if (type === 'unfollow') follows.delete(`${actor.id} ${subject.id}`)
    if (type === 'like') likes++
    if (type === 'account.updated') backups.set(actor.id, data!.backups as string[])
  }
  assert.deepEqual(follows, new Set(edgesOf(small, 'follow').map((pair) => pair.join(' '))))
  assert.equal(likes, edgesOf(small, 'like').length)
  const named = [...backups].flatMap(([source, targets]) => targets.map((target) => `${source} ${target}`))
  assert.deepEqual(new Set(named), new Set(edgesOf(small, 'backup').map((pair) => pair.join(' '))))
})

test('removed hubs fall silent and their followers move to the backup that the bio named', () => {
  const { truth } = small
  const removedAt = new Map<string, string>()
  const movedAfter = new Set<string>()
  const backupOf = new Map(edgesOf(small, 'backup').filter(([source]) => truth.removed.has(source)))
  for (const { type, at, actor, subject } of small.events()) {
    if (type === 'account.removed') removedAt.set(subject.id, at)
    if (type === 'post.created') assert.ok(!removedAt.has(actor.id), 'a removed account posts')
    if (type === 'follow' && truth.returners.has(subject.id)) {
      const hub = [...backupOf].find(([, backup]) => backup === subject.id)?.[0]
      if (hub !== undefined && removedAt.has(hub)) movedAfter.add(subject.id)
    }
  }
  assert.equal(removedAt.size, truth.removed.size)
  assert.ok(movedAfter.size >= truth.returners.size * 0.8)
})

test('follow-backs, communities and popularity look like a platform', () => {
  const pairs = edgesOf(small, 'follow')
  const known = new Set(pairs.map((pair) => pair.join(' ')))
  const mutual = pairs.filter(([a, b]) => known.has(`${b} ${a}`)).length / pairs.length
  assert.ok(mutual > 0.2 && mutual < 0.6, `${mutual} of follows are mutual`)
  const followers = new Map<string, number>()
  for (const [, target] of pairs) followers.set(target, (followers.get(target) ?? 0) + 1)
  const order = [...followers.values()].sort((a, b) => b - a)
  assert.ok(order[0]! > 20 * order[Math.floor(order.length / 2)]!, 'popularity is skewed')
})

test('suggested seeds are hubs that still exist; unrelated seeds touch nothing planted', () => {
  const { truth } = small
  for (let draw = 0; draw < 20; draw++) {
    for (const id of small.suggestedSeeds(5, draw)) assert.ok(truth.hubs.has(id) && !truth.removed.has(id))
    for (const id of small.unrelatedSeeds(3, draw)) assert.ok(!truth.positives().has(id) && !truth.audience.has(id))
  }
  assert.notDeepEqual(small.suggestedSeeds(3, 1), small.suggestedSeeds(3, 2))
})

test('adults who reach out contact minors who hardly answer; mentors are followed by theirs', () => {
  const { truth } = outreach
  assert.equal(truth.hubs.size, 34)
  const contacts = edgesOf(outreach, 'contact').filter(([source]) => truth.hubs.has(source))
  for (const [, target] of contacts) assert.ok(truth.victims.has(target))
  const follows = new Set(edgesOf(outreach, 'follow').map((pair) => pair.join(' ')))
  const answered = contacts.filter(([adult, minor]) => follows.has(`${minor} ${adult}`)).length / contacts.length
  assert.ok(answered < 0.1)
  const guided = edgesOf(outreach, 'contact').filter(([source]) => truth.mentors.has(source))
  const welcome = guided.filter(([mentor, minor]) => follows.has(`${minor} ${mentor}`)).length / guided.length
  assert.ok(welcome > 0.5)
  const bands = new Map<string, unknown>()
  for (const event of outreach.events()) if (event.type === 'age.assured') bands.set(event.subject.id, event.data?.band)
  for (const id of truth.victims) assert.equal(bands.get(id), '13-17')
})
