import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isFirebreakError } from '@firebreak/kernel'
import { formatVpdq, formatVpdqJson, matchVpdq, parseVpdq, type VpdqFeature } from '../src/index.ts'

/** A hash that differs from zero in the given number of leading bits, and in the bits of `tail` at its end. */
function hashWith(bits: number, tail = 0): string {
  const leading = (((1n << BigInt(bits)) - 1n) << BigInt(256 - bits)) | BigInt(tail)
  return leading.toString(16).padStart(64, '0')
}

function frames(hashes: readonly string[], quality = 100): VpdqFeature[] {
  return hashes.map((hash, frame) => ({ frame, quality, hash, seconds: frame / 2 }))
}

test('features survive their text form, and their exchange form without frame numbers', () => {
  const features = frames([hashWith(0), hashWith(9), hashWith(200)], 73)
  assert.equal(formatVpdq(features).split('\n')[1], `1,73,${hashWith(9)},0.500`)
  assert.deepEqual(parseVpdq(formatVpdq(features)), features)
  assert.deepEqual(parseVpdq(formatVpdqJson(features)), features)
  assert.deepEqual([parseVpdq(''), parseVpdq('[]'), formatVpdq([])], [[], [], ''])
})

test('a feature that is not one is refused with its place', () => {
  const hash = hashWith(3)
  const bad = [
    `0,101,${hash},0`,
    `0,50,${hash.slice(1)},0`,
    `x,50,${hash},0`,
    `0,50,${hash},-1`,
    `0,50,${hash}`,
    `0,50,${hash},0,9`,
    `0,,${hash},1`,
    '[',
    '[1]',
    '["50"]',
    '{"0":{}}',
  ]
  for (const text of bad)
    assert.throws(
      () => parseVpdq(text),
      (error) => isFirebreakError(error) && error.code === 'media/features',
      text,
    )
  assert.throws(() => parseVpdq(`0,50,${hash},0\nnothing`), /Line 2/)
})

test('frames match up to the distance, inclusive', () => {
  const bank = frames([hashWith(0)])
  assert.equal(matchVpdq(frames([hashWith(31)]), bank).match, true)
  assert.equal(matchVpdq(frames([hashWith(32)]), bank).match, false)
  assert.equal(matchVpdq(frames([hashWith(32)]), bank, { distance: 32 }).match, true)
})

test('a known clip inside a long video is found by the compared percentage, not by the query percentage', () => {
  const clip = frames([0, 60, 120, 180].map((bits) => hashWith(bits)))
  const long = [...clip, ...frames([40, 80, 100, 140, 160, 220].map((bits) => hashWith(bits, 2 ** 35 - 1)))]
  const result = matchVpdq(long, clip)
  assert.deepEqual([result.queryPercent, result.comparedPercent], [40, 100])
  assert.equal(result.match, false)
  assert.equal(matchVpdq(long, clip, { queryPercent: 0, comparedPercent: 80 }).match, true)
})

test('repeated and poor frames do not count, on either side', () => {
  const known = frames([hashWith(0), hashWith(100)])
  const padded = [...known, ...frames(Array(50).fill(hashWith(0))), ...frames([hashWith(200), hashWith(240)], 49)]
  assert.deepEqual(matchVpdq(padded, known), { match: true, queryPercent: 100, comparedPercent: 100 })
})

test('nothing matches where no frame is good enough, even under a rule of 0 %', () => {
  const rule = { queryPercent: 0, comparedPercent: 0 }
  const poor = frames([hashWith(0)], 10)
  for (const [a, b] of [
    [poor, frames([hashWith(0)])],
    [frames([hashWith(0)]), poor],
    [[], []],
    [frames([hashWith(0)]), frames([hashWith(128)])],
  ] as const)
    assert.equal(matchVpdq(a, b, rule).match, false)
})
