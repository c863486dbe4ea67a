import assert from 'node:assert/strict'
import test from 'node:test'
import type { EventInput } from '@firebreak/ledger'
import { openTestLedger, TEST_TIME } from '@firebreak/ledger/testing'
import fc from 'fast-check'
import { PeopleFollower, pairKey, WindowedCounters } from '../src/index.ts'

const BY = { kind: 'system', id: 'test' } as const
const HOUR = 3_600_000
const WEEK = 168 * HOUR
let events = 0
const event = (type: string, actor: string, subject: string, rest: Partial<EventInput> = {}): EventInput => ({
  id: `e-${++events}`,
  type,
  at: new Date(TEST_TIME - HOUR).toISOString(),
  actor: { type: 'account', id: actor },
  subject: { type: 'account', id: subject },
  ...rest,
})
const age = (id: string, band: string) => event('age.assured', id, id, { data: { band, source: 'declared' } })

test('a window counts what a plain list of times counts, to the hour', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 900 }), { maxLength: 60 }),
      fc.constantFrom(1, 24, 168, 720),
      fc.integer({ min: 0, max: 950 }),
      (hours, window, now) => {
        const counters = new WindowedCounters()
        for (const hour of hours) counters.add('c', 'k', hour)
        const wanted = hours.filter((hour) => hour > now - window).length
        assert.equal(counters.count('c', 'k', window * HOUR, now * HOUR), wanted)
        counters.sweep(now * HOUR)
        assert.equal(counters.count('c', 'k', window * HOUR, now * HOUR), wanted)
      },
    ),
  )
})

test('two names make one pair, whatever is in them', () => {
  assert.notEqual(pairKey('a', 'bc'), pairKey('ab', 'c'))
  assert.notEqual(pairKey('1:a', 'b'), pairKey('1', ':ab'))
})

test('approaches to minors count once a pair, not among those who follow back, and not between minors', async () => {
  const ledger = await openTestLedger({ clock: () => TEST_TIME })
  await ledger.append(
    [age('adult', '18+'), age('m1', '13-17'), age('m2', '13-17'), age('m3', '13-17'), event('follow', 'm3', 'adult')],
    BY,
  )
  const people = await PeopleFollower.open(ledger, () => TEST_TIME)
  const approach = (from: string, to: string) => event('contact.started', from, to)
  await ledger.append(
    [
      approach('adult', 'm1'),
      approach('adult', 'm1'),
      approach('adult', 'm2'),
      approach('adult', 'm3'),
      approach('m1', 'm2'),
      approach('somebody', 'm1'),
      event('block', 'm1', 'adult'),
    ],
    BY,
  )
  await people.follow()
  const count = (counter: string, who: string) => people.book.countIn(counter, who, WEEK, TEST_TIME)
  assert.equal(count('outreach.minors', 'adult'), 2)
  assert.equal(count('outreach.minors', 'm1'), 0)
  assert.equal(count('outreach.minors', 'somebody'), 1, 'an unknown age is no minor')
  assert.equal(count('contact.started', 'adult'), 4)
  assert.equal(count('blocked-by', 'adult'), 1)
  assert.equal(people.book.countIn('outreach.pair', 'adult', WEEK, TEST_TIME, 'm1'), 1)
  await ledger.close()
})

test('two processes that follow one ledger write every count once, and a third reads them back', async () => {
  const ledger = await openTestLedger({ clock: () => TEST_TIME })
  const one = await PeopleFollower.open(ledger, () => TEST_TIME)
  const two = await PeopleFollower.open(ledger, () => TEST_TIME)
  for (let round = 0; round < 5; round++) {
    await ledger.append([event('contact.started', 'a', `b${round}`), event('block', `b${round}`, 'a')], BY)
    await Promise.all([one.follow(), two.follow()])
    await ledger.append([age(`c${round}`, '18+')], BY)
    await (round % 2 ? one : two).follow()
  }
  await Promise.all([one.follow(), two.follow()])
  const three = await PeopleFollower.open(ledger, () => TEST_TIME)
  for (const { book } of [one, two, three]) {
    assert.equal(book.countIn('contact.started', 'a', WEEK, TEST_TIME), 5)
    assert.equal(book.countIn('blocked-by', 'a', WEEK, TEST_TIME), 5)
    assert.equal(book.ageOf('c4'), 'adult')
  }
  await ledger.close()
})

test('a store that fails while counts are written down does not make them count twice', async () => {
  const ledger = await openTestLedger({ clock: () => TEST_TIME })
  let failing = false
  const source = {
    events: ledger.events.bind(ledger),
    head: ledger.head.bind(ledger),
    neighbours: ledger.neighbours.bind(ledger),
    db: ledger.db,
    transaction: (async (by, work) => {
      if (failing) throw new Error('the store is away')
      return ledger.transaction(by, work)
    }) as typeof ledger.transaction,
  }
  const people = await PeopleFollower.open(source, () => TEST_TIME)
  await ledger.append([event('contact.started', 'a', 'b')], BY)
  failing = true
  for (let i = 0; i < 3; i++) await assert.rejects(people.follow())
  failing = false
  await people.follow()
  assert.equal(people.book.countIn('contact.started', 'a', WEEK, TEST_TIME), 1)
  await ledger.close()
})

test('an erased account is nobody after a restart', async () => {
  const ledger = await openTestLedger({ clock: () => TEST_TIME })
  await ledger.append([age('gone', '13-17'), event('contact.started', 'gone', 'b')], BY)
  await PeopleFollower.open(ledger, () => TEST_TIME)
  await ledger.append([event('subject.erased', 'gone', 'gone', { actor: { type: 'system', id: 'platform' } })], BY)
  const again = await PeopleFollower.open(ledger, () => TEST_TIME)
  assert.equal(again.book.ageOf('gone'), 'unknown')
  assert.equal(again.book.countIn('contact.started', 'gone', WEEK, TEST_TIME), 0)
  await ledger.close()
})

test('who is connected is not known at first, and known after the next look', async () => {
  const ledger = await openTestLedger({ clock: () => TEST_TIME })
  await ledger.append([event('follow', 'a', 'b'), event('follow', 'b', 'a'), event('follow', 'c', 'a')], BY)
  const people = await PeopleFollower.open(ledger, () => TEST_TIME)
  assert.equal(people.book.related('a', 'b'), undefined)
  await people.follow()
  assert.equal(people.book.related('a', 'b'), true)
  assert.equal(people.book.related('c', 'a'), false)
  await ledger.close()
})
