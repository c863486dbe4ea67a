import assert from 'node:assert/strict'
import test from 'node:test'
import type { ExplainedVerdict, Surface } from '@firebreak/policy'
import { type VerdictRequest, type Walk, WalkWatch } from '../src/index.ts'

const ALLOW: ExplainedVerdict = { action: 'allow', reason: 'none', rule: null, internalReason: '' }
const DROP: ExplainedVerdict = { action: 'drop', reason: 'not-available', rule: 'text-listed', internalReason: '' }

/** A platform whose lexicon holds one phrase; the attacker sees what the watch lets through. */
function oracle(listed: string, viewer: string | null = 'viewer-1') {
  const walks: Walk[] = []
  const watch = new WalkWatch((walk) => walks.push(walk))
  let at = 0
  let asked = 0
  const ask = (text: string, surface: Surface = 'search'): string => {
    const request: VerdictRequest = {
      surface,
      subjects: [{ type: 'query', text }],
      ...(viewer === null ? {} : { viewer: { id: viewer } }),
    }
    asked++
    at += 1_000
    const verdict = text.includes(listed) ? DROP : ALLOW
    return watch.settle('key-1', request, [verdict], at)[0]!.action
  }
  return { ask, walks, asked: () => asked, later: (ms: number) => (at += ms) }
}

/** Shrinks a withheld text from both ends, as somebody would who wants to know the term. */
function shrink(ask: (text: string) => string, text: string): string {
  let found = text
  for (const end of ['start', 'end'] as const)
    for (;;) {
      const shorter = end === 'start' ? found.slice(1) : found.slice(0, -1)
      if (shorter.length === 0 || ask(shorter) === 'allow') break
      found = shorter
    }
  return found
}

/** The same by halving. */
function halve(ask: (text: string) => string, text: string): number {
  let [low, high] = [0, text.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (ask(text.slice(0, middle)) === 'allow') low = middle + 1
    else high = middle
  }
  return low
}

const TEXT = 'somebody sells a blue paper lantern near the harbour wall'

test('without the watch, shrinking a text finds the listed term: the attack is a real one', () => {
  const naked = (text: string) => (text.includes('paper lantern') ? 'drop' : 'allow')
  assert.equal(shrink(naked, TEXT), 'paper lantern')
  assert.equal(halve(naked, TEXT), TEXT.indexOf('paper lantern') + 'paper lantern'.length)
})

test('with it, shrinking and halving a text end nowhere near the term', () => {
  const found = shrink(oracle('paper lantern').ask, TEXT)
  assert.notEqual(found, 'paper lantern')
  assert.ok(found.length <= 3, found)
  const edge = halve(oracle('paper lantern').ask, TEXT)
  assert.notEqual(edge, TEXT.indexOf('paper lantern') + 'paper lantern'.length)
})

test('which of many candidate terms is listed shows no better than before, whatever the order of asking', () => {
  const hidden = 'seashell trade'
  const candidates = Array.from(
    { length: 24 },
    (_, i) => `${hidden.slice(0, 8)} tr${'abcdefghijklmnopqrstuvwxyz'[i]}de`,
  )
  const { ask } = oracle(hidden)
  const answers = new Map(candidates.map((one) => [one, ask(one)]))
  const again = candidates.map((one) => ask(one))
  assert.ok(new Set(again).size === 1, 'after the walk all of them answer alike')
  assert.ok([...answers.values()].includes('allow'))
})

test('who walks on is noticed once, with how many questions', () => {
  const { ask, walks } = oracle('paper lantern')
  shrink(ask, TEXT)
  for (let i = 0; i < 40; i++) ask(`paper lanter${i}`)
  assert.equal(walks.length, 1)
  assert.equal(walks[0]!.kind, 'text')
  assert.ok(walks[0]!.questions >= 12)
})

test('different questions of many people are left alone', () => {
  const walks: Walk[] = []
  const watch = new WalkWatch((walk) => walks.push(walk))
  for (let i = 0; i < 2_000; i++) {
    const text = i % 50 === 0 ? 'paper lantern' : `question number ${(i * 7919).toString(36)} about gardens`
    const verdict = text === 'paper lantern' ? DROP : ALLOW
    const request: VerdictRequest = {
      surface: 'search',
      viewer: { id: `viewer-${i}` },
      subjects: [{ type: 'query', text }],
    }
    assert.equal(watch.settle('key-1', request, [verdict], i)[0], verdict)
  }
  assert.equal(walks.length, 0)
})

test('varying recent contacts, context or place around one subject tells nothing once the answers differ', () => {
  const watch = new WalkWatch(() => {})
  const ask = (recent: string[], at: number): string => {
    const request: VerdictRequest = {
      surface: 'recommend_accounts',
      viewer: { id: 'viewer-1', recent },
      subjects: [{ type: 'account', id: 'acct-1' }],
    }
    const verdict = recent.includes('acct-77') ? DROP : ALLOW
    return watch.settle('key-1', request, [verdict], at)[0]!.action
  }
  const accounts = Array.from({ length: 128 }, (_, i) => `acct-${i}`)
  let left = accounts
  let at = 0
  while (left.length > 1) {
    const half = left.slice(0, left.length / 2)
    left = ask(half, ++at) === 'drop' ? half : left.slice(left.length / 2)
  }
  assert.notEqual(left[0], 'acct-77')
})

test('lists are not probes: recommenders ask about the same accounts all day', () => {
  const watch = new WalkWatch(() => assert.fail())
  const subjects = Array.from({ length: 20 }, (_, i) => ({ type: 'account', id: `acct-${i}` }))
  for (let i = 0; i < 500; i++) {
    const verdicts = subjects.map((_, n) => (n === i % 20 ? DROP : ALLOW))
    const request: VerdictRequest = { surface: 'recommend_accounts', viewer: { id: 'viewer-1' }, subjects }
    assert.equal(watch.settle('key-1', request, verdicts, i), verdicts)
  }
})

test('a walk is forgotten an hour after its last question', () => {
  const { ask, later } = oracle('paper lantern')
  for (const text of ['paper lantern', 'paper lanter', 'paper lante', 'paper lant']) ask(text)
  assert.equal(ask('paper lan'), 'drop')
  later(3_700_000)
  assert.equal(ask('paper lan'), 'allow')
})

test('a key has a budget of probes about texts for each minute', () => {
  const watch = new WalkWatch(() => {}, 10)
  const request: VerdictRequest = { surface: 'search', subjects: [{ type: 'query', text: 'gardens' }] }
  for (let i = 0; i < 10; i++) assert.ok(watch.mayAsk('key-1', request, i))
  assert.ok(!watch.mayAsk('key-1', request, 11))
  assert.ok(watch.mayAsk('key-2', request, 11))
  assert.ok(watch.mayAsk('key-1', request, 60_011))
})
