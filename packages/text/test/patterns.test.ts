import assert from 'node:assert/strict'
import test from 'node:test'
import { isFirebreakError } from '@firebreak/kernel'
import { OperatorPatterns, PATTERN_LIMITS } from '../src/index.ts'

const steady = () => 0
const patterns = (...given: string[]) =>
  new OperatorPatterns(
    given.map((pattern, i) => ({ id: `p${i}`, pattern })),
    steady,
  )
const refuses = (code: string, run: () => unknown) =>
  assert.throws(run, (error) => isFirebreakError(error) && error.code === code)

test('Operator patterns match whatever the letter case, and are located on request', () => {
  const list = patterns('paper\\s+lanterns?', '\\bsea\\w+')
  const text = 'a PAPER  lantern'
  assert.deepEqual(
    list.matching(text).map((entry) => entry.id),
    ['p0'],
  )
  assert.deepEqual(list.locate(text, 'p0'), { start: 2, end: 16 })
  assert.equal(list.locate(text, 'p1'), undefined)
})

test('What only a backtracking engine offers is refused: look-around, back references', () => {
  for (const pattern of ['(?=a)b', '(a)\\1', '(', 'a{2,1}']) refuses('text/pattern-invalid', () => patterns(pattern))
})

test('Too many, too long, too large patterns and those that match everything are refused', () => {
  refuses('text/pattern-limit', () => patterns(...Array.from({ length: PATTERN_LIMITS.count + 1 }, () => 'a')))
  refuses('text/pattern-limit', () => patterns('a'.repeat(PATTERN_LIMITS.length + 1)))
  refuses('text/pattern-limit', () => patterns('((a{0,30}){0,30})b'))
  refuses('text/pattern-limit', () => patterns('a*'))
})

test('A pattern that took too long on every hostile text is refused', () => {
  let clock = 0
  refuses(
    'text/pattern-limit',
    () =>
      new OperatorPatterns([{ id: 'slow', pattern: 'ab' }], () => (clock += 4)) &&
      new OperatorPatterns([{ id: 'slow', pattern: 'ab' }], () => (clock += 6)),
  )
})

test('Text beyond the limit is not read', () => {
  assert.equal(patterns('shell').matching(`${'a'.repeat(PATTERN_LIMITS.text)}shell`).length, 0)
})
