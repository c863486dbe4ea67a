import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AskWatch } from '../src/index.ts'
import { near, randomHash } from './stage.ts'

test('a walk of small changes of one picture is noticed once and stopped; other pictures and other keys go on', () => {
  const watch = new AskWatch({ perMinute: 10_000, perDay: 10_000, walk: 10 })
  const start = randomHash()
  const steps = Array.from({ length: 20 }, (_, i) => watch.ask('key-a', near(start, i), i * 1000))
  assert.deepEqual(
    steps.slice(0, 10).map(({ ok }) => ok),
    Array.from({ length: 10 }, () => true),
  )
  assert.deepEqual(steps[10], { ok: false, why: 'walk', retryAfterMs: 3_600_000, first: true })
  assert.ok(steps.slice(11).every((step) => !step.ok && !step.first))
  assert.deepEqual(watch.ask('key-a', randomHash(), 30_000), { ok: true })
  assert.deepEqual(watch.ask('key-b', near(start, 30), 30_000), { ok: true })
  assert.deepEqual(watch.ask('key-a', near(start, 30), 2 * 3_600_000), { ok: true })
})

test('asking often about the same hash, or about many different pictures, is no walk', () => {
  const watch = new AskWatch({ perMinute: 10_000, perDay: 10_000, walk: 10 })
  const hash = randomHash()
  for (let i = 0; i < 100; i++) assert.ok(watch.ask('key', hash, i).ok)
  for (let i = 0; i < 500; i++) assert.ok(watch.ask('key', randomHash(), i).ok)
})

test('a budget ends with its minute and its day, for one key alone', () => {
  const watch = new AskWatch({ perMinute: 3, perDay: 5, walk: 10 })
  const ask = (at: number, key = 'key') => watch.ask(key, null, at).ok
  assert.deepEqual([ask(0), ask(1), ask(2), ask(3)], [true, true, true, false])
  assert.ok(ask(4, 'other'))
  assert.deepEqual([ask(60_000), ask(60_001), ask(60_002)], [true, true, false])
  assert.ok(ask(24 * 3_600_000))
})
