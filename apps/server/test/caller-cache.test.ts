import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Caller } from '../src/access/caller.ts'
import { CallerCache } from '../src/access/caller-cache.ts'

const caller: Caller = {
  principal: { kind: 'api-key', id: 'key-1' },
  name: 'platform',
  roles: [],
  permissions: new Set(['verdicts']),
  byCookie: false,
}

function scene() {
  let now = 1_000
  const answers: ((caller: Caller | null) => void)[] = []
  const cache = new CallerCache(() => now)
  return {
    cache,
    answers,
    wait: (ms: number) => {
      now += ms
    },
    get: () => cache.get('token', () => new Promise((resolve) => answers.push(resolve))),
  }
}

test('many questions that arrive with an unknown key at once ask the store once', async () => {
  const { get, answers } = scene()
  const waiting = [get(), get(), get()]
  assert.equal(answers.length, 1)
  answers[0]!(caller)
  assert.deepEqual(await Promise.all(waiting), [caller, caller, caller])
})

test('a key in use is asked about again beside the questions: nobody waits while the store answers in time', async () => {
  const { get, answers, wait } = scene()
  const first = get()
  answers[0]!(caller)
  await first
  wait(499)
  assert.equal(get(), caller)
  assert.equal(answers.length, 1)
  wait(101)
  assert.equal(get(), caller)
  assert.equal(answers.length, 2)
  answers[1]!(caller)
  await new Promise(setImmediate)
  wait(900)
  assert.equal(get(), caller, 'counted from when the store was asked, 900 ms ago')
})

test('a key that ended in another process opens nothing once a second has passed, however slow the store is', async () => {
  const { get, answers, wait } = scene()
  const first = get()
  answers[0]!(caller)
  await first
  wait(600)
  assert.equal(get(), caller)
  wait(400)
  const late = get()
  assert.notEqual(late, caller, 'the store has not answered: the question waits')
  answers[1]!(null)
  assert.equal(await late, null)
})

test('a key revoked here opens nothing from then on, also when the store was being asked', async () => {
  const { cache, get, answers, wait } = scene()
  const first = get()
  answers[0]!(caller)
  await first
  wait(600)
  get()
  cache.forget()
  answers[1]!(caller)
  await new Promise(setImmediate)
  const next = get()
  assert.equal(answers.length, 3)
  answers[2]!(null)
  assert.equal(await next, null)
})

test('a store that fails is told to the question that waits for it, and to no other', async () => {
  let now = 0
  const cache = new CallerCache(() => now)
  await cache.get('token', async () => caller)
  now = 700
  const failing = () => Promise.reject(new Error('away'))
  assert.equal(cache.get('token', failing), caller)
  await new Promise(setImmediate)
  now = 1_000
  await assert.rejects(async () => cache.get('token', failing), /away/)
})
