import assert from 'node:assert/strict'
import test from 'node:test'
import { emptySnapshot, judgeRequest, PeopleBook } from '@firebreak/guard'
import { DEFAULT_POLICY } from '@firebreak/policy'
import { generateWorld } from '@firebreak/simulator'

/** The counts of a whole invented world in which adults approach minors; the planted truth is read for scoring only. */
test('in the scenario outreach, approachers get no prompt towards minors, coaches and minors keep theirs, and no minor is labelled', async () => {
  const { PEOPLE_EVENTS, deltasOf } = await import('@firebreak/guard/people')
  const world = generateWorld({ scenario: 'outreach', seed: 12 })
  let now = 0
  const book = new PeopleBook(() => now)
  const follows = new Set<string>()
  const snapshot = emptySnapshot(DEFAULT_POLICY, Number.POSITIVE_INFINITY)
  snapshot.seenAt = 0
  snapshot.people = book
  const closed = new Set<string>()
  const prompt = (viewer: string, account: string): string =>
    judgeRequest(
      snapshot,
      { surface: 'follow_prompt', viewer: { id: viewer }, subjects: [{ type: 'account', id: account }] },
      now,
    )[0]!.action
  let seq = 0
  for (const event of world.events()) {
    seq++
    now = Date.parse(event.at)
    if (event.type === 'follow') follows.add(`${event.actor.id.length}:${event.actor.id}${event.subject.id}`)
    if (!(PEOPLE_EVENTS as readonly string[]).includes(event.type)) continue
    for (const delta of deltasOf({ ...event, seq } as never, book.soFar(follows, now))) book.take(delta)
    if (event.type === 'contact.started' && prompt(event.actor.id, 'an account of unknown age') === 'drop')
      closed.add(event.actor.id)
  }
  const { hubs, mentors, victims } = world.truth
  const caught = [...hubs].filter((account) => closed.has(account)).length
  assert.ok(caught >= 0.7 * hubs.size, `${caught} of ${hubs.size}`)
  assert.equal([...closed].filter((account) => !hubs.has(account)).length, 0)
  assert.equal([...mentors].filter((account) => closed.has(account)).length, 0)
  const some = [...victims].slice(0, 200)
  const adult = [...hubs][0]!
  assert.ok(some.every((minor) => prompt(adult, minor) === 'drop'))
  assert.ok(some.every((minor, i) => prompt(minor, some[(i + 1) % some.length]!) === 'allow'))
  assert.equal(snapshot.labels.size, 0)
})
