import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import {
  calibration,
  detection,
  meanOf,
  median,
  pairedDifference,
  precisionAtTrueSize,
  quantile,
} from '../src/index.ts'

// Student 1908 (doi:10.2307/2331554): hours of sleep gained under two drugs, ten patients; t = 4.06 for the difference.
const FIRST = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2]
const SECOND = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]

test("Student's sleep data give the published paired difference", () => {
  const gain = pairedDifference(SECOND, FIRST)
  assert.ok(Math.abs(gain.value - 1.58) < 1e-9)
  assert.ok(Math.abs(gain.value / gain.standardError - 4.0621) < 1e-4)
  assert.ok(Math.abs(gain.low - 0.7001) < 1e-4 && Math.abs(gain.high - 2.4599) < 1e-4)
})

test('a mean says how little one value tells', () => {
  assert.equal(meanOf([2]).high, Number.POSITIVE_INFINITY)
  assert.ok(Number.isNaN(meanOf([]).value))
  assert.throws(() => pairedDifference([1], []), RangeError)
})

test('quantiles lie between order statistics', () => {
  assert.equal(median([3, 1, 2]), 2)
  assert.equal(quantile([1, 2, 3, 4], 0.25), 1.75)
  fc.assert(
    fc.property(
      fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 1 }),
      fc.double({ noNaN: true, min: 0, max: 1 }),
      (xs, p) => {
        const q = quantile(xs, p)
        assert.ok(q >= Math.min(...xs) - 1e-9 && q <= Math.max(...xs) + 1e-9)
      },
    ),
  )
})

test('precision, recall and F1 count each account once', () => {
  const score = detection(['a', 'b', 'b', 'x'], new Set(['a', 'b', 'c', 'd']))
  assert.equal(score.precision, 2 / 3)
  assert.equal(score.recall, 0.5)
  assert.ok(Math.abs(score.f1 - 4 / 7) < 1e-12)
  assert.equal(detection([], new Set(['a'])).f1, 0)
  assert.ok(Number.isNaN(detection([], new Set()).f1))
  assert.equal(precisionAtTrueSize(['a', 'x', 'b'], new Set(['a', 'b'])), 0.5)
})

test('F1 is the harmonic mean of precision and recall', () => {
  const names = fc.uniqueArray(fc.integer({ min: 0, max: 30 }), { minLength: 1 })
  fc.assert(
    fc.property(names, names, (returned, truth) => {
      const { precision, recall, f1 } = detection(returned, new Set(truth))
      const harmonic = precision + recall === 0 ? 0 : (2 * precision * recall) / (precision + recall)
      assert.ok(Math.abs(f1 - harmonic) < 1e-12)
    }),
  )
})

test('stated probabilities that come true have no calibration error, over-confident ones do', () => {
  const forecasts = (p: number, hits: number, of: number) =>
    Array.from({ length: of }, (_, i) => ({ probability: p, outcome: i < hits }))
  assert.equal(calibration([...forecasts(0.25, 25, 100), ...forecasts(0.75, 75, 100)]).error, 0)
  const bold = calibration(forecasts(0.95, 60, 100), { above: 0.1 })
  assert.ok(Math.abs(bold.error - 0.35) < 1e-9)
  assert.equal(bold.bins[0]!.count, 100)
  assert.ok(Number.isNaN(calibration(forecasts(0.05, 0, 10), { above: 0.1 }).error))
})
